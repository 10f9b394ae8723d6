//! From the start of the process to its first answer, with the database that the other cases left, as a crash
//! leaves it.

use std::time::Instant;

use anyhow::{Result, ensure};

use crate::bench::Bench;
use crate::http::get;
use crate::report::{Bar, Row};

pub(super) fn run(bench: &mut Bench<'_>) -> Result<()> {
    let mut times = Vec::new();
    for _ in 0..if bench.options.quick { 3 } else { STARTS } {
        bench.server.kill()?;
        let begun = Instant::now();
        bench.server = bench.provider.serve()?;
        let listening = begun.elapsed();
        let (status, _) = bench.ask(&get(bench.server.address, "/.well-known/jwks.json"))?;
        ensure!(status == 200, "{status}");
        times.push((begun.elapsed().as_secs_f64() * 1e3, listening.as_secs_f64() * 1e3));
    }
    times.sort_unstable_by(|one, other| one.0.total_cmp(&other.0));
    let (median, listening) = times[times.len() / 2];
    let slowest = times.last().map_or(median, |(time, _)| *time);
    let note = format!("median of {} starts; it listens after {listening:.0} ms; slowest {slowest:.0} ms", times.len());
    bench.rows.push(Row::new("start", "to the first answer", median, Bar::at_most(150.0, " ms"), note));
    Ok(())
}

const STARTS: usize = 9;
