//! The guarded fetcher against those who choose addresses, resolvers and answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use vestibule_verify::fetch::{Answer, Fetch as _, FetchError, Fetcher, Network, Reach, Request, Resolve, Resolving};

use crate::servers::{Rebinding, Server};

const SHORT: Duration = Duration::from_millis(400);
/// For what ends by itself, however busy the machine is.
const LONG: Duration = Duration::from_secs(60);
const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";

async fn fetch(fetcher: &Fetcher, url: &str) -> Result<Answer, FetchError> {
    fetch_within(SHORT, fetcher, url).await
}

async fn fetch_within(limit: Duration, fetcher: &Fetcher, url: &str) -> Result<Answer, FetchError> {
    fetcher.fetch(Request::get(url).within(limit).at_most(1000)).await
}

fn development() -> Fetcher {
    Fetcher::new(Reach::public().and_loopback())
}

/// However an address is written: WHATWG's parser reads numbers, and so do we.
#[tokio::test]
async fn addresses_that_are_not_public_are_refused_as_text() {
    let resolver = Rebinding::to(&[&["8.8.8.8"]]);
    let every = ["127.0.0.0/8", "169.254.0.0/16", "::/0", "0.0.0.0/8"].map(|text| Network::parse(text).unwrap());
    let listed = every.into_iter().fold(Reach::public(), Reach::and_network);
    for reach in [Reach::public(), listed] {
        let fetcher = Fetcher::new(reach).resolver(resolver.clone());
        for host in [
            "localhost",
            "x.localhost",
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f000001",
            "0177.0.0.1",
            "[::1]",
            "169.254.169.254",
            "2852039166",
            "0xa9fea9fe",
            "[fe80::1]",
            "[fd00:ec2::254]",
            "0.0.0.0",
            "0",
            "[::]",
            "224.0.0.1",
            "[ff02::1]",
            "255.255.255.255",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[::ffff:169.254.169.254]",
            "[::ffff:10.0.0.1]",
            "[::127.0.0.1]",
            "[64:ff9b::7f00:1]",
            "[64:ff9b::a9fe:a9fe]",
            "[2002:7f00:1::]",
            "[2002:a00:1::1]",
            "[2001:0:7f00:1::1]",
        ] {
            let error = fetch(&fetcher, &format!("https://{host}/x")).await.expect_err(host);
            assert!(matches!(error, FetchError::OutOfReach { .. }), "{host}: {error}");
        }
    }
    let fetcher = Fetcher::new(Reach::public()).resolver(resolver.clone());
    for host in ["10.0.0.1", "172.16.0.1", "192.168.0.1", "100.64.0.1", "[fc00::1]", "[fd12::1]", "198.18.0.1"] {
        let error = fetch(&fetcher, &format!("https://{host}/x")).await.expect_err(host);
        assert!(matches!(error, FetchError::OutOfReach { .. }), "{host}: {error}");
    }
    assert_eq!(resolver.asked.load(Ordering::SeqCst), 0, "these are no names");
}

#[tokio::test]
async fn names_that_lead_inside_are_refused() {
    for (address, reach) in [
        ("127.0.0.1", Reach::public().and_loopback()),
        ("::1", Reach::public().and_loopback()),
        ("10.0.0.1", Reach::public()),
        ("192.168.1.1", Reach::public().and_network(Network::parse("10.0.0.0/8").unwrap())),
        ("169.254.169.254", Reach::everywhere()),
        ("fe80::1", Reach::everywhere()),
        ("::ffff:127.0.0.1", Reach::everywhere()),
        ("::ffff:169.254.169.254", Reach::everywhere()),
        ("64:ff9b::a9fe:a9fe", Reach::everywhere()),
        ("2002:7f00:1::", Reach::everywhere()),
    ] {
        let fetcher = Fetcher::new(reach).resolver(Rebinding::to(&[&[address]]));
        let error = fetch(&fetcher, "https://app.example/x").await.expect_err(address);
        assert!(matches!(error, FetchError::OutOfReach { .. }), "{address}: {error}");
    }
}

