//! Requests of the running provider to servers that clients have registered: whoever registers an address must not make
//! us talk to what only this machine can reach.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::OnceLock;
use std::time::Duration;

use anyhow::{Context as _, bail};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use idp::outbound::{Answered, NotSent, Outbound};
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use url::{Host, Url};

use crate::fetch::{authority, connector, target};

/// One connection for each request; no redirect is followed, and of the answer the status alone is read.
pub(crate) struct Guarded;

impl Outbound for Guarded {
    fn post_form(&self, to: &str, body: String) -> Answered {
        let to = to.to_owned();
        Box::pin(async move {
            let answer = async { post(&Url::parse(&to)?, body).await };
            match tokio::time::timeout(LONGEST, answer).await {
                Ok(Ok(status)) => Ok(status),
                Ok(Err(error)) => Err(NotSent(format!("{error:#}"))),
                Err(_) => Err(NotSent(format!("no answer within {} s", LONGEST.as_secs()))),
            }
        })
    }
}

async fn post(url: &Url, body: String) -> anyhow::Result<u16> {
    if !matches!(url.scheme(), "http" | "https") {
        bail!("only http and https are talked to");
    }
    let stream = connect(url).await?;
    if url.scheme() == "http" {
        return exchange(stream, url, body).await;
    }
    let host = url.host_str().context("the URL has no host")?;
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let name = ServerName::try_from(bare.to_owned()).context("the host is no name for a certificate")?;
    exchange(tls()?.connect(name, stream).await?, url, body).await
}

/// The address that was looked at is the one that is connected to: a name that changes meanwhile opens nothing.
async fn connect(url: &Url) -> anyhow::Result<TcpStream> {
    let port = url.port_or_known_default().context("the URL has no port")?;
    let at = |address: IpAddr| SocketAddr::new(address, port);
    let addresses: Vec<SocketAddr> = match url.host().context("the URL has no host")? {
        Host::Ipv4(address) => vec![at(address.into())],
        Host::Ipv6(address) => vec![at(address.into())],
        // RFC 6761 §6.3: these names are this machine, whatever a resolver says.
        Host::Domain(name) if is_localhost(name) => {
            vec![at(Ipv4Addr::LOCALHOST.into()), at(Ipv6Addr::LOCALHOST.into())]
        }
        Host::Domain(name) => {
            let found = tokio::net::lookup_host((name, port)).await.context("the name does not resolve")?;
            found.filter(|address| is_elsewhere(address.ip())).collect()
        }
    };
    let mut last = anyhow::anyhow!("the name leads to this machine or its link alone, and its text does not say so");
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error.into(),
        }
    }
    Err(last)
}

async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    url: &Url,
    body: String,
) -> anyhow::Result<u16> {
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let driver = tokio::spawn(connection);
    let request = http::Request::post(target(url))
        .header("host", authority(url))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("user-agent", concat!("vestibule/", env!("CARGO_PKG_VERSION")))
        .body(Full::new(Bytes::from(body)))?;
    let response = sender.send_request(request).await;
    driver.abort();
    Ok(response?.status().as_u16())
}

/// The roots are read once.
fn tls() -> anyhow::Result<TlsConnector> {
    static TLS: OnceLock<TlsConnector> = OnceLock::new();
    match TLS.get() {
        Some(tls) => Ok(tls.clone()),
        None => {
            let tls = connector()?;
            Ok(TLS.get_or_init(|| tls).clone())
        }
    }
}

fn is_localhost(name: &str) -> bool {
    name == "localhost" || name.ends_with(".localhost")
}

/// Whether an address that a name led to may be talked to: not this machine, and not what hangs on its link, such as the
/// metadata service of a cloud. An organisation's own network may be: its apps live there.
fn is_elsewhere(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            !(address.is_loopback()
                || address.is_unspecified()
                || address.is_link_local()
                || address.is_multicast()
                || address.is_broadcast())
        }
        IpAddr::V6(address) => {
            !(address.is_loopback()
                || address.is_unspecified()
                || address.is_unicast_link_local()
                || address.is_multicast())
        }
    }
}

/// For one request, whole.
const LONGEST: Duration = Duration::from_secs(10);

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    #[test]
    fn where_a_name_may_lead() {
        for (address, elsewhere) in [
            ("203.0.113.9", true),
            ("10.0.0.7", true),
            ("2001:db8::1", true),
            ("127.0.0.1", false),
            ("127.9.9.9", false),
            ("0.0.0.0", false),
            ("169.254.169.254", false),
            ("::1", false),
            ("::", false),
            ("::ffff:127.0.0.1", false),
            ("::ffff:169.254.169.254", false),
            ("fe80::1", false),
            ("224.0.0.1", false),
        ] {
            assert_eq!(is_elsewhere(address.parse().unwrap()), elsewhere, "{address}");
        }
    }

    /// Answers one request with `answer`, and gives what was asked.
    async fn listener(answer: &'static str) -> (u16, tokio::task::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut asked = Vec::new();
            while !asked.ends_with(b"logout_token=x") {
                let mut buffer = [0; 1024];
                let read = stream.read(&mut buffer).await.unwrap();
                asked.extend_from_slice(&buffer[..read]);
            }
            stream.write_all(answer.as_bytes()).await.unwrap();
            String::from_utf8(asked).unwrap()
        });
        (port, asked)
    }

    #[tokio::test]
    async fn a_form_is_posted_and_no_redirect_followed() {
        for (answer, status) in [
            ("HTTP/1.1 204 No Content\r\n\r\n", 204),
            ("HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n", 302),
            // The body is not waited for.
            ("HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\nx", 200),
        ] {
            let (port, asked) = listener(answer).await;
            let to = format!("http://photos.localhost:{port}/out?a=b");
            assert_eq!(Guarded.post_form(&to, "logout_token=x".to_owned()).await, Ok(status));
            let asked = asked.await.unwrap();
            assert!(asked.starts_with("POST /out?a=b HTTP/1.1\r\n"), "{asked}");
            assert!(asked.contains(&format!("host: photos.localhost:{port}\r\n")), "{asked}");
            assert!(asked.contains("content-type: application/x-www-form-urlencoded\r\n"), "{asked}");
        }
    }

    #[tokio::test]
    async fn who_is_not_there_is_said() {
        for to in ["http://127.0.0.1:1/", "https://", "ftp://localhost/"] {
            assert!(Guarded.post_form(to, String::new()).await.is_err(), "{to}");
        }
    }
}
