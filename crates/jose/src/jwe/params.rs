//! The header members that belong to an algorithm, read and checked before any key is used (RFC 7518 §4).

use super::header::Found;
use super::{Header, JweError};
use crate::alg::{ContentEncryption, KeyManagement, Mode};
use crate::base64url;
use crate::json::Value;
use crate::jwk::{read_plain_public, read_public};
use crate::provider::PublicMaterial;

/// What an algorithm takes from the header.
pub(super) enum Params {
    None,
    Agreement { epk: PublicMaterial, apu: Vec<u8>, apv: Vec<u8> },
    Gcm { iv: [u8; 12], tag: [u8; 16] },
    Password { p2s: Vec<u8>, p2c: u64 },
}

impl Params {
    pub(super) fn read(alg: KeyManagement, header: &Header) -> Result<Self, JweError> {
        Ok(match alg.mode() {
            Mode::Rsa | Mode::Wrap(_) | Mode::Direct => Self::None,
            Mode::Agree | Mode::AgreeAndWrap(_) => Self::Agreement {
                epk: epk(header)?,
                apu: bytes(header, "apu")?.unwrap_or_default(),
                apv: bytes(header, "apv")?.unwrap_or_default(),
            },
            Mode::WrapGcm(_) => Self::Gcm { iv: array(header, "iv")?, tag: array(header, "tag")? },
            Mode::Password(..) => {
                let p2s = bytes(header, "p2s")?.ok_or(JweError::Missing("p2s"))?;
                if p2s.len() < SHORTEST_SALT {
                    return Err(JweError::Member { member: "p2s", expected: "8 bytes or longer (RFC 7518 §4.8.1.1)" });
                }
                let p2c = header.members().get("p2c").ok_or(JweError::Missing("p2c"))?;
                let p2c = p2c.as_u64().filter(|rounds| *rounds > 0);
                Self::Password {
                    p2s,
                    p2c: p2c.ok_or(JweError::Member { member: "p2c", expected: "a positive integer" })?,
                }
            }
        })
    }
}

/// The lengths that follow from the algorithms alone. RSA is left to the key: what it says must not show.
pub(super) fn check_encrypted_key(alg: KeyManagement, enc: ContentEncryption, found: usize) -> Result<(), JweError> {
    let needed = match alg.mode() {
        // RFC 7516 §5.2, step 10.
        Mode::Direct | Mode::Agree => 0,
        Mode::WrapGcm(_) => enc.key_len(),
        Mode::Wrap(_) | Mode::AgreeAndWrap(_) | Mode::Password(..) => enc.key_len() + 8,
        Mode::Rsa => found,
    };
    if found == needed { Ok(()) } else { Err(JweError::Length { part: "encrypted_key", found, needed }) }
}

/// RFC 7518 §4.6.1.1: a public key and nothing else.
fn epk(header: &Header) -> Result<PublicMaterial, JweError> {
    const WRONG: JweError = JweError::Member { member: "epk", expected: "a public key of this algorithm" };
    let key = match header.get("epk") {
        None => return Err(JweError::Missing("epk")),
        Some(Found::Epk(members)) => match read_plain_public(members) {
            Some(key) => return Ok(key),
            // Read again with all that there is to be known of keys.
            None => header.members().get("epk"),
        },
        Some(Found::Json(key)) => Some(key),
        Some(Found::Text(_)) => None,
    };
    match key {
        Some(Value::Object(jwk)) => match read_public(jwk).map_err(|_| WRONG)? {
            key @ (PublicMaterial::Ec { .. } | PublicMaterial::X25519 { .. }) => Ok(key),
            _ => Err(WRONG),
        },
        _ => Err(WRONG),
    }
}

fn bytes(header: &Header, member: &'static str) -> Result<Option<Vec<u8>>, JweError> {
    const WRONG: &str = "canonical base64url";
    let text = match header.get(member) {
        None => return Ok(None),
        Some(Found::Text(text)) => Some(text),
        Some(Found::Json(value)) => value.as_str(),
        Some(Found::Epk(_)) => None,
    };
    match text.and_then(|text| base64url::decode(text).ok()) {
        Some(bytes) => Ok(Some(bytes)),
        None => Err(JweError::Member { member, expected: WRONG }),
    }
}

fn array<const N: usize>(header: &Header, member: &'static str) -> Result<[u8; N], JweError> {
    let bytes = bytes(header, member)?.ok_or(JweError::Missing(member))?;
    bytes.try_into().map_err(|_| JweError::Member { member, expected: "of its length (RFC 7518 §4.7.1)" })
}

const SHORTEST_SALT: usize = 8;
