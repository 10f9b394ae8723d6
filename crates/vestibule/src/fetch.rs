//! HTTP GET for the commands: bounded in size, time and redirects.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use http_body_util::{BodyExt as _, Empty, Limited};
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use url::Url;

/// What was answered.
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// Fetches a document. From https no redirect leads to http.
pub(crate) async fn fetch(url: &str) -> anyhow::Result<Answer> {
    let mut at = Url::parse(url).with_context(|| format!("{url} is no URL; give https://…"))?;
    for _ in 0..=MOST_REDIRECTS {
        let answer = tokio::time::timeout(LONGEST, get(&at)).await;
        let answer =
            answer.with_context(|| format!("{at} did not answer within {} s; try later", LONGEST.as_secs()))?;
        let answer = answer.with_context(|| format!("cannot fetch {at}; give a URL that answers, or a file"))?;
        let location = answer.headers.iter().find(|(name, _)| name == "location").map(|(_, value)| value);
        let Some(location) = location.filter(|_| matches!(answer.status, 301 | 302 | 303 | 307 | 308)) else {
            return Ok(answer);
        };
        let next = at.join(location).with_context(|| format!("{at} leads to {location:?}; give another URL"))?;
        if at.scheme() == "https" && next.scheme() != "https" {
            bail!("{at} leads from https to {next}; give the URL itself if you trust it");
        }
        at = next;
    }
    bail!("{url} leads on more than {MOST_REDIRECTS} times; give the URL itself")
}

async fn get(url: &Url) -> anyhow::Result<Answer> {
    if !matches!(url.scheme(), "http" | "https") {
        bail!("only http and https are fetched");
    }
    let host = url.host_str().context("the URL has no host")?;
    let port = url.port_or_known_default().context("the URL has no port")?;
    // An IPv6 address stands in brackets in a URL, and without them elsewhere.
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let stream = TcpStream::connect((bare, port)).await?;
    if url.scheme() == "http" {
        return exchange(stream, url).await;
    }
    let name = ServerName::try_from(bare.to_owned()).context("the host is no name for a certificate")?;
    exchange(connector()?.connect(name, stream).await?, url).await
}

async fn exchange(stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static, url: &Url) -> anyhow::Result<Answer> {
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let driver = tokio::spawn(connection);
    let request = http::Request::get(target(url))
        .header("host", authority(url))
        .header("accept", "application/json")
        .header("user-agent", concat!("vestibule/", env!("CARGO_PKG_VERSION")))
        .body(Empty::<Bytes>::new())?;
    let response = sender.send_request(request).await?;
    let status = response.status().as_u16();
    let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = response.headers().iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
    let body = Limited::new(response.into_body(), MOST_BYTES).collect().await;
    let body = body.map_err(|error| anyhow::anyhow!("{error} (at most {} KiB are read)", MOST_BYTES >> 10))?;
    driver.abort();
    Ok(Answer { status, headers, body: body.to_bytes().to_vec() })
}

/// What the request line of a URL names (RFC 9112 §3.2.1).
pub(crate) fn target(url: &Url) -> String {
    match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    }
}

/// What its `Host` names (RFC 9110 §7.2).
pub(crate) fn authority(url: &Url) -> String {
    match url.port() {
        Some(port) => format!("{}:{port}", url.host_str().unwrap_or_default()),
        None => url.host_str().unwrap_or_default().to_owned(),
    }
}

/// TLS with the roots of the machine, or those in SSL_CERT_FILE.
pub(crate) fn connector() -> anyhow::Result<TlsConnector> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    let (added, _) = roots.add_parsable_certificates(found.certs);
    if added == 0 {
        bail!("there are no root certificates on this machine; install them or name a file in SSL_CERT_FILE");
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

const MOST_REDIRECTS: usize = 3;
/// For one answer, whole.
const LONGEST: Duration = Duration::from_secs(10);
const MOST_BYTES: usize = 1 << 20;
