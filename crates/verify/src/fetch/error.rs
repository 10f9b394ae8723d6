//! Why nothing was fetched.

use std::io;
use std::net::IpAddr;
use std::time::Duration;

/// Why nothing was fetched: for the log, not for the stranger who gave the address.
///
/// ```
/// use vestibule_verify::fetch::{Fetch as _, Fetcher, FetchError, Reach, Request};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let fetcher = Fetcher::new(Reach::public());
/// let error = fetcher.fetch(Request::get("https://169.254.169.254/")).await.expect_err("the metadata service");
/// assert!(matches!(error, FetchError::OutOfReach { .. }));
/// # }
/// ```
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The URL is none, or not of a sort that is fetched.
    #[error("the URL cannot be fetched: {0}")]
    Url(&'static str),
    /// The host's name has no address.
    #[error("the name does not resolve: {0}")]
    Unresolved(io::Error),
    /// The host is where the fetcher may not reach.
    #[error("{address} is out of reach: not public, and not in a network that was allowed")]
    OutOfReach {
        /// The host's first address.
        address: IpAddr,
    },
    /// Nobody takes the connection.
    #[error("no connection: {0}")]
    Unreachable(io::Error),
    /// Certificates: of this machine, or of the host.
    #[error("TLS: {0}")]
    Tls(io::Error),
    /// What came is no HTTP, or the connection broke.
    #[error("HTTP: {0}")]
    Http(String),
    /// The body is longer than was asked for.
    #[error("the answer is longer than {0} bytes")]
    TooLong(usize),
    /// All of it took too long.
    #[error("no whole answer within {} s", .0.as_secs_f32())]
    TooSlow(Duration),
}
