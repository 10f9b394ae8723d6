//! What was measured, as a table, as JSON and as a picture.

mod json;
mod svg;
mod table;

use std::fs;

use anyhow::Result;

use crate::file::FileCase;
use crate::measure::Taken;

/// All of one run.
pub(crate) struct Report {
    pub(crate) machine: Machine,
    pub(crate) rows: Vec<Row>,
    pub(crate) file: Option<FileCase>,
}

/// One case.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) case: String,
    pub(crate) bar: Option<f64>,
    /// The raw primitive first.
    pub(crate) taken: Vec<Taken>,
}

/// Where the figures come from.
#[derive(Clone, Debug)]
pub(crate) struct Machine {
    pub(crate) processor: String,
    pub(crate) cores: usize,
    pub(crate) kernel: String,
    /// How much others did in the minute before.
    pub(crate) load: String,
}

/// Looks around.
pub(crate) fn machine() -> Result<Machine> {
    let read = |path| fs::read_to_string(path).unwrap_or_default();
    let info = read("/proc/cpuinfo");
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    Ok(Machine {
        processor: model.map_or_else(|| std::env::consts::ARCH.to_owned(), |(_, name)| name.to_owned()),
        cores: std::thread::available_parallelism()?.get(),
        kernel: format!("Linux {}", read("/proc/sys/kernel/osrelease").trim()),
        load: read("/proc/loadavg").split(' ').next().unwrap_or_default().to_owned(),
    })
}

impl Row {
    /// What this side took.
    pub(crate) fn of(&self, side: &str) -> Option<&Taken> {
        self.taken.iter().find(|taken| taken.name == side)
    }

    /// Jose's share of the raw primitive's speed.
    pub(crate) fn share(&self) -> f64 {
        self.of("jose").map_or(f64::NAN, |taken| taken.share)
    }

    /// Whether the bar is met, where there is one.
    pub(crate) fn holds(&self) -> Option<bool> {
        self.bar.map(|bar| self.share() >= bar)
    }
}

/// The columns of those that jose is compared with.
pub(crate) const OTHERS: [&str; 3] = ["jsonwebtoken", "josekit", "panva/jose"];
/// Of the large file.
pub(crate) const FILE_BAR: f64 = 1.0;
