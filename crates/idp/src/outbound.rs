//! Requests that go out to others. Who makes them is the composition root's affair; what they may reach is decided there.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use jose::{JwkSet, JwsAlgorithm};

/// What a request to somebody else's server gives.
pub type Answered = Pin<Box<dyn Future<Output = Result<u16, NotSent>> + Send>>;

/// What a document that was asked for gives.
pub type Fetching = Pin<Box<dyn Future<Output = Result<Fetched, NotSent>> + Send>>;

/// What a document that is kept gives.
pub type Documents = Pin<Box<dyn Future<Output = Result<Arc<Vec<u8>>, NotSent>> + Send>>;

/// What a key set that was asked for gives.
pub type Keys = Pin<Box<dyn Future<Output = Result<Arc<JwkSet>, NotSent>> + Send>>;

/// Sends requests out: bounded in time, size and number, with no redirect followed, to addresses that were looked at after
/// their name was resolved, and to this machine only where the address itself says so.
pub trait Outbound: Send + Sync {
    /// Posts a form to an address that a client registered; gives the status of the answer.
    fn post_form(&self, to: &str, body: String) -> Answered;

    /// Asks for a document at an address that the operator wrote. Nothing is kept of it.
    fn get(&self, asked: Get) -> Fetching;

    /// The keys at a client's `jwks_uri`, kept by the rules of HTTP and asked for by one for all.
    fn keys(&self, url: &str, wanted: Wanted) -> Keys;

    /// Another document that a client names, kept and asked for as keys are; one that is newer than this, where that does
    /// not do.
    fn document(&self, url: &str, newer_than: Option<Arc<Vec<u8>>>) -> Documents;
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

/// Which keys are wanted.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// Those for a signature with this header: asked for anew where none serves it.
    Serving {
        /// The header's `kid`.
        kid: Option<String>,
        /// The header's `alg`.
        alg: JwsAlgorithm,
    },
    /// Newer ones than these, under which a signature did not hold.
    NewerThan(Arc<JwkSet>),
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
