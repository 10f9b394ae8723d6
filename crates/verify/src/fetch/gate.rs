//! How much is fetched at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// A place for one request: of its host's, and of all. A slow host takes its own places and leaves the others theirs.
pub(super) struct Gate {
    all: Arc<Semaphore>,
    hosts: Mutex<HashMap<String, Arc<Semaphore>>>,
}

pub(super) struct Place {
    _of_host: OwnedSemaphorePermit,
    _of_all: OwnedSemaphorePermit,
}

impl Gate {
    pub(super) fn new() -> Self {
        Self { all: Arc::new(Semaphore::new(OF_ALL)), hosts: Mutex::default() }
    }

    /// Waits for a place.
    pub(super) async fn enter(&self, host: &str) -> Place {
        let places = self.of(host);
        let (of_host, of_all) = (places.acquire_owned().await, Arc::clone(&self.all).acquire_owned().await);
        let open = "nobody closes them";
        Place { _of_host: of_host.expect(open), _of_all: of_all.expect(open) }
    }

    fn of(&self, host: &str) -> Arc<Semaphore> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if hosts.len() >= SWEEP && !hosts.contains_key(host) {
            // Whoever holds or awaits a place has a reference.
            hosts.retain(|_, places| Arc::strong_count(places) > 1);
        }
        Arc::clone(hosts.entry(host.to_owned()).or_insert_with(|| Arc::new(Semaphore::new(OF_HOST))))
    }
}

const OF_ALL: usize = 128;
const OF_HOST: usize = 16;
const SWEEP: usize = 256;
