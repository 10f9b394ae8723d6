//! The way back from the browser: a redirect to this machine (RFC 8252 §7.3), taken once.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

use crate::error::{Error, Refusal};

/// Listens on a port that the system picks, on the loopback address alone (§8.3).
pub(crate) struct Loopback {
    listener: TcpListener,
    pub(crate) redirect_uri: String,
}

/// What must stand in the redirect.
pub(crate) struct Awaited<'a> {
    pub(crate) state: &'a str,
    pub(crate) issuer: &'a str,
    /// Whether the issuer always names itself (RFC 9207 §2.3).
    pub(crate) names_issuer: bool,
}

impl Loopback {
    pub(crate) async fn open() -> Result<Self, Error> {
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(Error::Browser)?;
        let port = listener.local_addr().map_err(Error::Browser)?.port();
        Ok(Self { listener, redirect_uri: format!("http://127.0.0.1:{port}{PATH}") })
    }

    /// The code, from the redirect with the right state. All else that comes is answered and forgotten: any program and any
    /// page on this machine can reach this port.
    pub(crate) async fn code(self, awaited: &Awaited<'_>, patience: Duration) -> Result<String, Error> {
        let waiting = async {
            loop {
                let (mut stream, _) = self.listener.accept().await.map_err(Error::Browser)?;
                let target = tokio::time::timeout(READ, target(&mut stream)).await.ok().flatten();
                let verdict = target.as_deref().and_then(|target| verdict(target, awaited));
                let page = match &verdict {
                    Some(Ok(_)) => DONE,
                    Some(Err(_)) => NOT_DONE,
                    None => NOTHING,
                };
                let _ = tokio::time::timeout(READ, stream.write_all(page.as_bytes())).await;
                let _ = stream.shutdown().await;
                if let Some(verdict) = verdict {
                    return verdict;
                }
            }
        };
        tokio::time::timeout(patience, waiting).await.unwrap_or(Err(Error::NotFinished))
    }
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

/// RFC 6749 §4.1.2 and §10.12, RFC 9207 §2.4. None where it is not the redirect that is awaited.
fn verdict(target: &str, awaited: &Awaited<'_>) -> Option<Result<String, Error>> {
    let url = Url::parse("http://127.0.0.1").ok()?.join(target).ok().filter(|url| url.path() == PATH)?;
    let mut found: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    found.sort();
    let one = |name: &str| {
        let mut values = found.iter().filter(|(one, _)| one == name).map(|(_, value)| value.as_str());
        values.next().filter(|_| values.next().is_none())
    };
    if !one("state").is_some_and(|state| jose::constant_time_eq(state.as_bytes(), awaited.state.as_bytes())) {
        return None;
    }
    let issuer = one("iss");
    if issuer.map_or(awaited.names_issuer, |issuer| issuer != awaited.issuer) {
        return Some(Err(Error::Answer("the redirect is another issuer's".to_owned())));
    }
    if let Some(code) = one("error") {
        let description = one("error_description").map(str::to_owned);
        return Some(Err(Refusal { code: code.to_owned(), description, goes_on_at: None }.into()));
    }
    Some(one("code").map(str::to_owned).ok_or_else(|| Error::Answer("the redirect has no code".to_owned())))
}

const PATH: &str = "/callback";
const MOST_HEAD: usize = 8 * 1024;
const READ: Duration = Duration::from_secs(5);
/// Without scripts, and nothing of what came: the code would stay in the history otherwise than it must.
const DONE: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\ncache-control: no-store\r\nreferrer-policy: no-referrer\r\ncontent-security-policy: default-src 'none'\r\nconnection: close\r\n\r\n<!doctype html><title>Signed in</title><p>You are signed in. You can close this page and go back to the app.";
const NOT_DONE: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\ncache-control: no-store\r\nreferrer-policy: no-referrer\r\ncontent-security-policy: default-src 'none'\r\nconnection: close\r\n\r\n<!doctype html><title>Not signed in</title><p>You are not signed in. Go back to the app to try again.";
const NOTHING: &str = "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_redirect_that_is_awaited_counts() {
        let awaited = Awaited { state: "s", issuer: "https://id.example", names_issuer: true };
        let said = |target: &str| match verdict(target, &awaited) {
            None => "nothing".to_owned(),
            Some(Ok(code)) => code,
            Some(Err(error)) => error.to_string(),
        };
        let iss = "iss=https%3A%2F%2Fid.example";
        for (target, expected) in [
            (format!("/callback?code=c&state=s&{iss}"), "c"),
            (format!("/callback?code=c&state=other&{iss}"), "nothing"),
            (format!("/callback?code=c&{iss}"), "nothing"),
            (format!("/callback?code=c&state=s&state=s&{iss}"), "nothing"),
            (format!("/other?code=c&state=s&{iss}"), "nothing"),
            ("/favicon.ico".to_owned(), "nothing"),
            (format!("/callback?error=access_denied&state=s&{iss}"), "access_denied"),
            (format!("/callback?state=s&{iss}"), "the provider's answer is not believed: the redirect has no code"),
            (
                format!("/callback?code=a&code=b&state=s&{iss}"),
                "the provider's answer is not believed: the redirect has no code",
            ),
            (
                "/callback?code=c&state=s".to_owned(),
                "the provider's answer is not believed: the redirect is another issuer's",
            ),
            (
                "/callback?code=c&state=s&iss=https%3A%2F%2Fevil.example".to_owned(),
                "the provider's answer is not believed: the redirect is another issuer's",
            ),
        ] {
            assert_eq!(said(&target), expected, "{target}");
        }
    }
}
