//! Requests of the running provider to servers that clients have registered: whoever registers an address must not make
//! us talk to what only this machine can reach.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::OnceLock;
use std::time::Duration;

use anyhow::{Context as _, bail};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use idp::outbound::{Answered, Fetched, Fetching, Get, NotSent, Outbound};
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use url::{Host, Url};

use crate::fetch::{authority, connector, target};

/// One connection for each request; no redirect is followed. Of the answer to a form the status alone is read.
pub(crate) struct Guarded;

impl Outbound for Guarded {
    fn post_form(&self, to: &str, body: String) -> Answered {
        let to = to.to_owned();
        Box::pin(within(LONGEST, async move {
            let form = http::Request::post("/").header("content-type", "application/x-www-form-urlencoded");
            let fetched = ask(&Url::parse(&to)?, form.body(Full::new(Bytes::from(body)))?, 0).await?;
            Ok(fetched.status)
        }))
    }

    fn get(&self, asked: Get) -> Fetching {
        let Get { from, headers, most_bytes, within: longest } = asked;
        Box::pin(within(longest, async move {
            let empty = headers.iter().fold(http::Request::get("/"), |head, (name, value)| head.header(*name, *value));
            ask(&Url::parse(&from)?, empty.body(Full::default())?, most_bytes).await
        }))
    }
}

async fn within<T>(longest: Duration, answer: impl Future<Output = anyhow::Result<T>>) -> Result<T, NotSent> {
    match tokio::time::timeout(longest, answer).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => Err(NotSent(format!("{error:#}"))),
        Err(_) => Err(NotSent(format!("no answer within {} s", longest.as_secs()))),
    }
}

/// Sends the request to the URL, of which its head need say nothing. Where no byte is wanted, the body is not waited for.
async fn ask(url: &Url, request: http::Request<Full<Bytes>>, most_bytes: usize) -> anyhow::Result<Fetched> {
    if !matches!(url.scheme(), "http" | "https") {
        bail!("only http and https are talked to");
    }
    let stream = connect(url).await?;
    if url.scheme() == "http" {
        return exchange(stream, url, request, most_bytes).await;
    }
    let host = url.host_str().context("the URL has no host")?;
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let name = ServerName::try_from(bare.to_owned()).context("the host is no name for a certificate")?;
    exchange(tls()?.connect(name, stream).await?, url, request, most_bytes).await
}

