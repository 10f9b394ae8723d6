//! Requests that go out to others. Who makes them is the composition root's affair; what they may reach is decided there.

use std::pin::Pin;

/// What a request to somebody else's server gives.
pub type Answered = Pin<Box<dyn Future<Output = Result<u16, NotSent>> + Send>>;

/// Sends requests out: bounded in time and size, with no redirect followed, and to this machine only where the address
/// itself says so.
pub trait Outbound: Send + Sync {
    /// Posts a form; gives the status of the answer.
    fn post_form(&self, to: &str, body: String) -> Answered;
}

/// Why there is no answer: for the log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotSent(pub String);
