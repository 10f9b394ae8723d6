//! The threads that run Argon2: so many, each with one block of memory that it keeps, below the others' priority.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use argon2::{Algorithm, Argon2, Block, Version};
use tokio::sync::oneshot;
use zeroize::Zeroizing;

use super::PasswordError;
use super::phc::Cost;

/// The way to the threads. They end when it is dropped.
pub(super) struct Pool {
    queue: SyncSender<Job>,
    pub(super) runs: Arc<AtomicU64>,
}

type Output = Zeroizing<Vec<u8>>;

struct Job {
    cost: Cost,
    password: Zeroizing<Vec<u8>>,
    salt: Vec<u8>,
    length: usize,
    answer: oneshot::Sender<Option<Output>>,
}

impl Pool {
    /// Starts `threads` threads, for which `queue` jobs may wait. Each keeps the memory that `usual` takes.
    pub(super) fn start(threads: NonZeroUsize, queue: NonZeroUsize, usual: Cost) -> Result<Self, PasswordError> {
        let (sender, receiver) = sync_channel(queue.get());
        let (receiver, runs) = (Arc::new(Mutex::new(receiver)), Arc::new(AtomicU64::new(0)));
        for _ in 0..threads.get() {
            let (receiver, runs) = (Arc::clone(&receiver), Arc::clone(&runs));
            thread::Builder::new()
                .name("password".to_owned())
                .spawn(move || work(&receiver, &runs, usual))
                .map_err(|_| PasswordError::Stopped)?;
        }
        Ok(Self { queue: sender, runs })
    }

    /// Runs Argon2id once; refuses at once where too many wait.
    pub(super) async fn run(
        &self,
        cost: Cost,
        password: Zeroizing<Vec<u8>>,
        salt: Vec<u8>,
        length: usize,
    ) -> Result<Output, PasswordError> {
        let (answer, answered) = oneshot::channel();
        self.queue.try_send(Job { cost, password, salt, length, answer }).map_err(|error| match error {
            TrySendError::Full(_) => PasswordError::Busy,
            TrySendError::Disconnected(_) => PasswordError::Stopped,
        })?;
        answered.await.map_err(|_| PasswordError::Stopped)?.ok_or(PasswordError::Corrupt)
    }
}

fn work(jobs: &Mutex<Receiver<Job>>, runs: &AtomicU64, usual: Cost) {
    step_back();
    let mut memory = Vec::new();
    loop {
        // The lock is held while waiting: whoever holds it takes the next job, the others wait for the lock.
        let next = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = next else { return };
        if job.answer.is_closed() {
            continue;
        }
        runs.fetch_add(1, Ordering::Relaxed);
        let output = hash(&job, &mut memory);
        memory.truncate(blocks(usual));
        memory.shrink_to_fit();
        // Whoever asked may have gone meanwhile: then nobody wants the answer.
        drop(job.answer.send(output));
    }
}

/// `None` where the parameters are not Argon2's.
fn hash(job: &Job, memory: &mut Vec<Block>) -> Option<Output> {
    let params = job.cost.params(job.length).ok()?;
    if memory.len() < params.block_count() {
        memory.resize(params.block_count(), Block::new());
    }
    let mut output = Zeroizing::new(vec![0; job.length]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into_with_memory(&job.password, &job.salt, &mut output, memory)
        .ok()?;
    Some(output)
}

fn blocks(cost: Cost) -> usize {
    cost.params(32).map_or(0, |params| params.block_count())
}

/// Answers that need no password go first. On Linux the nice value is the thread's; elsewhere it is the whole
/// process's, which would gain nothing.
fn step_back() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(10) {
        tracing::debug!(%error, "the password threads keep their priority");
    }
}
