//! RSA encryption on aws-lc.

use aws_lc_rs::rsa::{
    OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OAEP_SHA384_MGF1SHA384, OAEP_SHA512_MGF1SHA512, OaepAlgorithm,
    OaepPrivateDecryptingKey, OaepPublicEncryptingKey, Pkcs1PrivateDecryptingKey, PrivateDecryptingKey,
    PublicEncryptingKey,
};
use zeroize::Zeroizing;

use super::super::{Decrypt, Encrypt, PrivateMaterial, ProviderError, PublicMaterial, checks};
use super::sign::{failed, rejected};
use crate::alg::KeyManagement;
use crate::der;

pub(super) fn encrypt_key(alg: KeyManagement, key: &PublicMaterial) -> Result<Box<dyn Encrypt>, ProviderError> {
    let PublicMaterial::Rsa { n, e } = key else {
        return Err(ProviderError::KeyRejected);
    };
    checks::rsa(n, e)?;
    let padding = oaep(alg).ok_or(ProviderError::KeyRejected)?;
    let key = PublicEncryptingKey::from_der(&der::to_spki(key)).map_err(rejected)?;
    Ok(Box::new(OaepPublic { key: OaepPublicEncryptingKey::new(key).map_err(failed)?, padding }))
}

pub(super) fn decrypt_key(alg: KeyManagement, key: &PrivateMaterial) -> Result<Box<dyn Decrypt>, ProviderError> {
    let PrivateMaterial::Rsa(numbers) = key else {
        return Err(ProviderError::KeyRejected);
    };
    checks::rsa_private(numbers)?;
    let private = PrivateDecryptingKey::from_pkcs8(&der::to_pkcs8(key)).map_err(rejected)?;
    match (oaep(alg), alg) {
        (Some(padding), _) => {
            Ok(Box::new(OaepPrivate { key: OaepPrivateDecryptingKey::new(private).map_err(failed)?, padding }))
        }
        (None, KeyManagement::Rsa15) => {
            Ok(Box::new(Pkcs1Private(Pkcs1PrivateDecryptingKey::new(private).map_err(failed)?)))
        }
        (None, _) => Err(ProviderError::KeyRejected),
    }
}

fn oaep(alg: KeyManagement) -> Option<&'static OaepAlgorithm> {
    Some(match alg {
        KeyManagement::RsaOaep => &OAEP_SHA1_MGF1SHA1,
        KeyManagement::RsaOaep256 => &OAEP_SHA256_MGF1SHA256,
        KeyManagement::RsaOaep384 => &OAEP_SHA384_MGF1SHA384,
        KeyManagement::RsaOaep512 => &OAEP_SHA512_MGF1SHA512,
        _ => return None,
    })
}

struct OaepPublic {
    key: OaepPublicEncryptingKey,
    padding: &'static OaepAlgorithm,
}

impl Encrypt for OaepPublic {
    fn encrypt(&self, secret: &[u8]) -> Result<Vec<u8>, ProviderError> {
        let mut out = vec![0; self.key.ciphertext_size()];
        let len = self.key.encrypt(self.padding, secret, &mut out, None).map_err(failed)?.len();
        out.truncate(len);
        Ok(out)
    }
}

struct OaepPrivate {
    key: OaepPrivateDecryptingKey,
    padding: &'static OaepAlgorithm,
}

impl Decrypt for OaepPrivate {
    fn decrypt(&self, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, ProviderError> {
        let mut out = Zeroizing::new(vec![0; self.key.min_output_size()]);
        let len = self.key.decrypt(self.padding, ciphertext, &mut out, None).map_err(failed)?.len();
        out.truncate(len);
        Ok(out)
    }
}

struct Pkcs1Private(Pkcs1PrivateDecryptingKey);

impl Decrypt for Pkcs1Private {
    fn decrypt(&self, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, ProviderError> {
        let mut out = Zeroizing::new(vec![0; self.0.min_output_size()]);
        let len = self.0.decrypt(ciphertext, &mut out).map_err(failed)?.len();
        out.truncate(len);
        Ok(out)
    }
}
