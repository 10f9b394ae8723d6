//! From what one recipient got back to the content key (RFC 7516 §5.2, steps 9 to 13).

use zeroize::Zeroizing;

use super::derive::{self, Agreed};
use super::params::Params;
use super::wrap::random_key;
use crate::alg::{ContentEncryption, KeyManagement, Mode};
use crate::jwk::{DecryptionKey, ForDecryption};
use crate::provider::{Curve, Decrypt, Provider, ProviderError, PublicMaterial};

/// Whether the key can have been meant: the token says so openly, so a "no" gives nothing away.
pub(super) fn fits(key: &DecryptionKey, alg: KeyManagement, enc: ContentEncryption, params: &Params) -> bool {
    let Some(handle) = key.handle(alg) else { return false };
    match (handle, params) {
        // RFC 7518 §4.6.1.1: on the recipient's curve.
        (ForDecryption::Agreement(own), Params::Agreement { epk, .. }) => curve(own.public()) == curve(epk),
        _ => key.allows_content(alg, enc),
    }
}

/// The content key, of the length that `enc` asks for.
pub(super) fn unwrap(
    provider: &dyn Provider,
    key: &DecryptionKey,
    (alg, enc): (KeyManagement, ContentEncryption),
    params: &Params,
    encrypted_key: &[u8],
) -> Result<Zeroizing<Vec<u8>>, ProviderError> {
    let handle = key.handle(alg).ok_or(ProviderError::KeyRejected)?;
    let content_key = match (alg.mode(), handle, params) {
        (Mode::Rsa, ForDecryption::Rsa(handle), _) if alg == KeyManagement::Rsa15 => {
            return rsa1_5(provider, handle, enc, encrypted_key);
        }
        (Mode::Rsa, ForDecryption::Rsa(handle), _) => handle.decrypt(encrypted_key)?,
        (Mode::Wrap(_), ForDecryption::Secret(secret), _) => provider.unwrap_key(secret, encrypted_key)?,
        (Mode::WrapGcm(_), ForDecryption::Secret(secret), Params::Gcm { iv, tag }) => {
            provider.open_gcm(secret, iv, &[], encrypted_key, tag)?
        }
        (Mode::Direct, ForDecryption::Secret(secret), _) => Zeroizing::new(secret.to_vec()),
        (mode, ForDecryption::Agreement(own), Params::Agreement { epk, apu, apv }) => {
            let wrap = match mode {
                Mode::AgreeAndWrap(len) => Some(len),
                _ => None,
            };
            let secret = own.agree(epk)?;
            let agreed = derive::concat(provider, &secret, &Agreed::new(alg, wrap, enc, (apu, apv)));
            match wrap {
                Some(_) => provider.unwrap_key(&agreed, encrypted_key)?,
                None => agreed,
            }
        }
        (Mode::Password(hash, len), ForDecryption::Password(password), Params::Password { p2s, p2c }) => {
            let rounds = u32::try_from(*p2c).map_err(|_| ProviderError::Failed)?;
            let wrapping = derive::from_password(provider, (alg, hash, len), password, p2s, rounds)?;
            provider.unwrap_key(&wrapping, encrypted_key)?
        }
        _ => return Err(ProviderError::KeyRejected),
    };
    if content_key.len() == enc.key_len() { Ok(content_key) } else { Err(ProviderError::Failed) }
}

/// RFC 7516 §11.5 and RFC 3218 §2.3.2: a padding that is wrong, or a key of the wrong length, must look like a right one
/// until the content does not open. The random key is made before, in every case.
fn rsa1_5(
    provider: &dyn Provider,
    handle: &dyn Decrypt,
    enc: ContentEncryption,
    encrypted_key: &[u8],
) -> Result<Zeroizing<Vec<u8>>, ProviderError> {
    let random = random_key(provider, enc)?;
    match handle.decrypt(encrypted_key) {
        Ok(content_key) if content_key.len() == random.len() => Ok(content_key),
        _ => Ok(random),
    }
}

fn curve(key: &PublicMaterial) -> Option<Option<Curve>> {
    match key {
        PublicMaterial::Ec { curve, .. } => Some(Some(*curve)),
        PublicMaterial::X25519 { .. } => Some(None),
        _ => None,
    }
}
