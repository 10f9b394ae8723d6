//! What every request passes on its way in, and its answer on the way out: limits, the trace, who may read it, the
//! line in the log.
//!
//! One layer of our own. Axum's `from_fn` copies the whole service below it for each request: four of them cost twice
//! what answering with the key set does.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, HttpBody as _};
use axum::extract::{MatchedPath, Request};
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};
use http_body_util::Limited;
use tower::{Layer, Service};
use tracing::Instrument as _;

use crate::app::App;
use crate::cors::Readers;
use crate::front::{Peer, Route};
use crate::sites;
use crate::visit::Trace;

/// The layer; `readers` are the origins whose pages may read the answers.
#[derive(Clone)]
pub(crate) struct Passage {
    pub(crate) app: App,
    pub(crate) readers: Readers,
}

/// A service behind it.
#[derive(Clone)]
pub(crate) struct Behind<S> {
    passage: Passage,
    inner: S,
}

impl<S> Layer<S> for Passage {
    type Service = Behind<S>;

    fn layer(&self, inner: S) -> Behind<S> {
        Behind { passage: self.clone(), inner }
    }
}

impl<S> Service<Request> for Behind<S>
where
    S: Service<Request, Response = Response, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        let Passage { app, readers } = self.passage.clone();
        let trace = app.next_trace();
        let peer = request.extensions().get::<Peer>().map(|Peer(address)| tracing::field::display(*address));
        // Every line of the log that is written on the way names the trace.
        let span = tracing::info_span!("request", trace, peer);
        let (method, uri) = (request.method().clone(), request.uri().clone());
        let route = request.extensions().get::<MatchedPath>().cloned().map(Route::new);
        let asked = readers.asked(&request);
        let early = limited(&mut request).or_else(|| asked.preflight());
        request.extensions_mut().insert(Trace(trace.clone()));
        let answer = early.map_or_else(|| Way::On(self.inner.call(request)), Way::Back);
        let work = async move {
            let mut response = match answer {
                Way::On(answer) => answer.await?,
                Way::Back(early) => early,
            };
            asked.allow(&app, &mut response).await;
            leave(&method, &uri, trace, route, &mut response);
            Ok(response)
        };
        Box::pin(work.instrument(span))
    }
}

/// Where a request goes.
enum Way<F> {
    /// To its handler.
    On(F),
    /// No further: this is its answer.
    Back(Response),
}

/// Every answer names its trace. The log has a line for each that was refused; for the others only when it is to be
/// told more, since a line costs half of what the answer does, and who counts requests reads the metrics.
fn leave(method: &http::Method, uri: &http::Uri, trace: String, route: Option<Route>, response: &mut Response) {
    let (path, status) = (uri.path(), response.status());
    match status.is_client_error() || status.is_server_error() {
        true => tracing::info!(%method, path, status = status.as_u16(), "refused"),
        false => tracing::debug!(%method, path, status = status.as_u16(), "answered"),
    }
    if let Some(route) = route {
        response.extensions_mut().insert(route);
    }
    if let Ok(value) = HeaderValue::try_from(trace) {
        response.headers_mut().insert(TRACE, value);
    }
}

/// DESIGN §6: a head of more than 32 KiB is refused (RFC 6585 §5); so is a body that says it is larger than 128 KiB,
/// unread (RFC 9110 §15.5.14). One that does not say its length meets the same limit where it is read.
///
/// What proxies ask has neither: nginx makes an error of its own of a 413 or 431, a yes or no is short, and no body is read.
fn limited(request: &mut Request) -> Option<Response> {
    if request.uri().path() == sites::PATH {
        return None;
    }
    if head_length(request) > HEAD {
        return Some((StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, HEAD_TOO_LARGE).into_response());
    }
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    match length.and_then(|length| length.parse::<u64>().ok()) {
        Some(length) if length > BODY as u64 => {
            return Some((StatusCode::PAYLOAD_TOO_LARGE, BODY_TOO_LARGE).into_response());
        }
        Some(_) => {}
        None if request.body().is_end_stream() => {}
        None => {
            let body = std::mem::take(request.body_mut());
            *request.body_mut() = Body::new(Limited::new(body, BODY));
        }
    }
    None
}

/// As RFC 9112 §3 and §5 write it: a request line, and lines of fields.
fn head_length(request: &Request) -> usize {
    let uri = request.uri();
    let query = uri.query().map_or(0, |query| query.len() + 1);
    let line = request.method().as_str().len() + uri.path().len() + query + " HTTP/1.1\r\n".len() + 1;
    let fields = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + ": \r\n".len());
    line + fields.sum::<usize>() + "\r\n".len()
}

const HEAD: usize = 32 * 1024;
const HEAD_TOO_LARGE: &str = "the request line and headers are larger than 32 KiB\n";
const BODY: usize = 128 * 1024;
const BODY_TOO_LARGE: &str = "the body is larger than 128 KiB\n";
const TRACE: HeaderName = HeaderName::from_static("vestibule-trace");
