//! The machine, in the words a reader of the figures needs.

use std::fs;
use std::path::Path;

use anyhow::Result;

/// Where the figures come from.
#[derive(Clone, Debug)]
pub(crate) struct Machine {
    pub(crate) processor: String,
    pub(crate) cores: usize,
    pub(crate) kernel: String,
    /// Filesystem and device below the database.
    pub(crate) disk: String,
    /// How much others did in the minute before: the figures are only as good as the machine is quiet.
    pub(crate) load: String,
}

impl Machine {
    /// Looks around; the database lies in `directory`.
    pub(crate) fn look(directory: &Path) -> Result<Self> {
        let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
        let read = |path| fs::read_to_string(path).unwrap_or_default();
        Ok(Self {
            processor: model.map_or_else(|| std::env::consts::ARCH.to_owned(), |(_, name)| name.to_owned()),
            cores: std::thread::available_parallelism()?.get(),
            kernel: format!("Linux {}", read("/proc/sys/kernel/osrelease").trim()),
            disk: disk(&directory.canonicalize()?),
            load: read("/proc/loadavg").split(' ').next().unwrap_or_default().to_owned(),
        })
    }
}

/// The mount of proc_pid_mountinfo(5) with the longest path above `directory`; of several on one path the last counts.
fn disk(directory: &Path) -> String {
    let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    let found = mounts.lines().filter_map(|line| {
        let (fields, rest) = line.split_once(" - ")?;
        let point = fields.split(' ').nth(4)?;
        let mut rest = rest.split(' ');
        directory.starts_with(point).then_some((point.len(), format!("{} on {}", rest.next()?, rest.next()?)))
    });
    found.max_by_key(|(length, _)| *length).map_or_else(|| "an unknown disk".to_owned(), |(_, disk)| disk)
}
