//! One request and its answer over one connection.

use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use url::Url;

use super::{Answer, FetchError, Request};

pub(super) async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    url: &Url,
    request: Request,
    user_agent: &'static str,
) -> Result<Answer, FetchError> {
    let most_bytes = request.most_bytes;
    let request = written(url, request, user_agent)?;
    let client = hyper::client::conn::http1::Builder::new().max_buf_size(MOST_HEAD).clone();
    let (mut sender, connection) = client.handshake(TokioIo::new(stream)).await.map_err(broken)?;
    let _driver = Driver(tokio::spawn(connection).abort_handle());
    let response = sender.send_request(request).await.map_err(broken)?;
    let (head, body) = response.into_parts();
    let body = match most_bytes {
        0 => Vec::new(),
        limit => {
            let read = Limited::new(body, limit).collect().await;
            let read = read.map_err(|error| match error.is::<LengthLimitError>() {
                true => FetchError::TooLong(limit),
                false => FetchError::Http(error.to_string()),
            })?;
            read.to_bytes().to_vec()
        }
    };
    Ok(Answer { status: head.status.as_u16(), headers: head.headers, body })
}

fn written(url: &Url, request: Request, user_agent: &'static str) -> Result<http::Request<Full<Bytes>>, FetchError> {
    let mut head =
        http::Request::builder().uri(target(url)).header("host", authority(url)).header("user-agent", user_agent);
    let method = request.method();
    for (name, value) in request.headers {
        head = head.header(name, value);
    }
    let head = head.method(method);
    let written = match request.body {
        Some((kind, body)) => head.header("content-type", kind).body(Full::new(Bytes::from(body))),
        None => head.body(Full::default()),
    };
    written.map_err(|error| FetchError::Http(error.to_string()))
}

/// What the request line of a URL names (RFC 9112 §3.2.1).
fn target(url: &Url) -> &str {
    &url[url::Position::BeforePath..url::Position::AfterQuery]
}

/// What its `Host` names (RFC 9110 §7.2): nobody's name or password.
fn authority(url: &Url) -> &str {
    &url[url::Position::BeforeHost..url::Position::AfterPort]
}

fn broken(error: hyper::Error) -> FetchError {
    FetchError::Http(error.to_string())
}

/// What moves the bytes of a connection; it ends with its request, whichever way that ends.
struct Driver(tokio::task::AbortHandle);

impl Drop for Driver {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Bytes of an answer's head.
const MOST_HEAD: usize = 64 * 1024;
