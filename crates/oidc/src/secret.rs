//! The text of the secrets that Vestibule hands out.
//!
//! `prefix_ID.PROOF`: the prefix says what it is (so that secret scanners find a leaked one), the
//! id finds the row, the proof is what must be known; a CRC-32 at its end tells a typing slip or a
//! cut-off copy from an attack. Both parts are base64url.

use std::fmt;

use jose::base64url;
use zeroize::Zeroizing;

use crate::Id;

/// What a secret opens, told by its prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretKind {
    /// An authorization code.
    Code,
    /// A refresh token.
    RefreshToken,
    /// A client's secret.
    ClientSecret,
    /// The session cookie of a browser.
    Browser,
    /// The cookie that binds flows to the browser that began them.
    FlowBinding,
    /// A one-time link in a mail or on a terminal.
    Link,
    /// The cookie by which a browser is known for years.
    Device,
    /// The reference of a pushed request.
    PushedRequest,
    /// What the native apps of one developer share on a device (Native SSO 1.0 §3.2).
    DeviceSecret,
    /// The code by which a device without a keyboard asks for its tokens (RFC 8628 §3.2).
    DeviceCode,
    /// The cookie that plain websites share.
    Site,
}

impl SecretKind {
    /// The prefix, without the underscore that ends it.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Code => "vst_ac",
            Self::RefreshToken => "vst_rt",
            Self::ClientSecret => "vst_cs",
            Self::Browser => "vst_bs",
            Self::FlowBinding => "vst_fb",
            Self::Link => "vst_ln",
            Self::Device => "vst_dv",
            Self::PushedRequest => "vst_pr",
            Self::DeviceSecret => "vst_ds",
            Self::DeviceCode => "vst_dc",
            Self::Site => "vst_st",
        }
    }
}

/// A secret taken apart. Its `Debug` shows the id only.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    kind: SecretKind,
    id: Id,
    proof: Zeroizing<Vec<u8>>,
}

impl Secret {
    /// A secret from its parts. `proof` is 256 random bits, or a MAC with what it covers.
    pub fn new(kind: SecretKind, id: Id, proof: Vec<u8>) -> Self {
        Self { kind, id, proof: Zeroizing::new(proof) }
    }

    /// Parses `text` as a secret of `kind`; `None` where it cannot be one.
    pub fn parse(kind: SecretKind, text: &str) -> Option<Self> {
        if text.len() > MAX_TEXT {
            return None;
        }
        let (id, proof) = text.strip_prefix(kind.prefix())?.strip_prefix('_')?.split_once('.')?;
        let id = Id::from_bytes(base64url::decode(id).ok()?.try_into().ok()?);
        let mut proof = Zeroizing::new(base64url::decode(proof).ok()?);
        let length = proof.len().checked_sub(4)?;
        let sum: [u8; 4] = proof.split_off(length).try_into().ok()?;
        (checksum(kind, id, &proof) == sum).then_some(Self { kind, id, proof })
    }

    /// The id that finds the row.
    pub fn id(&self) -> Id {
        self.id
    }

    /// What must be known.
    pub fn proof(&self) -> &[u8] {
        &self.proof
    }

    /// The SHA-256 of the proof: all that is stored of it.
    pub fn hash(&self) -> [u8; 32] {
        jose::sha256(&self.proof)
    }

    /// Whether this secret's proof hashes to `hash`; takes the same time wherever they differ.
    pub fn matches(&self, hash: &[u8]) -> bool {
        jose::constant_time_eq(&self.hash(), hash)
    }

    /// The text to hand out. This is the one place where a secret becomes text.
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut proof = Zeroizing::new(Vec::with_capacity(self.proof.len() + 4));
        proof.extend_from_slice(&self.proof);
        proof.extend_from_slice(&checksum(self.kind, self.id, &self.proof));
        let id = base64url::encode(self.id.as_bytes());
        Zeroizing::new(format!("{}_{id}.{}", self.kind.prefix(), base64url::encode(&*proof)))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}.[redacted]", self.kind.prefix(), self.id)
    }
}

fn checksum(kind: SecretKind, id: Id, proof: &[u8]) -> [u8; 4] {
    let mut crc = Crc32::default();
    crc.update(kind.prefix().as_bytes());
    crc.update(id.as_bytes());
    crc.update(proof);
    crc.finish()
}

/// CRC-32 (ISO-HDLC, as in zlib).
struct Crc32(u32);

impl Default for Crc32 {
    fn default() -> Self {
        Self(u32::MAX)
    }
}

impl Crc32 {
    fn update(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = TABLE[usize::from(self.0.to_le_bytes()[0] ^ byte)] ^ (self.0 >> 8);
        }
    }

    fn finish(self) -> [u8; 4] {
        (!self.0).to_be_bytes()
    }
}

const fn table() -> [u32; 256] {
    let mut table = [0_u32; 256];
    let mut n = 0;
    while n < 256 {
        let mut value = n as u32;
        let mut bit = 0;
        while bit < 8 {
            value = if value & 1 == 1 { 0xedb8_8320 ^ (value >> 1) } else { value >> 1 };
            bit += 1;
        }
        table[n] = value;
        n += 1;
    }
    table
}

const TABLE: [u32; 256] = table();
const MAX_TEXT: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> Secret {
        Secret::new(SecretKind::Code, Id::from_bytes([7; 16]), vec![9; 32])
    }

    #[test]
    fn the_checksum_is_crc_32() {
        let mut crc = Crc32::default();
        crc.update(b"123456789");
        assert_eq!(crc.finish(), 0xcbf4_3926_u32.to_be_bytes());
    }

    #[test]
    fn text_comes_back_as_the_same_secret() {
        assert_eq!(Secret::parse(SecretKind::Code, &secret().to_text()), Some(secret()));
    }

    #[test]
    fn another_kind_a_slip_and_a_cut_are_refused() {
        let text = secret().to_text();
        assert_eq!(Secret::parse(SecretKind::RefreshToken, &text), None);
        assert_eq!(Secret::parse(SecretKind::Code, &text[..text.len() - 1]), None);
        let slip = if text.ends_with('A') { "B" } else { "A" };
        assert_eq!(Secret::parse(SecretKind::Code, &format!("{}{slip}", &text[..text.len() - 1])), None);
        assert_eq!(Secret::parse(SecretKind::Code, "vst_ac_."), None);
    }

    #[test]
    fn debug_shows_no_proof() {
        let shown = format!("{:?}", secret());
        assert!(shown.contains("redacted") && !shown.contains(&base64url::encode([9; 32])[..8]), "{shown}");
    }
}
