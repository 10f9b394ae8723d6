//! The way back from the browser: a redirect to this machine (RFC 8252 §7.3), taken once.

use std::io::ErrorKind;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use url::Url;

use crate::error::Error;
use crate::redirect::{Awaited, code_of};

/// Listens on a port that the system picks, on the loopback address alone (§8.3).
pub(crate) struct Loopback {
    listener: TcpListener,
    pub(crate) redirect_uri: String,
}

impl Loopback {
    pub(crate) async fn open() -> Result<Self, Error> {
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(Error::Browser)?;
        let port = listener.local_addr().map_err(Error::Browser)?.port();
        Ok(Self { listener, redirect_uri: format!("http://127.0.0.1:{port}{PATH}") })
    }

    /// The code, from the redirect with the right state. All else that comes is answered and forgotten: any program and any
    /// page on this machine can reach this port. Browsers open connections on which nothing is said, too: nobody waits for those.
    pub(crate) async fn code(self, awaited: &Awaited<'_>, patience: Duration) -> Result<String, Error> {
        let waiting = async {
            let mut heard = JoinSet::new();
            loop {
                tokio::select! {
                    accepted = self.listener.accept(), if heard.len() < MOST_AT_ONCE => match accepted {
                        Ok((stream, _)) => drop(heard.spawn(hear(stream))),
                        // Whoever had come may have gone again.
                        Err(error) if error.kind() == ErrorKind::ConnectionAborted => {}
                        Err(error) => return Err(Error::Browser(error)),
                    },
                    Some(Ok((stream, target))) = heard.join_next() => {
                        let url = target.as_deref().and_then(landed);
                        let verdict = url.and_then(|url| code_of(&url, awaited));
                        answer(stream, verdict.as_ref()).await;
                        if let Some(verdict) = verdict {
                            return verdict;
                        }
                    }
                }
            }
        };
        tokio::time::timeout(patience, waiting).await.unwrap_or(Err(Error::NotFinished))
    }
}

/// A connection, and what it asks for.
async fn hear(mut stream: TcpStream) -> (TcpStream, Option<String>) {
    let target = tokio::time::timeout(READ, target(&mut stream)).await.ok().flatten();
    (stream, target)
}

async fn answer(mut stream: TcpStream, verdict: Option<&Result<String, Error>>) {
    let page = match verdict {
        Some(Ok(_)) => DONE,
        Some(Err(_)) => NOT_DONE,
        None => NOTHING,
    };
    let _ = tokio::time::timeout(READ, stream.write_all(page.as_bytes())).await;
    let _ = stream.shutdown().await;
}

/// What the request line of a GET names; nothing where it is none.
async fn target(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() >= MOST_HEAD {
            return None;
        }
        head.push(stream.read_u8().await.ok()?);
    }
    let line = std::str::from_utf8(&head).ok()?.lines().next()?;
    let mut words = line.split(' ');
    (words.next()? == "GET").then(|| words.next().map(str::to_owned)).flatten()
}

/// Where a request on this port goes, if it is where the redirect leads.
fn landed(target: &str) -> Option<Url> {
    Url::parse("http://127.0.0.1").ok()?.join(target).ok().filter(|url| url.path() == PATH)
}

const PATH: &str = "/callback";
const MOST_HEAD: usize = 8 * 1024;
const READ: Duration = Duration::from_secs(5);
const MOST_AT_ONCE: usize = 64;
/// Without scripts, and nothing of what came: the code would stay in the history otherwise than it must.
const DONE: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\ncache-control: no-store\r\nreferrer-policy: no-referrer\r\ncontent-security-policy: default-src 'none'\r\nconnection: close\r\n\r\n<!doctype html><title>Signed in</title><p>You are signed in. You can close this page and go back to the app.";
const NOT_DONE: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\ncache-control: no-store\r\nreferrer-policy: no-referrer\r\ncontent-security-policy: default-src 'none'\r\nconnection: close\r\n\r\n<!doctype html><title>Not signed in</title><p>You are not signed in. Go back to the app to try again.";
const NOTHING: &str = "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

#[cfg(test)]
mod tests {
    use super::landed;

    #[test]
    fn only_the_redirects_path_counts() {
        for (target, counts) in
            [("/callback?code=c", true), ("/other?code=c", false), ("/favicon.ico", false), ("", false)]
        {
            assert_eq!(landed(target).is_some(), counts, "{target}");
        }
    }
}
