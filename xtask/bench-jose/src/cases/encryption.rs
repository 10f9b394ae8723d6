//! JWEs in the compact form, with the same claims inside.

use std::hint::black_box;

use anyhow::{Context as _, Result};
use jose::alg::{ContentEncryption, KeyManagement};
use jose::jwe::{self, Encrypter, Options, Rules};
use jose::provider::{self, KeySpec};
use serde_json::json;

use super::Others;
use crate::claims::{Claims, now};
use crate::keys::Decrypting;
use crate::measure::{Side, here};
use crate::raw;

/// Bytes to a token.
pub(super) fn encrypt(alg: KeyManagement, spec: KeySpec, others: &Others) -> Result<Vec<Box<dyn Side>>> {
    let Sealed { key, encrypter, token, plaintext } = Sealed::new(alg, spec)?;
    let primitives = raw::Encryption::new(&key)?;
    let (header, bytes) = (header(&token)?, plaintext.clone());
    let mut sides = vec![here("raw", move || {
        black_box(primitives.encrypt(&header, black_box(&bytes))?);
        Ok(())
    })];
    let bytes = plaintext.clone();
    sides.push(here("jose", move || {
        black_box(encrypter.encrypt(provider::aws_lc(), black_box(&bytes))?);
        Ok(())
    }));
    let text = String::from_utf8_lossy(&plaintext);
    let case = json!({"kind": "encrypt", "alg": alg.as_str(), "jwk": key.public, "plaintext": text});
    sides.extend(others.sides(&case));
    Ok(sides)
}

/// A token to bytes.
pub(super) fn decrypt(alg: KeyManagement, spec: KeySpec, others: &Others) -> Result<Vec<Box<dyn Side>>> {
    let Sealed { key, token, plaintext, .. } = Sealed::new(alg, spec)?;
    let primitives = raw::Encryption::new(&key)?;
    let header = header(&token)?;
    let opened = primitives.encrypt(&header, &plaintext)?;
    let mut sides = vec![here("raw", move || primitives.decrypt(&header, black_box(&opened)))];
    let (private, text) = (key.key.clone(), token.clone());
    sides.push(here("jose", move || {
        let algorithms = [alg];
        let rules = Rules::new(&algorithms, &[ContentEncryption::A256Gcm]);
        black_box(jwe::decrypt(provider::aws_lc(), black_box(&text), &private, &rules)?);
        Ok(())
    }));
    let case = json!({"kind": "decrypt", "alg": alg.as_str(), "jwk": key.private, "token": token});
    sides.extend(others.sides(&case));
    Ok(sides)
}

struct Sealed {
    key: Decrypting,
    encrypter: Encrypter,
    token: String,
    plaintext: Vec<u8>,
}

impl Sealed {
    fn new(alg: KeyManagement, spec: KeySpec) -> Result<Self> {
        let key = Decrypting::new(alg, spec)?;
        let public = key.key.encryption_key().context("what encrypts")?;
        let encrypter = Encrypter::new(public, ContentEncryption::A256Gcm, &Options::default())?;
        let plaintext = serde_json::to_vec(&Claims::new(now()?))?;
        let token = encrypter.encrypt(provider::aws_lc(), &plaintext)?;
        Ok(Self { key, encrypter, token, plaintext })
    }
}

/// The encoded header, which is authenticated.
fn header(token: &str) -> Result<Vec<u8>> {
    Ok(token.split('.').next().context("a token has dots")?.as_bytes().to_vec())
}
