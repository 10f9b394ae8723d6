//! Packing the module for the pages: `module.js`, a classic script that carries it compressed and in base64 (so that it
//! comes without a request of a script's own, from a disk too) behind what unpacks it, and `module.js.gz`, the same for
//! servers.

use anyhow::{Context as _, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use lzma_rust2::{LzmaOptions, LzmaWriter};
use std::fmt;
use std::io::Write as _;
use std::path::Path;

/// Bytes, at each step.
pub(crate) struct Sizes {
    module: usize,
    script: usize,
    transfer: usize,
}

/// Packs `module` into `folder`. Files whose content stays keep their time, so that nothing is built again for them.
pub(crate) fn pack(module: &Path, folder: &Path) -> Result<Sizes> {
    let bytes = std::fs::read(module).with_context(|| format!("{} was not built", module.display()))?;
    let packed = STANDARD.encode(lzma(&bytes)?);
    let script = format!("{UNPACK}vestibuleModule.packed = \"{packed}\";\n");
    let transfer = gzip(script.as_bytes())?;
    std::fs::create_dir_all(folder)?;
    write(&folder.join("module.js"), script.as_bytes())?;
    write(&folder.join("module.js.gz"), &transfer)?;
    Ok(Sizes { module: bytes.len(), script: script.len(), transfer: transfer.len() })
}

/// With its length in front, by which `unpack.js` knows the end.
fn lzma(bytes: &[u8]) -> Result<Vec<u8>> {
    let options = LzmaOptions { nice_len: LzmaOptions::NICE_LEN_MAX, ..LzmaOptions::with_preset(BEST) };
    let length = Some(bytes.len() as u64);
    let mut encoder = LzmaWriter::new_use_header(Vec::new(), &options, length)?;
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

fn write(file: &Path, bytes: &[u8]) -> Result<()> {
    if std::fs::read(file).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    std::fs::write(file, bytes).with_context(|| format!("cannot write {}", file.display()))
}

impl fmt::Display for Sizes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kilobytes = |bytes: usize| bytes.div_ceil(1000);
        let (module, script, transfer) = (kilobytes(self.module), kilobytes(self.script), kilobytes(self.transfer));
        write!(f, "the module has {module} kB, its script {script} kB, its transfer {transfer} kB")
    }
}

const UNPACK: &str = include_str!("unpack.js");
const BEST: u32 = 9;
