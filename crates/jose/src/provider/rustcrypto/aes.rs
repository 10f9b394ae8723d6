//! AES on RustCrypto: GCM, CBC and the key wrap of RFC 3394. Bitsliced where the processor has no instruction for it, so
//! that no table is looked up by secret bytes.

use aes::{Aes128, Aes192, Aes256};
use aes_gcm::aead::AeadInOut;
use aes_gcm::aead::consts::U12;
use aes_gcm::{Aes128Gcm, Aes256Gcm, AesGcm, KeyInit, KeySizeUser, Nonce, Tag};
use aes_kw::{KwAes128, KwAes192, KwAes256};
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, KeyIvInit as _};
use zeroize::Zeroizing;

use super::super::{ProviderError, checks};

type Aes192Gcm = AesGcm<Aes192, U12>;

/// Runs `$body` with `$cipher` standing for the one of the key's length.
macro_rules! by_key_len {
    ($key:expr, [$a:ty, $b:ty, $c:ty], $cipher:ident => $body:expr) => {
        match $key.len() {
            16 => {
                type $cipher = $a;
                $body
            }
            24 => {
                type $cipher = $b;
                $body
            }
            32 => {
                type $cipher = $c;
                $body
            }
            _ => Err(ProviderError::KeyRejected),
        }
    };
}

pub(super) fn seal_gcm(key: &[u8], iv: &[u8; 12], aad: &[u8], in_out: &mut [u8]) -> Result<[u8; 16], ProviderError> {
    by_key_len!(key, [Aes128Gcm, Aes192Gcm, Aes256Gcm], C => {
        let tag = made::<C>(key)?.encrypt_inout_detached(&Nonce::from(*iv), aad, in_out.into());
        tag.map(Into::into).map_err(failed)
    })
}

pub(super) fn open_gcm(
    key: &[u8],
    iv: &[u8; 12],
    aad: &[u8],
    ciphertext: &[u8],
    tag: &[u8; 16],
) -> Result<Zeroizing<Vec<u8>>, ProviderError> {
    let mut out = Zeroizing::new(ciphertext.to_vec());
    by_key_len!(key, [Aes128Gcm, Aes192Gcm, Aes256Gcm], C => {
        let (nonce, tag) = (Nonce::from(*iv), Tag::from(*tag));
        let opened = made::<C>(key)?.decrypt_inout_detached(&nonce, aad, out.as_mut_slice().into(), &tag);
        opened.map(|()| out).map_err(failed)
    })
}

pub(super) fn encrypt_cbc(key: &[u8], iv: &[u8; 16], plaintext: &[u8]) -> Result<Vec<u8>, ProviderError> {
    // Room for the padding, so that no copy of the plaintext stays behind when it is put on.
    let mut out = vec![0; (plaintext.len() / 16 + 1) * 16];
    out[..plaintext.len()].copy_from_slice(plaintext);
    by_key_len!(key, [Aes128, Aes192, Aes256], C => {
        let cipher = cbc::Encryptor::<C>::new_from_slices(key, iv).map_err(rejected)?;
        cipher.encrypt_padded::<Pkcs7>(&mut out, plaintext.len()).map_err(failed)?;
        Ok(())
    })?;
    Ok(out)
}

pub(super) fn decrypt_cbc(key: &[u8], iv: &[u8; 16], ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, ProviderError> {
    let mut out = Zeroizing::new(ciphertext.to_vec());
    let len = by_key_len!(key, [Aes128, Aes192, Aes256], C => {
        let cipher = cbc::Decryptor::<C>::new_from_slices(key, iv).map_err(rejected)?;
        Ok(cipher.decrypt_padded::<Pkcs7>(&mut out).map_err(failed)?.len())
    })?;
    out.truncate(len);
    Ok(out)
}

pub(super) fn wrap_key(key: &[u8], content_key: &[u8]) -> Result<Vec<u8>, ProviderError> {
    checks::wrapped_len(content_key.len())?;
    let mut out = vec![0; content_key.len() + 8];
    by_key_len!(key, [KwAes128, KwAes192, KwAes256], C => {
        made::<C>(key)?.wrap_key(content_key, &mut out).map(drop).map_err(failed)
    })?;
    Ok(out)
}

pub(super) fn unwrap_key(key: &[u8], wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>, ProviderError> {
    let len = wrapped.len().checked_sub(8).ok_or(ProviderError::Failed)?;
    checks::wrapped_len(len)?;
    let mut out = Zeroizing::new(vec![0; len]);
    by_key_len!(key, [KwAes128, KwAes192, KwAes256], C => {
        made::<C>(key)?.unwrap_key(wrapped, &mut out).map(drop).map_err(failed)
    })?;
    Ok(out)
}

fn made<C: KeyInit + KeySizeUser>(key: &[u8]) -> Result<C, ProviderError> {
    C::new_from_slice(key).map_err(rejected)
}

fn rejected<E>(_: E) -> ProviderError {
    ProviderError::KeyRejected
}

fn failed<E>(_: E) -> ProviderError {
    ProviderError::Failed
}
