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
use tools_unpack::{NOWHERE, products};

/// Bytes, at each step.
pub(crate) struct Sizes {
    module: usize,
    script: usize,
    transfer: usize,
}

/// Packs `module` into `folder`, behind `unpacker`, which unpacks it. Files whose content stays keep their time, so that
/// nothing is built again for them.
pub(crate) fn pack(module: &Path, unpacker: &Path, folder: &Path) -> Result<Sizes> {
    let read = |file: &Path| std::fs::read(file).with_context(|| format!("{} was not built", file.display()));
    let (module, unpacker) = (read(module)?, read(unpacker)?);
    let [unpacker, packed] = [unpacker, packed(&module)?].map(|bytes| STANDARD.encode(bytes));
    let script =
        format!("{UNPACK}vestibuleModule.unpacker = \"{unpacker}\";\nvestibuleModule.packed = \"{packed}\";\n");
    let transfer = gzip(script.as_bytes())?;
    std::fs::create_dir_all(folder)?;
    write(&folder.join("module.js"), script.as_bytes())?;
    write(&folder.join("module.js.gz"), &transfer)?;
    Ok(Sizes { module: module.len(), script: script.len(), transfer: transfer.len() })
}

/// What `unpacked` reads: where the products were left out, if they were, and the rest under LZMA.
fn packed(module: &[u8]) -> Result<Vec<u8>> {
    let products = products();
    let mut bytes = module.to_vec();
    let at = match module.windows(products.len()).position(|window| window == products) {
        Some(at) => {
            bytes[at..at + products.len()].fill(0);
            u32::try_from(at)?
        }
        None => NOWHERE,
    };
    Ok([at.to_le_bytes().as_slice(), &lzma(&bytes)?].concat())
}

/// With its length in front, by which its reader knows the end.
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
    use tools_unpack::unpacked;

    #[test]
    fn what_is_packed_is_unpacked() {
        let products = products();
        let [both, cut] = [[b"before".as_slice(), &products, b"behind"].concat(), products[..65535].to_vec()];
        for (module, at) in [(both, 6), (cut, NOWHERE), (b"no products".to_vec(), NOWHERE)] {
            let packed = packed(&module).expect("packed");
            assert_eq!(packed[..4], u32::to_le_bytes(at));
            assert_eq!(unpacked(&packed).as_ref(), Some(&module));
            assert_eq!(unpacked(&packed[..packed.len() / 2]), None, "half of it");
        }
    }

    #[test]
    fn the_products_are_left_out_since_they_do_not_get_smaller() {
        let products = products();
        assert_eq!([0x0203, 0x8002, 0xffff, 0x0700].map(|at| products[at]), [6, 0x1d, 0xe2, 0]);
        assert!(packed(&products).expect("packed").len() < 300);
        assert!(lzma(&products).expect("lzma").len() > 30_000);
    }
}
