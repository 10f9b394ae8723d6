//! DPoP proofs that came before (RFC 9449 §11.1).

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};

/// Whether a proof is new.
///
/// ```
/// use vestibule_verify::replays::IsNew;
///
/// let new: IsNew = Box::pin(async { true });
/// # let _ = new;
/// ```
pub type IsNew = Pin<Box<dyn Future<Output = bool> + Send>>;

/// Remembers proofs. One API on several machines shares one, or a proof counts once on each.
///
/// ```
/// use vestibule_verify::replays::{InMemory, Replays};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let replays = InMemory::default();
/// assert!(replays.first([7; 32], 100, 160).await);
/// assert!(!replays.first([7; 32], 101, 160).await);
/// # }
/// ```
pub trait Replays: Send + Sync {
    /// Whether this digest comes for the first time now; it is remembered until then. Seconds since 1970.
    fn first(&self, digest: [u8; 32], now: i64, until: i64) -> IsNew;
}

/// In the memory of this process: a million that still count, and then no more.
///
/// ```
/// use std::sync::Arc;
/// use vestibule_verify::Verifier;
/// use vestibule_verify::replays::InMemory;
///
/// let shared = Arc::new(InMemory::default());
/// let builder = Verifier::builder("https://id.example.com").replays(shared);
/// # let _ = builder;
/// ```
#[derive(Debug, Default)]
pub struct InMemory(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    seen: HashMap<[u8; 32], i64>,
    swept_at: i64,
}

impl Replays for InMemory {
    fn first(&self, digest: [u8; 32], now: i64, until: i64) -> IsNew {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if now - kept.swept_at >= SWEEP || kept.seen.len() >= MOST {
            kept.swept_at = now;
            kept.seen.retain(|_, until| now <= *until);
        }
        // Full of proofs that still count: what cannot be remembered is not let in.
        let first = kept.seen.len() < MOST && kept.seen.insert(digest, until).is_none_or(|until| now > until);
        Box::pin(std::future::ready(first))
    }
}

const MOST: usize = 1_000_000;
const SWEEP: i64 = 10;
