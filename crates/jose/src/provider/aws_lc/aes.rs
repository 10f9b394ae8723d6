//! AES on aws-lc: GCM, CBC and the key wrap of RFC 3394. The wrap with 192 bits, which aws-lc-rs does not offer, comes
//! from RustCrypto.

use aes_kw::KwAes192;
use aes_kw::cipher::KeyInit as _;
use aws_lc_rs::aead::{AES_128_GCM, AES_192_GCM, AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::cipher::{
    AES_128, AES_192, AES_256, DecryptionContext, EncryptionContext, PaddedBlockDecryptingKey,
    PaddedBlockEncryptingKey, UnboundCipherKey,
};
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::key_wrap::{self, AesKek, KeyWrap as _};
use zeroize::Zeroizing;

use super::super::{ProviderError, checks};
use super::sign::failed;

pub(super) fn seal_gcm(key: &[u8], iv: &[u8; 12], aad: &[u8], in_out: &mut [u8]) -> Result<[u8; 16], ProviderError> {
    let key = gcm(key)?;
    let made = key.seal_in_place_separate_tag(Nonce::from(iv), Aad::from(aad), in_out).map_err(failed)?;
    let mut tag = [0; 16];
    tag.copy_from_slice(made.as_ref());
    Ok(tag)
}

pub(super) fn open_gcm(
    key: &[u8],
    iv: &[u8; 12],
    aad: &[u8],
    ciphertext: &[u8],
    tag: &[u8; 16],
) -> Result<Zeroizing<Vec<u8>>, ProviderError> {
    let mut out = Zeroizing::new(vec![0; ciphertext.len()]);
    gcm(key)?.open_separate_gather(Nonce::from(iv), Aad::from(aad), ciphertext, tag, &mut out).map_err(failed)?;
    Ok(out)
}

fn gcm(key: &[u8]) -> Result<LessSafeKey, ProviderError> {
    let algorithm = match key.len() {
        16 => &AES_128_GCM,
        24 => &AES_192_GCM,
        32 => &AES_256_GCM,
        _ => return Err(ProviderError::KeyRejected),
    };
    Ok(LessSafeKey::new(UnboundKey::new(algorithm, key).map_err(failed)?))
}

pub(super) fn encrypt_cbc(key: &[u8], iv: &[u8; 16], plaintext: &[u8]) -> Result<Vec<u8>, ProviderError> {
    // Room for the padding, so that no copy of the plaintext stays behind when it is put on.
    let mut in_out = Vec::with_capacity(plaintext.len() + 16);
    in_out.extend_from_slice(plaintext);
    let key = PaddedBlockEncryptingKey::cbc_pkcs7(cbc(key)?).map_err(failed)?;
    let context = EncryptionContext::Iv128(FixedLength::from(*iv));
    key.less_safe_encrypt(&mut in_out, context).map_err(failed)?;
    Ok(in_out)
}

pub(super) fn decrypt_cbc(key: &[u8], iv: &[u8; 16], ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, ProviderError> {
    let mut in_out = Zeroizing::new(ciphertext.to_vec());
    let key = PaddedBlockDecryptingKey::cbc_pkcs7(cbc(key)?).map_err(failed)?;
    let context = DecryptionContext::Iv128(FixedLength::from(*iv));
    let len = key.decrypt(&mut in_out, context).map_err(failed)?.len();
    in_out.truncate(len);
    Ok(in_out)
}

fn cbc(key: &[u8]) -> Result<UnboundCipherKey, ProviderError> {
    let algorithm = match key.len() {
        16 => &AES_128,
        24 => &AES_192,
        32 => &AES_256,
        _ => return Err(ProviderError::KeyRejected),
    };
    UnboundCipherKey::new(algorithm, key).map_err(failed)
}

pub(super) fn wrap_key(key: &[u8], content_key: &[u8]) -> Result<Vec<u8>, ProviderError> {
    checks::wrapped_len(content_key.len())?;
    let mut out = vec![0; content_key.len() + 8];
    if key.len() == 24 {
        let kek = KwAes192::new_from_slice(key).map_err(|_| ProviderError::KeyRejected)?;
        kek.wrap_key(content_key, &mut out).map_err(|_| ProviderError::Failed)?;
    } else {
        kek(key)?.wrap(content_key, &mut out).map_err(failed)?;
    }
    Ok(out)
}

pub(super) fn unwrap_key(key: &[u8], wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>, ProviderError> {
    let len = wrapped.len().checked_sub(8).ok_or(ProviderError::Failed)?;
    checks::wrapped_len(len)?;
    let mut out = Zeroizing::new(vec![0; len]);
    if key.len() == 24 {
        let kek = KwAes192::new_from_slice(key).map_err(|_| ProviderError::KeyRejected)?;
        kek.unwrap_key(wrapped, &mut out).map_err(|_| ProviderError::Failed)?;
    } else {
        kek(key)?.unwrap(wrapped, &mut out).map_err(failed)?;
    }
    Ok(out)
}

fn kek(key: &[u8]) -> Result<AesKek, ProviderError> {
    let cipher = match key.len() {
        16 => &key_wrap::AES_128,
        32 => &key_wrap::AES_256,
        _ => return Err(ProviderError::KeyRejected),
    };
    AesKek::new(cipher, key).map_err(failed)
}
