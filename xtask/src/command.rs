//! Starting other programs: shown before they run, never with a standard input, and with an error that names them.

use anyhow::{Context as _, Result, bail};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// One program to run, in one folder.
#[derive(Debug)]
pub(crate) struct Run {
    command: Command,
    shown: String,
}

impl Run {
    /// `program` with `arguments`, in `folder`.
    pub(crate) fn new<S: AsRef<OsStr>>(folder: &Path, program: impl AsRef<OsStr>, arguments: &[S]) -> Run {
        let mut shown = program.as_ref().to_string_lossy().into_owned();
        for argument in arguments {
            shown.push(' ');
            shown.push_str(&argument.as_ref().to_string_lossy());
        }
        let mut command = Command::new(program);
        command.args(arguments).current_dir(folder).stdin(Stdio::null());
        // What `cargo run` tells this command about its own package would be taken by the children for theirs.
        for (name, _) in std::env::vars_os() {
            let told_by_cargo =
                name.to_str().is_some_and(|n| n.starts_with("CARGO_PKG_") || n.starts_with("CARGO_MANIFEST_"));
            if told_by_cargo {
                command.env_remove(name);
            }
        }
        Run { command, shown }
    }

    /// The cargo that runs this command.
    pub(crate) fn cargo<S: AsRef<OsStr>>(folder: &Path, arguments: &[S]) -> Run {
        let mut run = Run::new(folder, std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()), arguments);
        if let Some((_, rest)) = run.shown.split_once(' ') {
            run.shown = format!("cargo {rest}");
        }
        run
    }

    /// Adds one variable to the environment of the program.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Run {
        self.command.env(name, value);
        self
    }

    /// Adds several variables.
    pub(crate) fn envs(mut self, variables: &[(String, String)]) -> Run {
        self.command.envs(variables.iter().map(|(name, value)| (name, value)));
        self
    }

    /// The command itself, for a program that stays running.
    pub(crate) fn into_command(self) -> Command {
        self.command
    }

    /// Says what runs, passes its output on as it comes, and fails when it fails.
    pub(crate) fn loudly(mut self) -> Result<()> {
        println!("$ {}", self.shown);
        let status = self.command.status().with_context(|| format!("cannot start `{}`", self.shown))?;
        if !status.success() {
            bail!("`{}` ended with {status}", self.shown);
        }
        Ok(())
    }

    /// Runs and gives the standard output; on failure the error carries what it said.
    pub(crate) fn output(mut self) -> Result<String> {
        let output = self.command.output().with_context(|| format!("cannot start `{}`", self.shown))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            bail!("`{}` ended with {}: {}", self.shown, output.status, said.trim());
        }
        String::from_utf8(output.stdout).with_context(|| format!("`{}` answered something that is no text", self.shown))
    }

    /// Whether the program can be started and ends well; nothing is shown.
    pub(crate) fn succeeds(mut self) -> bool {
        let status = self.command.stdout(Stdio::null()).stderr(Stdio::null()).status();
        status.is_ok_and(|status| status.success())
    }
}

/// The first of `names` that is a program on `PATH` or in a folder for the administrator's programs.
pub(crate) fn which(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    folders.extend(["/usr/sbin", "/usr/local/sbin", "/sbin"].map(PathBuf::from));
    names.iter().find_map(|name| folders.iter().map(|folder| folder.join(name)).find(|file| file.is_file()))
}
