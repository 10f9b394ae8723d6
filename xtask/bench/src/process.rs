//! A process that answers requests, and what the system's accounting says of it.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use rustix::process::{Pid, Signal, kill_process};

/// A server that said where it listens. It ends with this value.
pub(crate) struct Process {
    child: Child,
    pub(crate) address: SocketAddr,
}

/// Resident memory, in KiB.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Memory {
    pub(crate) now: u64,
    /// The most since the start.
    pub(crate) peak: u64,
}

impl Process {
    /// Starts it and waits until it says `listening on http://…`.
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        let mut child = command.stdout(Stdio::piped()).spawn().with_context(|| format!("cannot start {command:?}"))?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut line)?;
        }
        let said = line.trim().strip_prefix("listening on http://").and_then(|address| address.parse().ok());
        match said {
            Some(address) => Ok(Self { child, address }),
            None => {
                drop(child.kill());
                bail!("{command:?} did not say where it listens, but «{}»", line.trim())
            }
        }
    }

    /// Its processor time since its start, all threads together.
    pub(crate) fn cpu(&self) -> Result<Duration> {
        cpu_of(&format!("/proc/{}/stat", self.child.id()))
    }

    pub(crate) fn memory(&self) -> Result<Memory> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).with_context(|| name.to_owned())
        };
        Ok(Memory { now: field("VmRSS:")?, peak: field("VmHWM:")? })
    }

    /// The processor time of its threads of this name that still run.
    pub(crate) fn cpu_of_threads(&self, name: &str) -> Result<Duration> {
        let mut sum = Duration::ZERO;
        for thread in fs::read_dir(format!("/proc/{}/task", self.child.id()))? {
            let path = thread?.path();
            if fs::read_to_string(path.join("comm"))?.trim() == name {
                sum += cpu_of(&path.join("stat").display().to_string())?;
            }
        }
        Ok(sum)
    }

    /// Ends it as a crash would.
    pub(crate) fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Asks it to end, and waits; anything but success is an error.
    pub(crate) fn stop(mut self) -> Result<()> {
        kill_process(Pid::from_child(&self.child), Signal::TERM)?;
        let status = self.child.wait()?;
        if !status.success() {
            bail!("the server ended with {status}");
        }
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The processor time of this process.
pub(crate) fn own_cpu() -> Result<Duration> {
    cpu_of("/proc/self/stat")
}

/// The processor time of the calling thread.
pub(crate) fn thread_cpu() -> Result<Duration> {
    cpu_of("/proc/thread-self/stat")
}

/// `utime` and `stime` of proc_pid_stat(5), counted from behind the name, which may hold blanks.
fn cpu_of(path: &str) -> Result<Duration> {
    let text = fs::read_to_string(path).with_context(|| path.to_owned())?;
    let fields = text.rsplit_once(')').map(|(_, rest)| rest.split_whitespace()).context("stat without a name")?;
    let ticks: u64 = fields.skip(11).take(2).map(|field| field.parse::<u64>().unwrap_or_default()).sum();
    Ok(Duration::from_millis(ticks * 1000 / TICKS_PER_SECOND))
}

/// What Linux tells programs on every architecture, whatever the kernel counts in.
const TICKS_PER_SECOND: u64 = 100;
