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
    /// How many are waited for now.
    pub(super) under_way: AtomicU64,
}

/// Counts one that is waited for, for as long as it is.
struct UnderWay<'a>(&'a AtomicU64);

impl<'a> UnderWay<'a> {
    fn begin(count: &'a AtomicU64) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
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
        Ok(Self { queue: sender, runs, under_way: AtomicU64::new(0) })
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
        let _waited_for = UnderWay::begin(&self.under_way);
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

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::*;
    use crate::passwords::phc::Phc;

    fn cost() -> Cost {
        let phc: Phc = "$argon2id$v=19$m=64,t=1,p=1$AgICAgICAgI$AQEBAQEBAQEBAQEBAQEBAQ".parse().ok().unwrap();
        phc.cost
    }

    /// A pool whose threads have not begun: what is queued stays queued.
    fn idle(queue: usize) -> (Pool, Mutex<Receiver<Job>>) {
        let (queue, jobs) = sync_channel(queue);
        (Pool { queue, runs: Arc::default(), under_way: AtomicU64::default() }, Mutex::new(jobs))
    }

    fn run(pool: &Pool) -> impl Future<Output = Result<Output, PasswordError>> + '_ {
        pool.run(cost(), Zeroizing::new(b"password".to_vec()), vec![2; 8], 32)
    }

    #[test]
    fn what_finds_no_room_is_refused_at_once() {
        let (pool, _jobs) = idle(2);
        let (mut one, mut two, mut three) = (pin!(run(&pool)), pin!(run(&pool)), pin!(run(&pool)));
        let mut context = Context::from_waker(Waker::noop());
        assert!(one.as_mut().poll(&mut context).is_pending());
        assert!(two.as_mut().poll(&mut context).is_pending());
        assert_eq!(three.as_mut().poll(&mut context), Poll::Ready(Err(PasswordError::Busy)));
        assert_eq!(pool.under_way.load(Ordering::Relaxed), 2, "who was refused does not count");
    }

    #[test]
    fn nothing_is_hashed_for_whoever_has_gone() {
        let (pool, jobs) = idle(2);
        let runs = Arc::clone(&pool.runs);
        let mut context = Context::from_waker(Waker::noop());
        {
            let mut goes = pin!(run(&pool));
            assert!(goes.as_mut().poll(&mut context).is_pending());
        }
        // The last hold on the pool: when it is answered the thread ends.
        let mut stays = Box::pin(async move { run(&pool).await });
        assert!(stays.as_mut().poll(&mut context).is_pending());
        thread::scope(|scope| {
            scope.spawn(|| work(&jobs, &runs, cost()));
            while stays.as_mut().poll(&mut context).is_pending() {
                thread::yield_now();
            }
        });
        assert_eq!(runs.load(Ordering::Relaxed), 1);
    }
}
