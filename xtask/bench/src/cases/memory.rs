//! Resident memory: at rest, and the most it ever took.

use std::thread::sleep;
use std::time::Duration;

use anyhow::{Result, ensure};

use crate::bench::Bench;
use crate::http::get;
use crate::limits::ARGON2_MIB;
use crate::report::{Bar, Row};

pub(super) fn idle(bench: &mut Bench<'_>) -> Result<()> {
    let (status, _) = bench.ask(&get(bench.server.address, "/.well-known/jwks.json"))?;
    ensure!(status == 200, "{status}");
    sleep(REST);
    let memory = bench.server.memory()?;
    let note = "after its first answer and a second of rest".to_owned();
    bench.rows.push(Row::new("memory", "resident, idle", mib(memory.now), Bar::at_most(30.0, " MiB"), note));
    Ok(())
}

pub(super) fn peak(bench: &mut Bench<'_>) -> Result<()> {
    let memory = bench.server.memory()?;
    let pool = bench.machine.cores as f64 * ARGON2_MIB;
    let extent = if bench.options.only.is_empty() { "the whole bench" } else { "the chosen cases alone" };
    let note =
        format!("over {extent}; now {:.1} MiB; the bar is 60 MiB and the Argon2 pool's {pool:.0}", mib(memory.now));
    bench.rows.push(Row::new("memory", "resident, peak", mib(memory.peak), Bar::at_most(60.0 + pool, " MiB"), note));
    Ok(())
}

fn mib(kib: u64) -> f64 {
    kib as f64 / 1024.0
}

const REST: Duration = Duration::from_secs(1);
