//! `zip: DEF`, which is raw DEFLATE (RFC 7516 §4.1.3, RFC 1951).

use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress, inflate_flags};
use zeroize::Zeroizing;

pub(super) fn deflate(plaintext: &[u8]) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(compress_to_vec(plaintext, LEVEL))
}

/// At most `limit` bytes; nothing may follow the last block.
pub(super) fn inflate(compressed: &[u8], limit: usize) -> Option<Zeroizing<Vec<u8>>> {
    let mut state = Box::new(DecompressorOxide::new());
    let mut out = Zeroizing::new(vec![0; compressed.len().saturating_mul(2).max(64).min(limit)]);
    let (mut read, mut written) = (0, 0);
    loop {
        let (status, consumed, produced) = decompress(
            &mut state,
            &compressed[read..],
            &mut out,
            written,
            inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF,
        );
        read += consumed;
        written += produced;
        match status {
            TINFLStatus::Done if read == compressed.len() => {
                out.truncate(written);
                return Some(out);
            }
            TINFLStatus::HasMoreOutput if out.len() < limit => out = grown(&out, limit),
            _ => return None,
        }
    }
}

/// A copy with twice the room. The old one is wiped, which a vector that grows by itself would not do.
fn grown(old: &[u8], limit: usize) -> Zeroizing<Vec<u8>> {
    let mut new = Zeroizing::new(vec![0; old.len().saturating_mul(2).clamp(64, limit.max(64)).min(limit)]);
    new[..old.len()].copy_from_slice(old);
    new
}

const LEVEL: u8 = 6;
