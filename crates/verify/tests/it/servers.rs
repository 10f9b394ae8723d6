//! What tests talk to: servers on this machine, a resolver to rebind, a clock to turn.

use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use vestibule_verify::clock::Clock;
use vestibule_verify::fetch::{Answer, Fetch, FetchError, Fetching, Request, Resolve, Resolving};

/// A clock that stands until it is turned.
pub(crate) struct Turned(AtomicI64);

impl Turned {
    pub(crate) fn at(now_ms: i64) -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(now_ms)))
    }

    pub(crate) fn advance(&self, span: Duration) {
        self.0.fetch_add(span.as_millis() as i64, Ordering::SeqCst);
    }
}

impl Clock for Turned {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// Gives these answers one after the other, the last for ever, and counts how often it was asked.
#[derive(Default)]
pub(crate) struct Rebinding {
    answers: Mutex<VecDeque<Vec<IpAddr>>>,
    pub(crate) asked: AtomicUsize,
}

impl Rebinding {
    pub(crate) fn to(answers: &[&[&str]]) -> Arc<Self> {
        let parse = |texts: &&[&str]| texts.iter().map(|text| text.parse().unwrap()).collect();
        Arc::new(Self { answers: Mutex::new(answers.iter().map(parse).collect()), asked: AtomicUsize::new(0) })
    }
}

impl Resolve for Rebinding {
    fn resolve(&self, _: &str) -> Resolving {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let mut answers = self.answers.lock().unwrap();
        let answer = if answers.len() > 1 { answers.pop_front() } else { answers.front().cloned() };
        Box::pin(async move { Ok(answer.unwrap_or_default()) })
    }
}

/// A server that reads each request's head and then does as it is told; counts connections.
pub(crate) struct Server {
    pub(crate) port: u16,
    pub(crate) connections: Arc<AtomicUsize>,
    pub(crate) heads: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub(crate) async fn start<F, A>(act: F) -> Self
    where
        F: Fn(TcpStream) -> A + Send + Sync + 'static,
        A: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (connections, heads) = (Arc::new(AtomicUsize::new(0)), Arc::<Mutex<Vec<String>>>::default());
        let (counted, kept, act) = (Arc::clone(&connections), Arc::clone(&heads), Arc::new(act));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                let (kept, act) = (Arc::clone(&kept), Arc::clone(&act));
                tokio::spawn(async move {
                    let mut head = Vec::new();
                    while !head.ends_with(b"\r\n\r\n") {
                        let Ok(byte) = stream.read_u8().await else { return };
                        head.push(byte);
                    }
                    kept.lock().unwrap().push(String::from_utf8(head).unwrap());
                    act(stream).await;
                });
            }
        });
        Self { port, connections, heads }
    }

    /// Always the same bytes.
    pub(crate) async fn saying(answer: impl Into<String>) -> Self {
        let answer: Arc<str> = answer.into().into();
        Self::start(move |mut stream| {
            let answer = Arc::clone(&answer);
            async move {
                let _ = stream.write_all(answer.as_bytes()).await;
                let _ = stream.shutdown().await;
            }
        })
        .await
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

/// A provider without a network: what it says can be changed, and how often it was asked is counted.
pub(crate) struct Provider {
    answer: Mutex<Option<Answer>>,
    pub(crate) asked: AtomicUsize,
    pub(crate) requests: Mutex<Vec<Request>>,
}

impl Provider {
    pub(crate) fn saying(body: impl Into<Vec<u8>>, headers: &[(&'static str, &str)]) -> Arc<Self> {
        let provider = Self { answer: Mutex::new(None), asked: AtomicUsize::new(0), requests: Mutex::default() };
        provider.says(200, body, headers);
        Arc::new(provider)
    }

    pub(crate) fn says(&self, status: u16, body: impl Into<Vec<u8>>, headers: &[(&'static str, &str)]) {
        let headers = headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        *self.answer.lock().unwrap() = Some(Answer { status, headers, body: body.into() });
    }

    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl Fetch for Provider {
    fn fetch(&self, request: Request) -> Fetching {
        self.asked.fetch_add(1, Ordering::SeqCst);
        self.requests.lock().unwrap().push(request);
        let answer = self.answer.lock().unwrap().clone();
        Box::pin(async move {
            tokio::time::sleep(Duration::from_millis(20)).await;
            answer.ok_or(FetchError::TooSlow(Duration::from_secs(5)))
        })
    }
}
