//! The commands, one file each, and what they share: a context for one piece of work, and ways to print.

pub(crate) mod app_group;
pub(crate) mod audit;
pub(crate) mod client;
pub(crate) mod demo;
pub(crate) mod doctor;
pub(crate) mod group;
pub(crate) mod init;
mod input;
pub(crate) mod key;
pub(crate) mod migrate;
pub(crate) mod session;
pub(crate) mod shell;
pub(crate) mod site;
pub(crate) mod table;
pub(crate) mod tools;
pub(crate) mod tools_folder;
pub(crate) mod user;

use std::io::Write;
use std::path::Path;

use anyhow::Context as _;
use idp::Context;
use serde::Serialize;

use crate::config;
use crate::house::{self, House};

/// How a command ended that could be carried out (CONTRACT §1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Done, or «yes».
    Done,
    /// «No»: faults were found.
    Negative,
}

/// Opens the context of the configuration for `work`, beside a running `serve` or alone.
pub(crate) fn with_context<T>(
    file: Option<&Path>,
    work: impl AsyncFnOnce(&Context) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let settings = config::load(file, &[])?;
    let house = House::enter(&settings)?;
    runtime()?.block_on(async {
        let context = house.open(house::issuer(&settings)).await?;
        let done = work(&context).await;
        context.close().await;
        done.map_err(|error| match error.downcast::<idp::Fault>() {
            Ok(fault) => house::advise(&fault),
            Err(other) => other,
        })
    })
}

/// One thread is enough for one piece of work.
pub(crate) fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}

/// Prints one line.
pub(crate) fn say(line: &str) -> anyhow::Result<()> {
    say_bytes(&[line.as_bytes(), b"\n"])
}

/// Prints bytes. Whoever reads them may have enough before the end, as `head` does; what the command found stands.
pub(crate) fn say_bytes(pieces: &[&[u8]]) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let written = pieces.iter().try_for_each(|piece| out.write_all(piece)).and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(error).context("cannot write to standard output; give it a place")
        }
        _ => Ok(()),
    }
}

/// Prints a value as JSON.
pub(crate) fn say_json(value: &impl Serialize) -> anyhow::Result<()> {
    say(&serde_json::to_string_pretty(value)?)
}
