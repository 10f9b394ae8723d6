//! Single pieces of the product's code, as a program beside this one measures them in the same run.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};

use crate::options::Options;

/// Microseconds of processor time by the name of the piece.
pub(crate) struct Pieces(BTreeMap<String, f64>);

impl Pieces {
    /// Starts the program that `BENCH_PARTS` names and waits for what it found; its database lies in `directory`.
    pub(crate) fn measure(directory: &Path, options: &Options) -> Result<Self> {
        let program = std::env::var_os("BENCH_PARTS").context("BENCH_PARTS does not name vestibule-bench-parts")?;
        let (seconds, rounds) = (options.duration().as_secs_f64().to_string(), options.rounds().to_string());
        let mut command = Command::new(program);
        command.arg(directory).args([seconds, rounds]).env_clear().stdin(Stdio::null()).stderr(Stdio::inherit());
        let output = command.output().with_context(|| format!("cannot start {command:?}"))?;
        ensure!(output.status.success(), "{command:?} ended with {}", output.status);
        Ok(Self(serde_json::from_slice(&output.stdout).context("the pieces")?))
    }

    /// One of them.
    pub(crate) fn get(&self, name: &str) -> Result<f64> {
        self.0.get(name).copied().with_context(|| format!("no piece «{name}»"))
    }
}
