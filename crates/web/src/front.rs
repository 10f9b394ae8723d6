//! What the process in front of the router and the router tell each other about a request.

use std::net::IpAddr;

use axum::extract::MatchedPath;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{CONNECTION, CONTENT_TYPE};

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

/// The answer to a request that did not come to its end in time (RFC 9110 §15.5.9).
pub fn too_slow() -> Response {
    (StatusCode::REQUEST_TIMEOUT, [(CONNECTION, "close")]).into_response()
}

/// An answer that is a text and nothing else.
pub fn text(content_type: &'static str, text: String) -> Response {
    ([(CONTENT_TYPE, content_type)], text).into_response()
}
