//! Requests that go out to others. Who makes them is the composition root's affair; what they may reach is decided there.

use std::pin::Pin;
use std::time::Duration;

/// What a request to somebody else's server gives.
pub type Answered = Pin<Box<dyn Future<Output = Result<u16, NotSent>> + Send>>;

/// What a document that was asked for gives.
pub type Fetching = Pin<Box<dyn Future<Output = Result<Fetched, NotSent>> + Send>>;

/// Sends requests out: bounded in time and size, with no redirect followed, and to this machine only where the address
/// itself says so.
pub trait Outbound: Send + Sync {
    /// Posts a form; gives the status of the answer.
    fn post_form(&self, to: &str, body: String) -> Answered;

    /// Asks for a document.
    fn get(&self, asked: Get) -> Fetching;
}

/// A document to ask for.
#[derive(Clone, Debug)]
pub struct Get {
    /// Its address.
    pub from: String,
    /// What the request says beside the usual: names in lower case, and values.
    pub headers: &'static [(&'static str, &'static str)],
    /// A longer one is not read.
    pub most_bytes: usize,
    /// How long it may take, whole.
    pub within: Duration,
}

/// A document that came, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// The status of the answer.
    pub status: u16,
    /// What it held.
    pub body: Vec<u8>,
}

/// Why there is no answer: for the log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotSent(pub String);
