//! What single pieces of a proof of possession cost: `vestibule-bench-parts DIRECTORY SECONDS ROUNDS`, which `cargo xtask
//! bench` starts in the same run as it measures the whole through the front door, prints them as one line of JSON.
//! It owns the pieces alone, in this process, of the product's own code. It must never say what a request costs: that is
//! the bench's, which knows nothing of ours.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a command for developers: it prints, reads its arguments and takes times"
)]

mod alone;
mod clock;
mod kept;

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::Value;

fn main() -> ExitCode {
    match measured() {
        Ok(parts) => {
            println!("{parts}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("bench-parts: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Microseconds of processor time by the name of the piece.
fn measured() -> Result<Value> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [directory, seconds, rounds] = arguments.as_slice() else {
        anyhow::bail!("expected DIRECTORY SECONDS ROUNDS");
    };
    let (directory, rounds) = (Path::new(directory), rounds.parse::<usize>().context("ROUNDS")?.max(1));
    let duration = Duration::from_secs_f64(seconds.parse().context("SECONDS")?);
    let parts = alone::measure(rounds, duration)?.into_iter().chain(kept::measure(directory, rounds, duration)?);
    Ok(Value::Object(parts.map(|(name, micros)| (name.to_owned(), micros.into())).collect()))
}
