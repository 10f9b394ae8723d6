//! What goes out to others: to real listeners on this machine, as an operating system would bring it there.

use std::time::Duration;

use idp::outbound::{Answered, NotSent, Outbound};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use url::Url;

/// Posts to `http://localhost:PORT` alone: everything else is not there.
pub(crate) struct Loopback;

impl Outbound for Loopback {
    fn post_form(&self, to: &str, body: String) -> Answered {
        let url = Url::parse(to).unwrap();
        Box::pin(async move {
            let answer = async {
                let port = url.port().filter(|_| url.host_str() == Some("localhost")).ok_or("nobody is there")?;
                post(port, &url, &body).await.map_err(|_| "the connection broke")
            };
            let answer = tokio::time::timeout(Duration::from_secs(5), answer).await;
            answer.unwrap_or(Err("too slow")).map_err(|cause| NotSent(cause.to_owned()))
        })
    }
}

async fn post(port: u16, url: &Url, body: &str) -> std::io::Result<u16> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let head = format!("POST {target} HTTP/1.1\r\nhost: {}\r\ncontent-length: {}\r\n\r\n", url.authority(), body.len());
    stream.write_all(format!("{head}{body}").as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
    status.ok_or_else(|| std::io::ErrorKind::InvalidData.into())
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
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (seen, requests) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            let mut statuses = statuses.iter();
            let mut status = statuses.next().copied().unwrap();
            while let Ok((stream, _)) = listener.accept().await {
                let Some(request) = answer(stream, status).await else { continue };
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

async fn answer(mut stream: TcpStream, status: u16) -> Option<(String, String)> {
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
        let answer = format!("HTTP/1.1 {status} Answer\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        stream.write_all(answer.as_bytes()).await.ok()?;
        return Some((target, body.to_owned()));
    }
}
