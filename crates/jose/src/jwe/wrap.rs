//! The content key for one recipient, and what the header says about it (RFC 7516 §5.1, steps 1 to 6).

use zeroize::Zeroizing;

use super::derive::{self, Agreed};
use super::{EncryptError, Options};
use crate::alg::{ContentEncryption, Hash, KeyManagement, Mode};
use crate::base64url;
use crate::jwk::{EncryptionKey, ForEncryption};
use crate::provider::{Agree, Provider, ProviderError, PublicMaterial};

/// What PBES2 takes, measured for 2026 (RFC 7518 §4.8.1.2 has at least 1,000).
pub(super) fn rounds(options: &Options<'_>, hash: Hash) -> u32 {
    options.p2c.unwrap_or(if hash == Hash::Sha256 { 600_000 } else { 220_000 })
}

/// A content key as one recipient gets it.
pub(super) struct Wrapped {
    pub(super) content_key: Zeroizing<Vec<u8>>,
    pub(super) encrypted_key: Vec<u8>,
    /// Header members without braces; empty where the algorithm has none.
    pub(super) members: String,
}

/// Who the parties say they are, and how much a password costs.
pub(super) struct Choices<'a> {
    pub(super) apu: &'a [u8],
    pub(super) apv: &'a [u8],
    pub(super) p2c: u32,
}

/// Makes the content key, or takes the `given` one that other recipients have too.
pub(super) fn wrap(
    provider: &dyn Provider,
    key: &EncryptionKey,
    enc: ContentEncryption,
    choices: &Choices<'_>,
    given: Option<&Zeroizing<Vec<u8>>>,
) -> Result<Wrapped, EncryptError> {
    let alg = key.alg();
    let content_key = || match given {
        Some(given) => Ok(given.clone()),
        None => random_key(provider, enc),
    };
    match (alg.mode(), key.handle()) {
        (Mode::Rsa, ForEncryption::Rsa(handle)) => {
            let content_key = content_key()?;
            Ok(Wrapped { encrypted_key: handle.encrypt(&content_key)?, content_key, members: String::new() })
        }
        (Mode::Wrap(_), ForEncryption::Secret(secret)) => {
            let content_key = content_key()?;
            let encrypted_key = provider.wrap_key(secret, &content_key)?;
            Ok(Wrapped { encrypted_key, content_key, members: String::new() })
        }
        (Mode::WrapGcm(_), ForEncryption::Secret(secret)) => gcm(provider, secret, content_key()?),
        (Mode::Direct, ForEncryption::Secret(secret)) => {
            let content_key = Zeroizing::new(secret.to_vec());
            Ok(Wrapped { content_key, encrypted_key: Vec::new(), members: String::new() })
        }
        (Mode::Agree, ForEncryption::Agreement(peer)) => {
            let (content_key, members) = agree(provider, (alg, None), enc, choices, peer)?;
            Ok(Wrapped { content_key, encrypted_key: Vec::new(), members })
        }
        (Mode::AgreeAndWrap(len), ForEncryption::Agreement(peer)) => {
            let content_key = content_key()?;
            let (wrapping, members) = agree(provider, (alg, Some(len)), enc, choices, peer)?;
            Ok(Wrapped { encrypted_key: provider.wrap_key(&wrapping, &content_key)?, content_key, members })
        }
        (Mode::Password(hash, len), ForEncryption::Password(password)) => {
            let content_key = content_key()?;
            let mut p2s = [0; SALT];
            provider.fill_random(&mut p2s)?;
            let wrapping = derive::from_password(provider, (alg, hash, len), password, &p2s, choices.p2c)?;
            let encrypted_key = provider.wrap_key(&wrapping, &content_key)?;
            let members = format!(r#""p2s":"{}","p2c":{}"#, base64url::encode(p2s), choices.p2c);
            Ok(Wrapped { content_key, encrypted_key, members })
        }
        // The key's constructor lets no such pair through.
        _ => Err(ProviderError::KeyRejected.into()),
    }
}

pub(super) fn random_key(provider: &dyn Provider, enc: ContentEncryption) -> Result<Zeroizing<Vec<u8>>, ProviderError> {
    let mut key = Zeroizing::new(vec![0; enc.key_len()]);
    provider.fill_random(&mut key)?;
    Ok(key)
}

/// RFC 7518 §4.7.
fn gcm(provider: &dyn Provider, secret: &[u8], content_key: Zeroizing<Vec<u8>>) -> Result<Wrapped, EncryptError> {
    let mut iv = [0; 12];
    provider.fill_random(&mut iv)?;
    // Encrypted in place; the copy holds the key until then.
    let mut in_out = content_key.clone();
    let tag = provider.seal_gcm(secret, &iv, &[], &mut in_out)?;
    let members = format!(r#""tag":"{}","iv":"{}""#, base64url::encode(tag), base64url::encode(iv));
    Ok(Wrapped { content_key, encrypted_key: in_out.to_vec(), members })
}

/// The agreed key and the header members that let the recipient agree too (RFC 7518 §4.6).
fn agree(
    provider: &dyn Provider,
    (alg, wrap): (KeyManagement, Option<usize>),
    enc: ContentEncryption,
    choices: &Choices<'_>,
    peer: &PublicMaterial,
) -> Result<(Zeroizing<Vec<u8>>, String), ProviderError> {
    let ephemeral = provider.ephemeral_key(peer)?;
    let secret = ephemeral.agree(peer)?;
    let key = derive::concat(provider, &secret, &Agreed::new(alg, wrap, enc, (choices.apu, choices.apv)));
    let mut members = epk(ephemeral.as_ref())?;
    for (name, value) in [("apu", choices.apu), ("apv", choices.apv)] {
        if !value.is_empty() {
            members.push_str(&format!(r#","{name}":"{}""#, base64url::encode(value)));
        }
    }
    Ok((key, members))
}

fn epk(key: &dyn Agree) -> Result<String, ProviderError> {
    match key.public() {
        PublicMaterial::Ec { curve, point } => {
            let (x, y) = PublicMaterial::coordinates(*curve, point);
            let (x, y) = (base64url::encode(x), base64url::encode(y));
            Ok(format!(r#""epk":{{"kty":"EC","crv":"{}","x":"{x}","y":"{y}"}}"#, curve.as_str()))
        }
        PublicMaterial::X25519 { x } => {
            Ok(format!(r#""epk":{{"kty":"OKP","crv":"X25519","x":"{}"}}"#, base64url::encode(x)))
        }
        _ => Err(ProviderError::KeyRejected),
    }
}

/// Bytes of `p2s`: at least 8 (RFC 7518 §4.8.1.1), and as many as make its repetition unlikely.
const SALT: usize = 16;
