//! Long texts by the processor's vectors, where it has them: base64's engine finds out at run time.

use base64::Engine as _;

use super::NotBase64url;

/// Decodes what it can from the beginning, in whole fours of signs, and gives what is left of both.
pub(super) fn decode<'t, 'o>(text: &'t [u8], out: &'o mut [u8]) -> Result<(&'t [u8], &'o mut [u8]), NotBase64url> {
    if !HAS_VECTORS || text.len() < DECODED_FROM {
        return Ok((text, out));
    }
    // The engine takes the last four signs by themselves, since elsewhere they could be padded.
    let signs = (text.len() - 4) / PIECE * PIECE + 4;
    let (text, rest) = text.split_at(signs);
    let (out, end) = out.split_at_mut_checked(signs / 4 * 3).ok_or(NotBase64url)?;
    ENGINE.decode_slice_unchecked(text, out).map_err(|_| NotBase64url)?;
    Ok((rest, end))
}

/// Encodes all or nothing, and says which; `out` is exactly as long as it must be.
pub(super) fn encode(bytes: &[u8], out: &mut [u8]) -> bool {
    HAS_VECTORS && bytes.len() >= ENCODED_FROM && ENGINE.encode_slice(bytes, out).is_ok()
}

/// What the engine takes at once, and below which lengths it has no use for vectors.
const PIECE: usize = 32;
const DECODED_FROM: usize = 68;
const ENCODED_FROM: usize = 128;

pub(super) use engine::{ENGINE, HAS_VECTORS};

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
mod engine {
    use base64::engine::general_purpose::NO_PAD;
    use base64::engine::simd::Simd;
    use std::sync::LazyLock;

    pub(in super::super) static ENGINE: LazyLock<Simd> = LazyLock::new(|| Simd::url_safe(NO_PAD));
    pub(in super::super) const HAS_VECTORS: bool = true;
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
mod engine {
    pub(in super::super) use base64::engine::general_purpose::URL_SAFE_NO_PAD as ENGINE;
    pub(in super::super) const HAS_VECTORS: bool = false;
}
