//! What goes out to others: to real listeners on this machine, by the fetcher that the product uses.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use idp::clock::{Clock as _, HandTurnedClock};
use idp::outbound::{Answered, Documents, Fetched, Fetching, Get, Keys, NotSent, Outbound, Wanted};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use verify::fetch::{Fetch as _, Fetcher, Reach, Request, Resolve, Resolving};
use verify::sets::{self, KeySets};

/// Talks to this machine alone: no name leads anywhere.
pub(crate) struct Loopback {
    fetcher: Fetcher,
    keys: KeySets,
    documents: sets::Documents,
}

impl Loopback {
    /// One whose key sets and documents age by this clock.
    pub(crate) fn new(clock: Arc<HandTurnedClock>) -> Self {
        let fetcher = Fetcher::new(Reach::public().and_loopback()).resolver(Arc::new(Nowhere));
        let clock = Arc::new(Turned(clock));
        let keys = KeySets::new(Arc::new(fetcher.clone()), Arc::clone(&clock) as _);
        let documents = sets::Documents::new(Arc::new(fetcher.clone()), clock);
        Self { fetcher, keys, documents }
    }
}

struct Nowhere;

impl Resolve for Nowhere {
    fn resolve(&self, _: &str) -> Resolving {
        Box::pin(async { Err(std::io::ErrorKind::NotFound.into()) })
    }
}

/// A house's clock, for the libraries that apps and APIs use.
pub struct Turned(pub Arc<HandTurnedClock>);

impl verify::clock::Clock for Turned {
    fn now_ms(&self) -> i64 {
        self.0.now().millis()
    }
}

impl Outbound for Loopback {
    fn post_form(&self, to: &str, body: String) -> Answered {
        let answer = self.fetcher.fetch(Request::post_form(to, body).at_most(0).within(Duration::from_secs(5)));
        Box::pin(async { Ok(answer.await.map_err(not_sent)?.status) })
    }

    fn get(&self, asked: Get) -> Fetching {
        let request = Request::get(asked.from).at_most(asked.most_bytes).within(asked.within);
        let request = asked.headers.iter().fold(request, |request, (name, value)| request.header(name, *value));
        let answer = self.fetcher.fetch(request);
        Box::pin(async {
            let answer = answer.await.map_err(not_sent)?;
            Ok(Fetched { status: answer.status, body: answer.body })
        })
    }

    fn keys(&self, url: &str, wanted: Wanted) -> Keys {
        let source = self.keys.at(url);
        Box::pin(async move {
            match wanted {
                Wanted::Serving { kid, alg } => source.keys_for(kid.as_deref(), alg).await.map_err(not_sent),
                Wanted::NewerThan(keys) => source.newer(&keys).await.ok_or_else(|| NotSent("none is newer".to_owned())),
            }
        })
    }

    fn document(&self, url: &str, newer_than: Option<Arc<Vec<u8>>>) -> Documents {
        let source = self.documents.at(url);
        Box::pin(async move { source.get(newer_than.as_ref()).await.map_err(not_sent) })
    }
}

fn not_sent(error: impl std::fmt::Display) -> NotSent {
    NotSent(error.to_string())
}

/// A server of an app, on a port of its own: it gives each status once, in turn, and the last for ever.
pub struct Listener {
    /// Its port.
    pub port: u16,
    body: Arc<Mutex<String>>,
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
        let body = Arc::new(Mutex::new(body));
        let with = Arc::clone(&body);
        tokio::spawn(async move {
            let mut statuses = statuses.iter();
            let mut status = statuses.next().copied().unwrap();
            while let Ok((stream, _)) = listener.accept().await {
                let body = with.lock().unwrap().clone();
                let Some(request) = answer(stream, status, &body).await else { continue };
                status = statuses.next().copied().unwrap_or(status);
                if seen.send(request).is_err() {
                    return;
                }
            }
        });
        Self { port, body, requests }
    }

    /// Answers with another body from now on.
    pub fn says(&self, body: String) {
        *self.body.lock().unwrap() = body;
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
