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
    let (without, at) = without_products(&bytes);
    let packed = STANDARD.encode(lzma(&without)?);
    let script = format!("{UNPACK}vestibuleModule.products = {at};\nvestibuleModule.packed = \"{packed}\";\n");
    let transfer = gzip(script.as_bytes())?;
    std::fs::create_dir_all(folder)?;
    write(&folder.join("module.js"), script.as_bytes())?;
    write(&folder.join("module.js.gz"), &transfer)?;
    Ok(Sizes { module: bytes.len(), script: script.len(), transfer: transfer.len() })
}

/// The module with zeros in the place of a table that no compression makes smaller, and where that is, or -1: what reads
/// QR codes carries all products of two elements of GF(2^8) (ISO/IEC 18004 §7.5), which `unpack.js` computes again.
fn without_products(module: &[u8]) -> (Vec<u8>, isize) {
    let table: Vec<u8> = (0..=255).flat_map(|a| (0..=255).map(move |b| product(a, b))).collect();
    let mut bytes = module.to_vec();
    match module.windows(table.len()).position(|window| window == table) {
        Some(at) => {
            bytes[at..at + table.len()].fill(0);
            (bytes, at as isize)
        }
        None => (bytes, -1),
    }
}

/// Modulo x^8 + x^4 + x^3 + x^2 + 1.
fn product(a: u8, b: u8) -> u8 {
    let twice = |a: u8| (a << 1) ^ if a & 0x80 == 0 { 0 } else { 0x1d };
    let (sum, _) = (0..8).fold((0, a), |(sum, a), bit| (if b >> bit & 1 == 1 { sum ^ a } else { sum }, twice(a)));
    sum
}

/// With its length in front, by which `unpack.js` knows the end.
fn lzma(bytes: &[u8]) -> Result<Vec<u8>> {
    let options = LzmaOptions { nice_len: LzmaOptions::NICE_LEN_MAX, lp: 1, pb: 1, ..LzmaOptions::with_preset(BEST) };
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_taken_out_where_it_is() {
        assert_eq!((product(2, 3), product(0x80, 2), product(0xff, 0xff), product(7, 0)), (6, 0x1d, 0xe2, 0));
        let table: Vec<u8> = (0..=255).flat_map(|a| (0..=255).map(move |b| product(a, b))).collect();
        let module = [b"before".as_slice(), &table, b"behind"].concat();
        assert_eq!(without_products(&module), ([b"before".as_slice(), &[0; 65536], b"behind"].concat(), 6));
        assert_eq!(without_products(&module[..65536]), (module[..65536].to_vec(), -1));
    }
}
