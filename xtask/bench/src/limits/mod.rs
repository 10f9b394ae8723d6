//! What the machine can do at best, measured in the same run as what is held against it.

mod argon2id;
mod es256;
mod sqlite;

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::process::thread_cpu;

/// The limits, in microseconds each.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Processor time of one ES256 signature.
    pub(crate) sign: f64,
    /// Processor time of one ES256 verification.
    pub(crate) verify: f64,
    /// Processor time of one Argon2id run alone.
    pub(crate) argon2_alone: f64,
    /// The same while every core runs one: they share the memory's bandwidth.
    pub(crate) argon2_together: f64,
    /// Time of one durable SQLite commit, one after the other.
    pub(crate) commit: f64,
    /// Time per transaction where 64 share a commit.
    pub(crate) commit_in_group: f64,
}

impl Limits {
    /// Measures them; the database lies in `directory`.
    pub(crate) fn measure(directory: &Path, threads: usize, duration: Duration) -> Result<Self> {
        let (sign, verify) = es256::measure(duration)?;
        Ok(Self {
            sign,
            verify,
            argon2_alone: argon2id::measure(1, duration)?,
            argon2_together: argon2id::measure(threads, duration)?,
            commit: sqlite::measure(directory, 1, duration)?,
            commit_in_group: sqlite::measure(directory, GROUP, duration)?,
        })
    }
}

/// [`Limits::argon2_together`] once more, beside what is held against it.
pub(crate) fn argon2id_together(threads: usize, duration: Duration) -> Result<f64> {
    argon2id::measure(threads, duration)
}

/// The processor time, in microseconds, of one call of `work`, called for `duration`.
fn processor_time(duration: Duration, mut work: impl FnMut() -> Result<()>) -> Result<f64> {
    let (begun, before) = (Instant::now(), thread_cpu()?);
    let mut count = 0_u64;
    while begun.elapsed() < duration {
        work()?;
        count += 1;
    }
    Ok((thread_cpu()? - before).as_secs_f64() * 1e6 / count as f64)
}

/// Transactions that share a commit.
pub(crate) const GROUP: usize = 64;
/// What one run of Argon2id takes.
pub(crate) const ARGON2_MIB: f64 = argon2id::MEMORY_KIB as f64 / 1024.0;
