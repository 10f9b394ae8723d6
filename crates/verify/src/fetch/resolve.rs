//! From names to addresses.

use std::io;
use std::net::IpAddr;
use std::pin::Pin;

/// The addresses of a name.
///
/// ```
/// use vestibule_verify::fetch::Resolving;
///
/// let nowhere: Resolving = Box::pin(async { Ok(Vec::new()) });
/// # let _ = nowhere;
/// ```
pub type Resolving = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// Finds the addresses of a name. The fetcher asks once for each request, and connects to no other address.
///
/// ```
/// use std::net::{IpAddr, Ipv4Addr};
/// use vestibule_verify::fetch::{Resolve, Resolving};
///
/// /// Knows one name.
/// struct One;
///
/// impl Resolve for One {
///     fn resolve(&self, name: &str) -> Resolving {
///         let known = name == "id.example.com";
///         Box::pin(async move {
///             known.then(|| vec![IpAddr::V4(Ipv4Addr::new(8, 8, 8, 8))]).ok_or(std::io::ErrorKind::NotFound.into())
///         })
///     }
/// }
/// # let _ = One;
/// ```
pub trait Resolve: Send + Sync {
    /// The addresses of this name.
    fn resolve(&self, name: &str) -> Resolving;
}

/// The resolver of this machine.
///
/// ```
/// use vestibule_verify::fetch::{Resolve as _, SystemResolver};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// assert!(SystemResolver.resolve("localhost").await.is_ok_and(|found| found[0].is_loopback()));
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve(&self, name: &str) -> Resolving {
        let name = name.to_owned();
        Box::pin(async move {
            // A port must be given and changes nothing.
            let found = tokio::net::lookup_host((name.as_str(), 443)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}