/// Only https; http to this machine alone, in development alone.
#[tokio::test]
async fn plain_http_does_not_leave_the_machine() {
    let server = Server::saying(OK).await;
    let local = format!("http://localhost:{}/x", server.port);
    assert!(matches!(fetch(&Fetcher::new(Reach::public()), &local).await, Err(FetchError::Url(_))));
    for url in [
        "http://app.example/x",
        "http://8.8.8.8/x",
        "http://10.0.0.1/x",
        "ftp://app.example/x",
        "file:///etc/passwd",
        "x",
    ] {
        let fetcher = development().resolver(Rebinding::to(&[&["127.0.0.1"]]));
        assert!(matches!(fetch(&fetcher, url).await, Err(FetchError::Url(_))), "{url}");
    }
    assert_eq!(server.connections(), 0);
    for host in ["localhost", "app.localhost", "127.0.0.1"] {
        let url = format!("http://ada:secret@{host}:{}/x?a=b#c", server.port);
        assert_eq!(fetch(&development(), &url).await.unwrap().body, b"{}");
        let head = server.heads.lock().unwrap().pop().unwrap();
        assert!(head.starts_with("GET /x?a=b HTTP/1.1\r\n"), "{head}");
        assert!(head.contains(&format!("host: {host}:{}\r\n", server.port)), "{head}");
        assert!(!head.contains("secret") && !head.to_lowercase().contains("authorization"), "{head}");
    }
}

/// A name that leads elsewhere when it is asked for again: it is asked for once, and the address that was looked at is the
/// one that is connected to.
#[tokio::test]
async fn a_name_that_is_rebound_opens_nothing() {
    let victim = Server::saying(OK).await;
    let url = format!("https://app.example:{}/x", victim.port);
    // From public to this machine, and back; and both at once.
    let resolver = Rebinding::to(&[&["192.0.0.8"], &["127.0.0.1"], &["10.0.0.1", "127.0.0.1", "::1"]]);
    let fetcher = development().resolver(resolver.clone());
    for asked in 1..=6 {
        assert!(matches!(fetch(&fetcher, &url).await, Err(FetchError::OutOfReach { .. })));
        assert_eq!(resolver.asked.load(Ordering::SeqCst), asked, "once for each request");
    }
    assert_eq!(victim.connections(), 0);
    // Where the first answer may be talked to, the second is never asked for.
    let resolver = Rebinding::to(&[&["127.0.0.1"], &["169.254.169.254"]]);
    let fetcher = Fetcher::new(Reach::everywhere()).resolver(resolver.clone());
    let url = format!("http://app.example:{}/x", victim.port);
    assert_eq!(fetch(&fetcher, &url).await.unwrap().status, 200);
    assert_eq!((resolver.asked.load(Ordering::SeqCst), victim.connections()), (1, 1));
    assert!(matches!(fetch(&fetcher, &url).await, Err(FetchError::OutOfReach { .. })));
    // Of several addresses those that may not be talked to are passed over.
    let resolver = Rebinding::to(&[&["169.254.169.254", "fe80::1", "127.0.0.1"]]);
    assert_eq!(fetch(&fetcher.resolver(resolver), &url).await.unwrap().status, 200);
}

#[tokio::test]
async fn no_redirect_is_followed() {
    let victim = Server::saying(OK).await;
    for status in [301, 302, 303, 307, 308] {
        let to = format!("http://localhost:{}/", victim.port);
        let answer =
            format!("HTTP/1.1 {status} Go\r\nlocation: {to}\r\nrefresh: 0; url={to}\r\ncontent-length: 0\r\n\r\n");
        let server = Server::saying(answer).await;
        let answer = fetch(&development(), &format!("http://localhost:{}/", server.port)).await.unwrap();
        assert_eq!((answer.status, answer.header("location")), (status, Some(to.as_str())));
    }
    assert_eq!(victim.connections(), 0);
}

