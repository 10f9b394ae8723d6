//! What lies at many addresses, each kept by itself.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jose::remote::Policy;

use super::shared::{Read, Shared};
use crate::clock::Clock;
use crate::fetch::Fetch;

/// By address.
pub(super) struct Many<T> {
    fetch: Arc<dyn Fetch>,
    clock: Arc<dyn Clock>,
    read: Read<T>,
    kept: Mutex<HashMap<String, Kept<T>>>,
}

/// One, and when it was last asked for.
struct Kept<T> {
    shared: Arc<Shared<T>>,
    used_at: i64,
}

impl<T: Send + Sync + 'static> Many<T> {
    pub(super) fn new(fetch: Arc<dyn Fetch>, clock: Arc<dyn Clock>, read: Read<T>) -> Self {
        Self { fetch, clock, read, kept: Mutex::default() }
    }

    /// Of too many, those that nobody has asked for longest are forgotten.
    pub(super) fn at(&self, url: &str) -> Arc<Shared<T>> {
        let now = self.clock.now_ms();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(one) = kept.get_mut(url) {
            one.used_at = now;
            return Arc::clone(&one.shared);
        }
        if kept.len() >= MOST {
            let oldest = kept.iter().min_by_key(|(_, one)| one.used_at).map(|(url, _)| url.clone());
            oldest.and_then(|url| kept.remove(&url));
        }
        let (fetch, clock) = (Arc::clone(&self.fetch), Arc::clone(&self.clock));
        let shared = Shared::new(url.to_owned(), fetch, clock, Policy::KEYS, self.read);
        kept.insert(url.to_owned(), Kept { shared: Arc::clone(&shared), used_at: now });
        shared
    }
}

const MOST: usize = 1000;
