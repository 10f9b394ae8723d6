//! What the tools ask for: files, standard input, URLs; all of it bounded.

use std::fs::File;
use std::io::Read;

use anyhow::{Context as _, anyhow};
use toolbox::{Fact, MOST_HELD, Need, Stream};
use zeroize::Zeroizing;

use crate::commands::runtime;
use crate::fetch::fetch;

/// Reads and fetches; standard input only once.
#[derive(Default)]
pub(super) struct Hands {
    standard_input: Option<Zeroizing<Vec<u8>>>,
}

impl Hands {
    /// Meets a need.
    pub(super) fn meet(&mut self, need: &Need) -> anyhow::Result<Fact> {
        match need {
            Need::Read(path) if path == "-" => {
                if self.standard_input.is_none() {
                    self.standard_input = Some(whole(&mut std::io::stdin().lock(), "standard input")?);
                }
                Ok(Fact::Read(self.standard_input.clone().unwrap_or_default()))
            }
            Need::Read(path) => {
                let mut file = open(path)?;
                if file.metadata().is_ok_and(|facts| facts.len() > MOST_HELD as u64) {
                    return Err(too_long(path));
                }
                Ok(Fact::Read(whole(&mut file, path)?))
            }
            Need::Fetch(url) => {
                let answer = runtime()?.block_on(fetch(url))?;
                Ok(Fact::Fetched { status: answer.status, headers: answer.headers, body: answer.body })
            }
        }
    }

    /// Feeds a stream with a file or, where its name is `-`, with standard input.
    pub(super) fn feed(&mut self, path: &str, stream: &mut dyn Stream) -> anyhow::Result<()> {
        match path {
            "-" => pour(&mut std::io::stdin().lock(), "standard input", stream),
            path => pour(&mut open(path)?, path, stream),
        }
    }
}

fn open(path: &str) -> anyhow::Result<File> {
    File::open(path).with_context(|| format!("cannot read {path}; give a file that is there"))
}

fn whole(source: &mut impl Read, name: &str) -> anyhow::Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::new());
    let read = source.take(MOST_HELD as u64 + 1).read_to_end(&mut bytes);
    read.with_context(|| format!("cannot read {name}; give a file"))?;
    if bytes.len() > MOST_HELD {
        return Err(too_long(name));
    }
    Ok(bytes)
}

fn too_long(name: &str) -> anyhow::Error {
    anyhow!("{name} is longer than {} MiB; give a shorter one", MOST_HELD >> 20)
}

fn pour(source: &mut impl Read, name: &str, stream: &mut dyn Stream) -> anyhow::Result<()> {
    let mut buffer = Zeroizing::new(vec![0; PIECE]);
    loop {
        match source.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(read) => stream.update(&buffer[..read])?,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error).with_context(|| format!("cannot read {name}; give a file")),
        }
    }
}

const PIECE: usize = 256 << 10;