async fn drip(mut stream: TcpStream, head: &'static str) {
    let _ = stream.write_all(head.as_bytes()).await;
    while stream.write_all(b"x").await.is_ok() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn whoever_drips_is_left() {
    for head in
        ["HTTP/1.1 200 OK\r\nx-long: ", "HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n"]
    {
        let server = Server::start(move |stream| drip(stream, head)).await;
        let began = Instant::now();
        let error = fetch(&development(), &format!("http://localhost:{}/", server.port)).await.expect_err(head);
        assert!(matches!(error, FetchError::TooSlow(limit) if limit == SHORT), "{head}: {error}");
        assert!(began.elapsed() < 2 * SHORT, "{head}");
    }
    let silent = Server::start(|mut stream| async move { drop(stream.read_u8().await) }).await;
    assert!(matches!(
        fetch(&development(), &format!("http://localhost:{}/", silent.port)).await,
        Err(FetchError::TooSlow(_))
    ));
}

async fn flood(mut stream: TcpStream, head: &'static str, line: &'static str) {
    let _ = stream.write_all(head.as_bytes()).await;
    while stream.write_all(line.as_bytes()).await.is_ok() {}
}

#[tokio::test]
async fn an_endless_answer_is_not_read() {
    for (head, line) in [
        ("HTTP/1.1 200 OK\r\n\r\n", "0123456789abcdef"),
        ("HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n", "0123456789abcdef"),
        ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", "10\r\n0123456789abcdef\r\n"),
    ] {
        let server = Server::start(move |stream| flood(stream, head, line)).await;
        let url = format!("http://localhost:{}/", server.port);
        let error = fetch_within(LONG, &development(), &url).await.expect_err(head);
        assert!(matches!(error, FetchError::TooLong(1000)), "{head}: {error}");
        // Whoever wants the status alone does not wait for the body.
        let answer = development().fetch(Request::post_form(url, "a=b").at_most(0).within(LONG)).await.unwrap();
        assert_eq!((answer.status, answer.body.len()), (200, 0));
    }
    for line in ["x-more: 0123456789abcdef\r\n", "x"] {
        let server = Server::start(move |stream| flood(stream, "HTTP/1.1 200 OK\r\n", line)).await;
        let error =
            fetch_within(LONG, &development(), &format!("http://localhost:{}/", server.port)).await.expect_err(line);
        assert!(matches!(error, FetchError::Http(_)), "{line}: {error}");
    }
    let exact = Server::saying(format!("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{}", "x".repeat(1000))).await;
    assert_eq!(
        fetch_within(LONG, &development(), &format!("http://localhost:{}/", exact.port)).await.unwrap().body.len(),
        1000
    );
}

/// A server that answers nobody until its door is open, and counts who waits.
struct Crowd {
    server: Server,
    now: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
    open: Arc<tokio::sync::Semaphore>,
}

impl Crowd {
    async fn start() -> Self {
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let open = Arc::new(tokio::sync::Semaphore::new(0));
        let shared = (Arc::clone(&now), Arc::clone(&most), Arc::clone(&open));
        let server = Server::start(move |mut stream| {
            let (now, most, door) = shared.clone();
            async move {
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                drop(door.acquire().await);
                now.fetch_sub(1, Ordering::SeqCst);
                let _ = stream.write_all(OK.as_bytes()).await;
            }
        });
        Self { server: server.await, now, most, open }
    }
}

/// One host takes its own places, and leaves the others theirs.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn so_many_at_once_and_no_more() {
    let Crowd { server: slow, now, most, open } = Crowd::start().await;
    let fetcher = development();
    let get = |url: String| {
        let answer = fetcher.fetch(Request::get(url).within(LONG));
        tokio::spawn(async move { answer.await.unwrap().status })
    };
    let many: Vec<_> = (0..64).map(|_| get(format!("http://a.localhost:{}/", slow.port))).collect();
    while now.load(Ordering::SeqCst) < 16 {
        tokio::task::yield_now().await;
    }
    // All places of one host are taken, and none is given back: another host does not wait.
    let other = Server::saying(OK).await;
    assert_eq!(get(format!("http://b.localhost:{}/", other.port)).await.unwrap(), 200);
    open.add_permits(64);
    for one in many {
        assert_eq!(one.await.unwrap(), 200);
    }
    assert_eq!(most.load(Ordering::SeqCst), 16);
}

