//! What may be said on the command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, Subcommand};

/// Measures the release binary and the limits of the machine, and prints one table.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask bench", after_help = EXAMPLES)]
pub(crate) struct Options {
    /// Only these cases; may stand several times.
    #[arg(long, value_name = "NAME", value_parser = crate::cases::names())]
    pub(crate) only: Vec<String>,
    /// Very short runs, to see whether all of it works; the figures are worth little.
    #[arg(long)]
    pub(crate) quick: bool,
    /// How long each run under load takes, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 2.0)]
    pub(crate) seconds: f64,
    /// How often a case and its limit are measured in turn.
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub(crate) rounds: u32,
    /// Also write the figures as JSON.
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// Where the picture goes [default: bench.svg in the target directory].
    #[arg(long, value_name = "FILE")]
    pub(crate) svg: Option<PathBuf>,
    /// The directory for the database; made anew [default: in the target directory].
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// What the bench starts of itself.
#[derive(Clone, Copy, Debug, Subcommand)]
pub(crate) enum Command {
    /// Serves one answer of so many bytes with nothing but axum.
    #[command(hide = true)]
    Bare {
        /// The length of the body.
        bytes: usize,
    },
}

impl Options {
    /// How long each run under load takes.
    pub(crate) fn duration(&self) -> Duration {
        if self.quick { QUICK } else { Duration::from_secs_f64(self.seconds.clamp(0.1, 60.0)) }
    }

    /// How often a case and its limit take turns.
    pub(crate) fn rounds(&self) -> u32 {
        if self.quick { 1 } else { self.rounds.clamp(1, 100) }
    }

    /// Whether a case is to be measured.
    pub(crate) fn wants(&self, case: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|name| name == case)
    }
}

const QUICK: Duration = Duration::from_millis(300);
const EXAMPLES: &str = "Examples:
    cargo xtask bench --quick
    cargo xtask bench --only jwks --only refresh --seconds 5
    cargo xtask bench --json target/bench.json";
