//! What goes out to others: to real listeners on this machine, as an operating system would bring it there.

use std::time::Duration;

use idp::outbound::{Answered, Fetched, Fetching, Get, NotSent, Outbound};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use url::Url;

/// Talks to `http://localhost:PORT` alone: everything else is not there.
pub(crate) struct Loopback;

impl Outbound for Loopback {
    fn post_form(&self, to: &str, body: String) -> Answered {
        let url = Url::parse(to).unwrap();
        Box::pin(async move {
            let head = format!("content-length: {}\r\n", body.len());
            within(Duration::from_secs(5), ask("POST", &url, &head, &body)).await.map(|fetched| fetched.status)
        })
    }

    fn get(&self, asked: Get) -> Fetching {
        let url = Url::parse(&asked.from).unwrap();
        let head: String = asked.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        Box::pin(async move {
            let fetched = within(asked.within, ask("GET", &url, &head, "")).await?;
            match fetched.body.len() > asked.most_bytes {
                true => Err(NotSent("too long".to_owned())),
                false => Ok(fetched),
            }
        })
    }
}

async fn within(
    longest: Duration,
    answer: impl Future<Output = Result<Fetched, &'static str>>,
) -> Result<Fetched, NotSent> {
    let answer = tokio::time::timeout(longest, answer).await;
    answer.unwrap_or(Err("too slow")).map_err(|cause| NotSent(cause.to_owned()))
}

async fn ask(method: &str, url: &Url, head: &str, body: &str) -> Result<Fetched, &'static str> {
    let port = url.port().filter(|_| url.host_str() == Some("localhost")).ok_or("nobody is there")?;
    let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let request = format!("{method} {target} HTTP/1.1\r\nhost: {}\r\n{head}\r\n{body}", url.authority());
    let answer = exchange(port, &request).await.map_err(|_| "the connection broke")?;
    let (head, body) = answer.split_once("\r\n\r\n").ok_or("no answer")?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or("no status")?;
    Ok(Fetched { status, body: body.as_bytes().to_vec() })
}

async fn exchange(port: u16, request: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

/// A server of an app, on a port of its own: it gives each status once, in turn, and the last for ever.
pub struct Listener {
    /// Its port.
    pub port: u16,
    requests: mpsc::UnboundedReceiver<(String, String)>,
}

impl Listener {
    /// Listens and answers by these.
    pub async fn answering(statuses: &'static [u16]) -> Self {
        Self::answering_with(statuses, String::new()).await
    }

    /// Listens and answers by these, each time with this body.
    pub async fn answering_with(statuses: &'static [u16], body: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (seen, requests) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            let mut statuses = statuses.iter();
            let mut status = statuses.next().copied().unwrap();
            while let Ok((stream, _)) = listener.accept().await {
                let Some(request) = answer(stream, status, &body).await else { continue };
                status = statuses.next().copied().unwrap_or(status);
                if seen.send(request).is_err() {
                    return;
                }
            }
        });
        Self { port, requests }
    }

    /// The next request: its target and its body. Waits for it.
    pub async fn next(&mut self) -> (String, String) {
        let next = tokio::time::timeout(Duration::from_secs(10), self.requests.recv()).await;
        next.unwrap().unwrap()
    }

    /// Whether a request has come that [`Self::next`] has not given.
    pub fn has_more(&self) -> bool {
        !self.requests.is_empty()
    }
}

async fn answer(mut stream: TcpStream, status: u16, with: &str) -> Option<(String, String)> {
    let mut text = String::new();
    let mut buffer = [0; 4096];
    loop {
        let read = stream.read(&mut buffer).await.ok().filter(|read| *read > 0)?;
        text.push_str(std::str::from_utf8(&buffer[..read]).ok()?);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
        if body.len() < length.unwrap_or_default() {
            continue;
        }
        let target = head.split(' ').nth(1)?.to_owned();
        let length = with.len();
        let answer = format!("HTTP/1.1 {status} Answer\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{with}");
        stream.write_all(answer.as_bytes()).await.ok()?;
        return Some((target, body.to_owned()));
    }
}