/// All hosts together have so many places, too; whoever waits for one is given up in time, and nobody's place is lost by that.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn so_many_at_once_of_all_hosts_together() {
    let Crowd { server: slow, now, most, open } = Crowd::start().await;
    let fetcher = development();
    let get = |host: usize, limit: Duration| {
        let url = format!("http://h{host}.localhost:{}/", slow.port);
        tokio::spawn(fetcher.fetch(Request::get(url).within(limit)))
    };
    // Nine hosts, each within its own places.
    let many: Vec<_> = (0..9 * 16).map(|n| get(n % 9, Duration::from_secs(60))).collect();
    while now.load(Ordering::SeqCst) < 128 {
        tokio::task::yield_now().await;
    }
    // A tenth, which has nobody's, waits for one of all: that is part of its time.
    let late = get(9, SHORT).await.unwrap();
    assert!(matches!(late, Err(FetchError::TooSlow(limit)) if limit == SHORT), "{late:?}");
    open.add_permits(1000);
    for one in many {
        assert_eq!(one.await.unwrap().unwrap().status, 200);
    }
    assert_eq!(most.load(Ordering::SeqCst), 128);
    assert_eq!(get(9, Duration::from_secs(60)).await.unwrap().unwrap().status, 200, "the place is free");
}

/// A name that takes its time.
struct SlowName;

impl Resolve for SlowName {
    fn resolve(&self, _: &str) -> Resolving {
        Box::pin(async {
            tokio::time::sleep(5 * PART).await;
            Ok(vec!["127.0.0.1".parse().unwrap()])
        })
    }
}

/// The name takes five of these and the rest four, of the eight that all may take.
const PART: Duration = Duration::from_millis(50);

/// One limit holds for all of it: a name, a head and a body, none of which alone is too slow, are.
#[tokio::test]
async fn the_parts_of_a_fetch_share_one_limit() {
    let server = Server::start(|mut stream| async move {
        tokio::time::sleep(2 * PART).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n").await;
        for _ in 0..2 {
            tokio::time::sleep(PART).await;
            if stream.write_all(b"x").await.is_err() {
                return;
            }
        }
    })
    .await;
    let fetcher = Fetcher::new(Reach::everywhere()).resolver(Arc::new(SlowName));
    let url = format!("http://app.example:{}/", server.port);
    let error = fetch(&fetcher, &url).await.expect_err("more than all may take");
    assert!(matches!(error, FetchError::TooSlow(limit) if limit == SHORT), "{error}");
    let patient = fetcher.fetch(Request::get(&url).within(Duration::from_secs(60))).await.unwrap();
    assert_eq!((patient.status, patient.body.as_slice()), (200, &b"xx"[..]));
}

#[tokio::test]
async fn whoever_is_not_there_is_said() {
    for (url, said) in [
        ("http://127.0.0.1:1/", "no connection"),
        ("https://", "cannot be fetched"),
        ("https://nobody.invalid/", "resolve"),
    ] {
        let fetcher = development().resolver(Rebinding::to(&[&[]]));
        let error = fetch(&fetcher, url).await.expect_err(url).to_string();
        assert!(error.contains(said), "{url}: {error}");
    }
}
