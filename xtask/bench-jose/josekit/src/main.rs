//! josekit for `cargo xtask bench jose`, in a process of its own.
//! It owns the calls and the line-by-line talk with the bench: one line of JSON says what to do and how often, one answers
//! with the processor time.
//! It must stay out of the bench's own build: it brings OpenSSL, and it switches on features of serde_json that would make
//! jose another program than the one that is shipped.
#![allow(clippy::print_stdout, reason = "its answers")]

mod work;

use std::collections::HashMap;
use std::io::{BufRead as _, Write as _, stdin, stdout};
use std::time::Duration;

use anyhow::Result;
use rustix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};

use crate::work::{Case, Work, prepare};

fn main() -> Result<()> {
    let mut prepared: HashMap<String, Work> = HashMap::new();
    for line in stdin().lock().lines() {
        let mut message: Value = serde_json::from_str(&line?)?;
        let times = message["times"].take().as_u64().unwrap_or(1);
        let key = message.to_string();
        let work = match prepared.entry(key) {
            std::collections::hash_map::Entry::Occupied(there) => there.into_mut(),
            std::collections::hash_map::Entry::Vacant(free) => free.insert(prepare(&Case::read(message)?)?),
        };
        let before = thread_cpu();
        for _ in 0..times {
            work()?;
        }
        let taken = thread_cpu().saturating_sub(before);
        writeln!(stdout(), "{}", json!({ "micros": taken.as_secs_f64() * 1e6 }))?;
        stdout().flush()?;
    }
    Ok(())
}

fn thread_cpu() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec as u64, now.tv_nsec as u32)
}
