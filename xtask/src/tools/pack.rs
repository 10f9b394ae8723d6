//! Packing the module for the pages: `module.js`, a classic script that carries it compressed and in base64 (so that it
//! comes without a request of a script's own, from a disk too), and `module.js.gz`, the same for servers.

use anyhow::{Context as _, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
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
    let script = format!("vestibuleModule=\"{}\"\n", STANDARD.encode(gzip(&bytes)?));
    let transfer = gzip(script.as_bytes())?;
    std::fs::create_dir_all(folder)?;
    write(&folder.join("module.js"), script.as_bytes())?;
    write(&folder.join("module.js.gz"), &transfer)?;
    Ok(Sizes { module: bytes.len(), script: script.len(), transfer: transfer.len() })
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
