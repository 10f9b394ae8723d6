//! Requests through the system's own network, where the app wants that: its proxies, its roots, its pins.

use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue};
use vestibule_verify::fetch::{Answer, Fetch, FetchError, Fetching, Request};

use crate::error::PlatformError;

/// The app's way to the provider. It follows no redirects, and keeps no cookies. Calls may block.
#[uniffi::export(with_foreign)]
pub trait Network: Send + Sync {
    /// Sends a request and gives its answer, whatever the status.
    fn send(&self, request: HttpRequest) -> Result<HttpAnswer, PlatformError>;
}

/// A request.
#[derive(uniffi::Record)]
pub struct HttpRequest {
    /// `GET`, `POST` or `DELETE`.
    pub method: String,
    /// Where it goes.
    pub url: String,
    /// What it says, `content-type` included.
    pub headers: Vec<HttpHeader>,
    /// What is sent.
    pub body: Option<String>,
}

/// A header.
#[derive(uniffi::Record)]
pub struct HttpHeader {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// An answer.
#[derive(uniffi::Record)]
pub struct HttpAnswer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: Vec<HttpHeader>,
    /// The body: 512 KiB at most are taken.
    pub body: Vec<u8>,
}

/// One of the app's, for the core.
pub(crate) struct Sent(pub(crate) Arc<dyn Network>);

impl Fetch for Sent {
    fn fetch(&self, request: Request) -> Fetching {
        let network = Arc::clone(&self.0);
        Box::pin(async move {
            let sent = tokio::task::spawn_blocking(move || network.send(written(&request))).await;
            let answer = sent.map_err(|error| FetchError::Http(error.to_string()))?;
            read(answer.map_err(|error| FetchError::Http(error.to_string()))?)
        })
    }
}

fn written(request: &Request) -> HttpRequest {
    let header = |(name, value): (&str, &str)| HttpHeader { name: name.to_owned(), value: value.to_owned() };
    let kind = request.body().map(|(kind, _)| ("content-type", kind));
    HttpRequest {
        method: request.method().to_owned(),
        url: request.url().to_owned(),
        headers: kind.into_iter().chain(request.headers()).map(header).collect(),
        body: request.body().map(|(_, body)| body.to_owned()),
    }
}

fn read(answer: HttpAnswer) -> Result<Answer, FetchError> {
    if answer.body.len() > MOST_BYTES {
        return Err(FetchError::TooLong(MOST_BYTES));
    }
    // What is no header as HTTP has it is nothing that the core asks for.
    let headers = answer.headers.iter().filter_map(|header| {
        let name = HeaderName::from_bytes(header.name.as_bytes()).ok()?;
        Some((name, HeaderValue::from_str(&header.value).ok()?))
    });
    Ok(Answer { status: answer.status, headers: headers.collect::<HeaderMap>(), body: answer.body })
}

const MOST_BYTES: usize = 512 * 1024;
