//! Requests to addresses that others chose: nobody who names an address gets to what only this machine can reach.
//!
//! https alone (http on loopback in development); the addresses of a name are looked at after it was resolved, and the ones
//! that were looked at are the ones connected to; no redirect is followed; time, size and number are bounded.

mod address;
mod error;
mod exchange;
mod gate;
mod reach;
mod request;
mod resolve;
mod tls;

use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

pub use address::Network;
pub use error::FetchError;
use gate::Gate;
pub use reach::Reach;
pub(crate) use reach::is_on_loopback;
pub use request::{Answer, Request};
pub use resolve::{Resolve, Resolving, SystemResolver};
use tls::Tls;
use tokio::net::TcpStream;
use url::Url;

/// What a request gives.
///
/// ```
/// use vestibule_verify::fetch::{FetchError, Fetching};
///
/// let nothing: Fetching = Box::pin(async { Err(FetchError::Url("nobody is asked in this test")) });
/// # let _ = nothing;
/// ```
pub type Fetching = Pin<Box<dyn Future<Output = Result<Answer, FetchError>> + Send>>;

/// Fetches: [`Fetcher`], or what a test puts in its place.
///
/// ```
/// use vestibule_verify::fetch::{Answer, Fetch, Fetching, Request};
///
/// /// Answers everybody with an empty object.
/// struct Empty;
///
/// impl Fetch for Empty {
///     fn fetch(&self, _: Request) -> Fetching {
///         Box::pin(async { Ok(Answer { status: 200, headers: Default::default(), body: b"{}".to_vec() }) })
///     }
/// }
/// # let _ = Empty;
/// ```
pub trait Fetch: Send + Sync {
    /// Sends a request and gives its answer, whatever the status.
    fn fetch(&self, request: Request) -> Fetching;
}

/// The guarded fetcher. One connection for each request; cheap to clone.
///
/// ```
/// use std::sync::Arc;
/// use vestibule_verify::fetch::{Fetcher, Reach, SystemResolver};
///
/// let fetcher = Fetcher::new(Reach::public()).resolver(Arc::new(SystemResolver)).user_agent("drive/1.0");
/// let own_roots = |config: Arc<rustls::ClientConfig>| fetcher.clone().tls(config);
/// # let _ = own_roots;
/// ```
#[derive(Clone)]
pub struct Fetcher(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    reach: Reach,
    resolver: Arc<dyn Resolve>,
    tls: Tls,
    gate: Arc<Gate>,
    user_agent: &'static str,
}

impl Fetcher {
    /// One that reaches so far, with the resolver and the root certificates of this machine.
    pub fn new(reach: Reach) -> Self {
        let user_agent = concat!("vestibule-verify/", env!("CARGO_PKG_VERSION"));
        let gate = Arc::new(Gate::new());
        Self(Arc::new(Inner { reach, resolver: Arc::new(SystemResolver), tls: Tls::default(), gate, user_agent }))
    }

    /// Another resolver.
    pub fn resolver(self, resolver: Arc<dyn Resolve>) -> Self {
        self.with(|inner| inner.resolver = resolver)
    }

    /// Another configuration of TLS: roots of one's own, a client certificate.
    pub fn tls(self, config: Arc<rustls::ClientConfig>) -> Self {
        self.with(|inner| inner.tls = Tls::of(config))
    }

    /// What it calls itself.
    pub fn user_agent(self, name: &'static str) -> Self {
        self.with(|inner| inner.user_agent = name)
    }

    fn with(mut self, change: impl FnOnce(&mut Inner)) -> Self {
        change(Arc::make_mut(&mut self.0));
        self
    }
}

impl Fetch for Fetcher {
    fn fetch(&self, request: Request) -> Fetching {
        let inner = Arc::clone(&self.0);
        Box::pin(async move {
            let limit = request.within;
            tokio::time::timeout(limit, inner.whole(request)).await.unwrap_or(Err(FetchError::TooSlow(limit)))
        })
    }
}

impl Inner {
    async fn whole(&self, request: Request) -> Result<Answer, FetchError> {
        let url = Url::parse(&request.url).map_err(|_| FetchError::Url("it is none"))?;
        let host = url.host_str().ok_or(FetchError::Url("it has no host"))?;
        let port = url.port_or_known_default().ok_or(FetchError::Url("it has no port"))?;
        let _place = self.gate.enter(host).await;
        let addresses = self.reach.addresses(&url, &*self.resolver).await?;
        let stream = connect(&addresses, port).await?;
        let user_agent = self.user_agent;
        match url.scheme() {
            "https" => exchange::exchange(self.tls.connect(host, stream).await?, &url, request, user_agent).await,
            _ => exchange::exchange(stream, &url, request, user_agent).await,
        }
    }
}

/// To the first that takes the connection.
async fn connect(addresses: &[IpAddr], port: u16) -> Result<TcpStream, FetchError> {
    let mut last = std::io::Error::other("no address");
    for address in addresses {
        match TcpStream::connect(SocketAddr::new(*address, port)).await {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(FetchError::Unreachable(last))
}

impl std::fmt::Debug for Fetcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fetcher").field("reach", &self.0.reach).finish_non_exhaustive()
    }
}
