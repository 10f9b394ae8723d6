//! Turns: short slices of each side, one after the other, so that what others do on the machine touches all of them.

use std::time::Duration;

use anyhow::Result;
use rustix::time::{ClockId, clock_gettime};

/// One side of a case.
pub(crate) trait Side {
    /// Who it is: a column of the table.
    fn name(&self) -> &'static str;

    /// Works so many times and gives the processor time that it took.
    fn run(&mut self, times: u64) -> Result<Duration>;

    /// How long one slice should take.
    fn slice(&self) -> Duration {
        Duration::from_millis(2)
    }
}

/// A side in this thread.
pub(crate) struct Here<F> {
    pub(crate) name: &'static str,
    pub(crate) work: F,
}

/// A side made of a closure.
pub(crate) fn here(name: &'static str, work: impl FnMut() -> Result<()> + 'static) -> Box<dyn Side> {
    Box::new(Here { name, work })
}

impl<F: FnMut() -> Result<()>> Side for Here<F> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn run(&mut self, times: u64) -> Result<Duration> {
        // What the side before left in the caches is not this side's matter.
        (self.work)()?;
        let before = thread_cpu();
        for _ in 0..times {
            (self.work)()?;
        }
        Ok(thread_cpu().saturating_sub(before))
    }
}

/// What one side took.
#[derive(Clone, Debug)]
pub(crate) struct Taken {
    pub(crate) name: &'static str,
    /// Processor time of one call in microseconds: the median over the rounds.
    pub(crate) micros: f64,
    /// What the raw primitive took in the same round, divided by this: the median over the rounds.
    pub(crate) share: f64,
}

/// Lets the sides take turns; the first is what the others are held against.
pub(crate) fn turns(sides: &mut [Box<dyn Side>], rounds: usize) -> Result<Vec<Taken>> {
    let times = sides.iter_mut().map(|side| calibrate(side.as_mut())).collect::<Result<Vec<_>>>()?;
    let mut micros = vec![Vec::with_capacity(rounds); sides.len()];
    let mut shares = micros.clone();
    for _ in 0..rounds {
        // There and back again, so that a drift within the round falls on all alike.
        let mut sums = vec![0.0; sides.len()];
        for index in (0..sides.len()).chain((0..sides.len()).rev()) {
            let taken = sides[index].run(times[index])?;
            sums[index] += taken.as_secs_f64() * 1e6 / times[index] as f64 / 2.0;
        }
        for (index, sum) in sums.iter().enumerate() {
            micros[index].push(*sum);
            shares[index].push(sums[0] / sum);
        }
    }
    let rows = sides.iter().zip(micros.iter_mut().zip(&mut shares));
    Ok(rows.map(|(side, (m, s))| Taken { name: side.name(), micros: median(m), share: median(s) }).collect())
}

/// The value in the middle.
pub(crate) fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// How many calls make a slice.
fn calibrate(side: &mut dyn Side) -> Result<u64> {
    let mut times = 1;
    loop {
        let taken = side.run(times)?;
        if taken >= side.slice() / 2 || times >= 1 << 24 {
            let one = taken.as_secs_f64() / times as f64;
            return Ok(((side.slice().as_secs_f64() / one) as u64).max(1));
        }
        times *= 2;
    }
}

fn thread_cpu() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec as u64, now.tv_nsec as u32)
}
