//! What the process in front of the router and the router tell each other about a request.

use std::net::IpAddr;

use axum::extract::MatchedPath;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{CONNECTION, CONTENT_TYPE};

use crate::sites;

/// Who asks, as far as is known: a request's extension, put there by whoever accepted the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

/// What a trusted proxy says of the request that it asks about: a request's extension, put there by whoever knows which
/// proxies are trusted. The headers themselves are nobody's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forwarded {
    /// `X-Forwarded-Host`.
    pub host: Option<String>,
    /// `X-Forwarded-Uri`: the request target as it came.
    pub uri: Option<String>,
    /// `X-Original-URL`: the whole address.
    pub original_url: Option<String>,
}

/// The pattern of the path that was matched, such as `/signin/{step}`: an answer's extension, for metrics.
#[derive(Clone, Debug)]
pub struct Route(MatchedPath);

impl Route {
    pub(crate) fn new(matched: MatchedPath) -> Self {
        Self(matched)
    }

    /// The pattern.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// What is said to a request that does not come to its end in time. It is asked while the request is still there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Late {
    /// RFC 9110 §15.5.9.
    TimedOut,
    /// To nginx, which asks about another request and understands 2xx, 401 and 403 alone.
    Refused,
}

impl Late {
    /// For a request of this path, of which a proxy says this.
    pub fn of(path: &str, forwarded: &Forwarded) -> Self {
        match path == sites::PATH && forwarded.original_url.is_some() {
            true => Self::Refused,
            false => Self::TimedOut,
        }
    }

    /// The answer.
    pub fn answer(self) -> Response {
        let status = match self {
            Self::TimedOut => StatusCode::REQUEST_TIMEOUT,
            Self::Refused => StatusCode::FORBIDDEN,
        };
        (status, [(CONNECTION, "close")]).into_response()
    }
}

/// An answer that is a text and nothing else.
pub fn text(content_type: &'static str, text: String) -> Response {
    ([(CONTENT_TYPE, content_type)], text).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nginx_is_told_a_status_that_it_understands() {
        let nginx = Forwarded { original_url: Some("https://wiki.example.com/".to_owned()), ..Forwarded::default() };
        for (path, forwarded, status) in [
            ("/forward-auth", &nginx, 403),
            ("/forward-auth", &Forwarded::default(), 408),
            ("/oauth2/token", &nginx, 408),
        ] {
            let answer = Late::of(path, forwarded).answer();
            assert_eq!((answer.status().as_u16(), answer.headers()[CONNECTION].as_bytes()), (status, &b"close"[..]));
        }
    }
}
