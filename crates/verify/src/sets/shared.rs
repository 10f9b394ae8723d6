//! One document for all who want it: one fetches, the others wait.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jose::Limits;
use jose::remote::{Freshness, Landing, Policy, Refusal, Remote, Step, Wish};
use tokio::sync::watch;

use crate::clock::Clock;
use crate::fetch::{Answer, Fetch, Request};

/// Why a document is not at hand: for the log.
///
/// ```
/// use std::sync::Arc;
/// use vestibule_verify::clock::System;
/// use vestibule_verify::fetch::{Fetcher, Reach};
/// use vestibule_verify::sets::KeySets;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let sets = KeySets::new(Arc::new(Fetcher::new(Reach::public())), Arc::new(System));
/// let error = sets.at("https://10.0.0.1/jwks").keys().await.expect_err("a private address");
/// assert!(error.to_string().contains("out of reach"));
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Unavailable {
    /// Where it lies.
    pub url: String,
    /// Why it was not fetched now.
    pub refusal: Refusal,
    /// What went wrong last.
    pub last: String,
}

impl std::fmt::Display for Unavailable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { url, refusal, last } = self;
        write!(f, "{url}: {refusal} ({last})")
    }
}

impl std::error::Error for Unavailable {}

/// How often a document was asked for, and how often in vain.
///
/// ```
/// use vestibule_verify::sets::Counts;
///
/// let counts = Counts { fetched: 3, failed: 1 };
/// assert!(counts.failed <= counts.fetched);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All fetches that ended.
    pub fetched: u64,
    /// Those that gave nothing to use.
    pub failed: u64,
}

/// Reads what came.
pub(super) type Read<T> = fn(&[u8]) -> Result<T, String>;

pub(crate) struct Shared<T> {
    url: String,
    fetch: Arc<dyn Fetch>,
    clock: Arc<dyn Clock>,
    read: Read<T>,
    remote: Mutex<Remote<T>>,
    last_error: Mutex<String>,
    /// Tells those who wait that a fetch has ended.
    landed: watch::Sender<()>,
    succeeded: AtomicU64,
    failed: AtomicU64,
}

impl<T: Send + Sync + 'static> Shared<T> {
    pub(crate) fn new(
        url: String,
        fetch: Arc<dyn Fetch>,
        clock: Arc<dyn Clock>,
        policy: Policy,
        read: Read<T>,
    ) -> Arc<Self> {
        let (remote, last_error) = (Mutex::new(Remote::new(policy)), Mutex::default());
        let (landed, succeeded, failed) = (watch::Sender::new(()), AtomicU64::new(0), AtomicU64::new(0));
        Arc::new(Self { url, fetch, clock, read, remote, last_error, landed, succeeded, failed })
    }

    pub(crate) async fn get(self: &Arc<Self>, wish: Wish<'_, T>) -> Result<Arc<T>, Unavailable> {
        let mut landed: Option<watch::Receiver<()>> = None;
        loop {
            let step = self.remote().ask(self.clock.now_ms(), wish);
            // Whoever waits subscribes before it asks again: a fetch that ends in between is not missed.
            let subscribed = landed.is_some();
            let begins = match step {
                Step::Use(value) => return Ok(value),
                Step::Refresh(value) => {
                    self.begin();
                    return Ok(value);
                }
                Step::Refuse(refusal) => return Err(self.unavailable(refusal)),
                Step::Fetch => true,
                Step::Wait => false,
            };
            let ended = landed.get_or_insert_with(|| self.landed.subscribe());
            match (begins, subscribed) {
                (true, _) => self.begin(),
                (false, true) => {}
                (false, false) => continue,
            }
            // The sender is this value's own: it is there as long as somebody waits.
            let _ = ended.changed().await;
        }
    }

    pub(crate) fn not_there(&self, name: &str) {
        self.remote().not_there(self.clock.now_ms(), name);
    }

    pub(crate) fn counts(&self) -> Counts {
        let (succeeded, failed) = (self.succeeded.load(Ordering::Relaxed), self.failed.load(Ordering::Relaxed));
        Counts { fetched: succeeded + failed, failed }
    }

    pub(crate) fn is_failing(&self) -> bool {
        self.remote().is_failing()
    }

    fn remote(&self) -> MutexGuard<'_, Remote<T>> {
        self.remote.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn unavailable(&self, refusal: Refusal) -> Unavailable {
        let last = self.last_error.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Unavailable { url: self.url.clone(), refusal, last }
    }

    /// In a task of its own: whoever waits may go away.
    fn begin(self: &Arc<Self>) {
        let flight = Flight { shared: Arc::clone(self), landing: None };
        tokio::spawn(async move {
            let mut flight = flight;
            flight.landing = Some(flight.shared.fetched().await);
        });
    }

    async fn fetched(&self) -> Landing<T> {
        let etag = self.remote().etag().map(str::to_owned);
        let mut request =
            Request::get(&self.url).header("accept", "application/json").at_most(Limits::DEFAULT.set_bytes);
        request = request.within(LONGEST);
        if let Some(etag) = &etag {
            request = request.header("if-none-match", etag);
        }
        let landing = match self.fetch.fetch(request).await {
            Ok(answer) => self.read(answer, etag.is_some()),
            Err(error) => Err(error.to_string()),
        };
        landing.unwrap_or_else(|error| {
            *self.last_error.lock().unwrap_or_else(PoisonError::into_inner) = error;
            Landing::Failed
        })
    }

    fn read(&self, answer: Answer, conditional: bool) -> Result<Landing<T>, String> {
        let cache_control = answer.all("cache-control");
        let fresh =
            Freshness::of(&cache_control, answer.header("age"), answer.header("expires"), answer.header("date"));
        match answer.status {
            304 if conditional => Ok(Landing::Same { fresh }),
            200 => {
                let value = (self.read)(&answer.body)?;
                Ok(Landing::New { value, etag: answer.header("etag").map(str::to_owned), fresh })
            }
            status => Err(format!("the answer is {status}")),
        }
    }
}

impl<T> std::fmt::Debug for Shared<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").field("url", &self.url).finish_non_exhaustive()
    }
}

/// A fetch under way: it lands whatever happens to its task.
struct Flight<T: Send + Sync + 'static> {
    shared: Arc<Shared<T>>,
    landing: Option<Landing<T>>,
}

impl<T: Send + Sync + 'static> Drop for Flight<T> {
    fn drop(&mut self) {
        let landing = self.landing.take().unwrap_or(Landing::Failed);
        let counter = if matches!(landing, Landing::Failed) { &self.shared.failed } else { &self.shared.succeeded };
        counter.fetch_add(1, Ordering::Relaxed);
        self.shared.remote().landed(self.shared.clock.now_ms(), landing);
        self.shared.landed.send_replace(());
    }
}

/// For one fetch, whole: shorter than [`Policy::flight`].
const LONGEST: Duration = Duration::from_secs(5);
