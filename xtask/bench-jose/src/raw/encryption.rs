//! The primitives of one JWE: a fresh content key and IV, the key wrapped or agreed on, AES-256-GCM, and, for RSA-OAEP
//! and ECDH, what RFC 7518 §4.6.2 hashes.

use std::hint::black_box;

use anyhow::{Context as _, Result, bail};
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::agreement::{self, Algorithm, ECDH_P256, PrivateKey, UnparsedPublicKey, X25519};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::key_wrap::{self, AesKek, KeyWrap as _};
use aws_lc_rs::rand;
use aws_lc_rs::rsa::{OAEP_SHA256_MGF1SHA256, OaepPrivateDecryptingKey, OaepPublicEncryptingKey, PrivateDecryptingKey};
use jose::alg::KeyManagement;

use crate::keys::Decrypting;

/// The key's side of a JWE.
pub(crate) enum Encryption {
    Rsa(Box<OaepPublicEncryptingKey>, Box<OaepPrivateDecryptingKey>),
    Agreement { algorithm: &'static Algorithm, private: PrivateKey, public: Vec<u8>, wrapped: bool },
}

/// What an encryption made and a decryption needs.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    /// The encrypted key, and for an agreement the ephemeral public key before it.
    key: (Vec<u8>, Vec<u8>),
    iv: [u8; 12],
    sealed: Vec<u8>,
}

impl Encryption {
    /// Parses the key.
    pub(crate) fn new(key: &Decrypting) -> Result<Self> {
        let (algorithm, wrapped) = match key.alg {
            KeyManagement::RsaOaep256 => {
                let private = PrivateDecryptingKey::from_pkcs8(&key.pkcs8)?;
                let public = OaepPublicEncryptingKey::new(private.public_key())?;
                return Ok(Self::Rsa(Box::new(public), Box::new(OaepPrivateDecryptingKey::new(private)?)));
            }
            KeyManagement::EcdhEs if key.public.contains("X25519") => (&X25519, false),
            KeyManagement::EcdhEsA256Kw => (&ECDH_P256, true),
            other => bail!("no raw primitives for {other}"),
        };
        let private = PrivateKey::from_private_key(algorithm, &key.bytes("d")?)?;
        let public = private.compute_public_key()?.as_ref().to_vec();
        Ok(Self::Agreement { algorithm, private, public, wrapped })
    }

    /// Encrypts; `header` is what is authenticated.
    pub(crate) fn encrypt(&self, header: &[u8], plaintext: &[u8]) -> Result<Opened> {
        let (key, content_key) = match self {
            Self::Rsa(public, _) => {
                let content_key = fresh::<32>()?;
                let mut out = vec![0; public.ciphertext_size()];
                public.encrypt(&OAEP_SHA256_MGF1SHA256, &content_key, &mut out, None)?;
                ((Vec::new(), out), content_key)
            }
            Self::Agreement { algorithm, public, wrapped, .. } => {
                let ephemeral = PrivateKey::generate(algorithm)?;
                let epk = ephemeral.compute_public_key()?.as_ref().to_vec();
                let derived = agreed(&ephemeral, algorithm, public)?;
                if *wrapped {
                    let content_key = fresh::<32>()?;
                    let mut out = vec![0; 40];
                    AesKek::new(&key_wrap::AES_256, &derived)?.wrap(&content_key, &mut out)?;
                    ((epk, out), content_key)
                } else {
                    ((epk, Vec::new()), derived)
                }
            }
        };
        let iv = fresh::<12>()?;
        let mut sealed = plaintext.to_vec();
        gcm(&content_key)?.seal_in_place_append_tag(Nonce::from(&iv), Aad::from(header), &mut sealed)?;
        Ok(Opened { key, iv, sealed })
    }

    /// Decrypts.
    pub(crate) fn decrypt(&self, header: &[u8], opened: &Opened) -> Result<()> {
        let content_key = match self {
            Self::Rsa(_, private) => {
                let mut out = vec![0; private.min_output_size()];
                let key = private.decrypt(&OAEP_SHA256_MGF1SHA256, &opened.key.1, &mut out, None)?;
                key.try_into().ok().context("a content key of 32 bytes")?
            }
            Self::Agreement { algorithm, private, wrapped, .. } => {
                let derived = agreed(private, algorithm, &opened.key.0)?;
                if *wrapped {
                    let mut out = [0; 32];
                    AesKek::new(&key_wrap::AES_256, &derived)?.unwrap(&opened.key.1, &mut out)?;
                    out
                } else {
                    derived
                }
            }
        };
        let mut in_out = opened.sealed.clone();
        black_box(gcm(&content_key)?.open_in_place(Nonce::from(&opened.iv), Aad::from(header), &mut in_out)?);
        Ok(())
    }
}

/// The agreed secret, hashed with some 40 bytes more as RFC 7518 §4.6.2 has it.
fn agreed(private: &PrivateKey, algorithm: &'static Algorithm, public: &[u8]) -> Result<[u8; 32]> {
    let public = UnparsedPublicKey::new(algorithm, public);
    let hashed = agreement::agree(private, public, aws_lc_rs::error::Unspecified, |secret| {
        let mut input = [0; 32 + 40];
        input[4..36].copy_from_slice(secret);
        Ok(digest(&SHA256, &input))
    })?;
    hashed.as_ref().try_into().context("SHA-256 has 32 bytes")
}

fn fresh<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    rand::fill(&mut bytes)?;
    Ok(bytes)
}

fn gcm(key: &[u8; 32]) -> Result<LessSafeKey> {
    Ok(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key)?))
}