/// The address that was looked at is the one that is connected to: a name that changes meanwhile opens nothing.
async fn connect(url: &Url) -> anyhow::Result<TcpStream> {
    let port = url.port_or_known_default().context("the URL has no port")?;
    let at = |address: IpAddr| SocketAddr::new(address, port);
    let addresses: Vec<SocketAddr> = match url.host().context("the URL has no host")? {
        Host::Ipv4(address) if is_of_the_link(address.into()) => bail!(OF_THE_LINK),
        Host::Ipv6(address) if is_of_the_link(address.into()) => bail!(OF_THE_LINK),
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
    mut request: http::Request<Full<Bytes>>,
    most_bytes: usize,
) -> anyhow::Result<Fetched> {
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let _driver = Driver(tokio::spawn(connection).abort_handle());
    *request.uri_mut() = target(url).parse()?;
    let headers = request.headers_mut();
    headers.insert("host", authority(url).parse()?);
    headers.insert("user-agent", http::HeaderValue::from_static(concat!("vestibule/", env!("CARGO_PKG_VERSION"))));
    let response = sender.send_request(request).await?;
    let status = response.status().as_u16();
    if most_bytes == 0 {
        return Ok(Fetched { status, body: Vec::new() });
    }
    let body = Limited::new(response.into_body(), most_bytes).collect().await;
    let body = body.map_err(|error| anyhow::anyhow!("{error} (at most {most_bytes} bytes are read)"))?;
    Ok(Fetched { status, body: body.to_bytes().to_vec() })
}

/// What moves the bytes of a connection; it ends with its request, whichever way that ends.
struct Driver(tokio::task::AbortHandle);

impl Drop for Driver {
    fn drop(&mut self) {
        self.0.abort();
    }
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

/// What hangs on this machine's link and nobody's app does: the metadata service of a cloud for one, which gives keys to
/// whoever asks. No URL may name it, not even one that an operator wrote.
fn is_of_the_link(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => address.is_link_local(),
        IpAddr::V6(address) => address.is_unicast_link_local() || AWS_METADATA == address,
    }
}

/// Whether an address that a name led to may be talked to: not this machine, and not what hangs on its link, such as the
/// metadata service of a cloud. An organisation's own network may be: its apps live there.
fn is_elsewhere(address: IpAddr) -> bool {
    match address.to_canonical() {
        _ if is_of_the_link(address) => false,
        IpAddr::V4(address) => {
            !(address.is_loopback() || address.is_unspecified() || address.is_multicast() || address.is_broadcast())
        }
        IpAddr::V6(address) => !(address.is_loopback() || address.is_unspecified() || address.is_multicast()),
    }
}

const OF_THE_LINK: &str = "this address is of the link alone, where no app is";

/// The one service of this sort outside of the link's addresses.
const AWS_METADATA: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254);

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
            ("fd00:ec2::254", false),
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

    /// No name leads there, and no text of an address either, however it is written.
    #[tokio::test]
    async fn the_links_own_addresses_are_never_talked_to() {
        for host in [
            "169.254.169.254",
            "169.254.0.1",
            "2852039166",
            "0xa9fea9fe",
            "[fe80::1]",
            "[::ffff:169.254.169.254]",
            "[::ffff:a9fe:a9fe]",
            "[fd00:ec2::254]",
        ] {
            let to = format!("http://{host}/latest/meta-data");
            let refused = NotSent(OF_THE_LINK.to_owned());
            assert_eq!(Guarded.post_form(&to, String::new()).await, Err(refused.clone()), "{to}");
            assert_eq!(Guarded.get(get(to, 10)).await, Err(refused));
        }
    }

    fn get(from: String, most_bytes: usize) -> Get {
        Get { from, headers: &[("add-padding", "true")], most_bytes, within: Duration::from_secs(5) }
    }

    #[tokio::test]
    async fn a_document_is_fetched_within_its_bounds() {
        for (answer, most_bytes, expected) in [
            ("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nA:1\r\n", 5, Some((200, "A:1\r\n"))),
            ("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nA:1\r\n", 4, None),
            ("HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n", 9, Some((302, ""))),
            ("HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\nx", 9, None),
        ] {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let port = listener.local_addr().unwrap().port();
            let asked = tokio::spawn(async move {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut asked = Vec::new();
                while !asked.ends_with(b"\r\n\r\n") {
                    asked.push(stream.read_u8().await.unwrap());
                }
                stream.write_all(answer.as_bytes()).await.unwrap();
                String::from_utf8(asked).unwrap()
            });
            let fetched = Guarded.get(get(format!("http://localhost:{port}/range/5BAA6"), most_bytes)).await;
            let fetched = fetched.ok().map(|Fetched { status, body }| (status, String::from_utf8(body).unwrap()));
            assert_eq!(fetched, expected.map(|(status, body)| (status, body.to_owned())));
            let asked = asked.await.unwrap();
            assert!(asked.starts_with("GET /range/5BAA6 HTTP/1.1\r\n"), "{asked}");
            assert!(asked.contains("add-padding: true\r\n"), "{asked}");
        }
    }

    #[tokio::test]
    async fn who_does_not_answer_is_not_waited_for() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let asked =
            Get { within: Duration::from_millis(50), ..get(format!("http://{}/", listener.local_addr().unwrap()), 9) };
        assert!(Guarded.get(asked).await.unwrap_err().0.starts_with("no answer within"));
    }

    #[tokio::test]
    async fn who_is_not_there_is_said() {
        for to in ["http://127.0.0.1:1/", "https://", "ftp://localhost/"] {
            assert!(Guarded.post_form(to, String::new()).await.is_err(), "{to}");
        }
    }
}
