//! Argon2id with the product's parameters (m=19 MiB, t=2, p=1), each thread in memory that it keeps.

use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result};
use argon2::{Algorithm, Argon2, Block, Params, Version};

use super::processor_time;

/// Microseconds of one run while `threads` of them run at once.
pub(super) fn measure(threads: usize, duration: Duration) -> Result<f64> {
    let costs: Vec<Result<f64>> = thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(|| one(duration))).collect();
        running.into_iter().map(|thread| thread.join().unwrap_or_else(|_| anyhow::bail!("Argon2id"))).collect()
    });
    let costs: Vec<f64> = costs.into_iter().collect::<Result<_>>()?;
    Ok(costs.iter().sum::<f64>() / costs.len() as f64)
}

fn one(duration: Duration) -> Result<f64> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).ok().context("the parameters")?;
    let mut memory = vec![Block::new(); params.block_count()];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut output = [0; 32];
    let mut hash = || {
        argon2
            .hash_password_into_with_memory(b"correct horse battery staple", &[7; 16], &mut output, &mut memory)
            .ok()
            .context("Argon2id")
    };
    // The first touches the memory.
    hash()?;
    processor_time(duration, hash)
}

pub(crate) const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
