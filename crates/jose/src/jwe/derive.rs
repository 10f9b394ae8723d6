//! Keys that are derived: from an agreed secret (RFC 7518 §4.6.2) and from a password (§4.8).

use zeroize::Zeroizing;

use crate::alg::{ContentEncryption, Hash, KeyManagement};
use crate::provider::{Provider, ProviderError};

/// What the agreed secret becomes, and who the parties say they are.
pub(super) struct Agreed<'a> {
    pub(super) algorithm_id: &'static str,
    pub(super) len: usize,
    pub(super) apu: &'a [u8],
    pub(super) apv: &'a [u8],
}

impl<'a> Agreed<'a> {
    /// With direct agreement the content key, named by `enc`; else a wrapping key, named by `alg`.
    pub(super) fn new(
        alg: KeyManagement,
        wrap: Option<usize>,
        enc: ContentEncryption,
        (apu, apv): (&'a [u8], &'a [u8]),
    ) -> Self {
        match wrap {
            Some(len) => Self { algorithm_id: alg.as_str(), len, apu, apv },
            None => Self { algorithm_id: enc.as_str(), len: enc.key_len(), apu, apv },
        }
    }
}

/// The Concat KDF with SHA-256 (NIST SP 800-56A §5.8.1) over the other info of RFC 7518 §4.6.2.
pub(super) fn concat(provider: &dyn Provider, secret: &[u8], agreed: &Agreed<'_>) -> Zeroizing<Vec<u8>> {
    const HASH: usize = 32;
    let fields = [agreed.algorithm_id.as_bytes(), agreed.apu, agreed.apv];
    let room = 4 + secret.len() + fields.iter().map(|field| 4 + field.len()).sum::<usize>() + 4;
    let mut input = Zeroizing::new(Vec::with_capacity(room));
    input.extend_from_slice(&[0; 4]);
    input.extend_from_slice(secret);
    for field in fields {
        input.extend_from_slice(&(field.len() as u32).to_be_bytes());
        input.extend_from_slice(field);
    }
    input.extend_from_slice(&(agreed.len as u32 * 8).to_be_bytes());

    let mut out = Zeroizing::new(Vec::with_capacity(agreed.len.next_multiple_of(HASH)));
    for round in 1..=agreed.len.div_ceil(HASH) as u32 {
        input[..4].copy_from_slice(&round.to_be_bytes());
        out.extend_from_slice(&provider.sha256(&input));
    }
    out.truncate(agreed.len);
    out
}

/// PBKDF2 over the salt `alg ‖ 0 ‖ p2s` (RFC 7518 §4.8.1.1).
pub(super) fn from_password(
    provider: &dyn Provider,
    (alg, hash, len): (KeyManagement, Hash, usize),
    password: &[u8],
    p2s: &[u8],
    p2c: u32,
) -> Result<Zeroizing<Vec<u8>>, ProviderError> {
    let salt = [alg.as_str().as_bytes(), &[0], p2s].concat();
    let mut key = Zeroizing::new(vec![0; len]);
    provider.pbkdf2(hash, password, &salt, p2c, &mut key)?;
    Ok(key)
}
