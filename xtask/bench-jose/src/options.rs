//! What may be said on the command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// Measures jose against the raw primitives and against other libraries, and prints one table.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask bench jose", after_help = EXAMPLES)]
pub(crate) struct Options {
    /// Only the cases whose name holds this; may stand several times.
    #[arg(long, value_name = "TEXT")]
    pub(crate) only: Vec<String>,
    /// Very short runs, to see whether all of it works; the figures are worth little.
    #[arg(long)]
    pub(crate) quick: bool,
    /// How often raw primitive, jose and the others take turns in each case.
    #[arg(long, value_name = "N", default_value_t = 300)]
    pub(crate) rounds: usize,
    /// Bytes of the file whose HMAC is taken.
    #[arg(long, value_name = "BYTES", default_value_t = 1 << 30)]
    pub(crate) file_bytes: u64,
    /// Also write the figures as JSON.
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// Also draw the picture.
    #[arg(long, value_name = "FILE")]
    pub(crate) svg: Option<PathBuf>,
    /// A folder for the large file [default: the system's temporary one].
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
    /// The program that measures josekit.
    #[arg(long, value_name = "FILE", env = "BENCH_JOSEKIT")]
    pub(crate) josekit: Option<PathBuf>,
    /// Node, to compare with panva/jose.
    #[arg(long, value_name = "FILE", env = "BENCH_NODE")]
    pub(crate) node: Option<PathBuf>,
    /// The `vestibule` whose `hmac` command is measured; without it, jose's streaming MAC is.
    #[arg(long, value_name = "FILE", env = "VESTIBULE_BIN")]
    pub(crate) vestibule: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// What is for profilers, and what the bench starts of itself.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum Command {
    /// Runs one side of one case and nothing else, for a profiler.
    Repeat {
        /// The case, as the table names it.
        case: String,
        /// `raw`, `jose` or `jsonwebtoken`.
        side: String,
        /// How often.
        times: u64,
    },
    /// Takes the HMAC-SHA-256 of a file with jose.
    #[command(hide = true)]
    Hmac {
        /// The file.
        file: PathBuf,
    },
}

impl Options {
    /// How often the sides take turns.
    pub(crate) fn rounds(&self) -> usize {
        if self.quick { 5 } else { self.rounds.clamp(3, 100_000) }
    }

    /// Bytes of the large file.
    pub(crate) fn file_bytes(&self) -> u64 {
        if self.quick { self.file_bytes.min(32 << 20) } else { self.file_bytes }
    }

    /// Whether a case is to be measured.
    pub(crate) fn wants(&self, case: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|text| case.contains(text.as_str()))
    }
}

const EXAMPLES: &str = "Examples:
    cargo xtask bench jose --quick
    cargo xtask bench jose --only HS256 --only RS256
    cargo xtask bench jose --json target/bench-jose.json --svg docs/bench-jose.svg
    cargo xtask bench jose repeat 'HS256 verify' jose 100000";
