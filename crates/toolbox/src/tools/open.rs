//! Opening a JWE with the keys at hand.

use jose::alg::{ContentEncryption, KeyManagement};
use jose::jwe::{self, DecryptError, Rules};
use jose::jwk::DecryptionKey;
use zeroize::Zeroizing;

use super::findings::explained;
use super::keys::Ring;
use crate::output::Note;
use crate::run::Env;

/// The plaintext, or why not. Who holds the key chooses to open it, so that every algorithm is accepted but RSA1_5.
pub(super) fn open(
    env: &Env<'_>,
    token: &str,
    ring: &Ring,
    password: Option<&[u8]>,
) -> Result<Zeroizing<Vec<u8>>, Box<Note>> {
    let rules = Rules::new(KeyManagement::ALL, ContentEncryption::ALL).accept_passwords().accept_compression();
    open_by(env, token, &decryption_keys(env, ring, password), &rules).map_err(|error| Box::new(explain(&error)))
}

/// The same under rules of the caller.
pub(super) fn open_by(
    env: &Env<'_>,
    token: &str,
    keys: &[DecryptionKey],
    rules: &Rules<'_>,
) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
    let opened = match token.trim_start().starts_with('{') {
        true => jwe::decrypt_json(env.provider, token, keys, rules),
        false => jwe::decrypt(env.provider, token, keys, rules),
    };
    opened.map(jwe::Decrypted::into_plaintext)
}

/// The keys that can decrypt.
pub(super) fn decryption_keys(env: &Env<'_>, ring: &Ring, password: Option<&[u8]>) -> Vec<DecryptionKey> {
    let keys = ring.keys.iter().filter_map(|key| key.decryption_key(env.provider, None).ok());
    let passwords = PASSWORD_BASED.iter().filter_map(|alg| DecryptionKey::from_password(password?, Some(*alg)).ok());
    keys.chain(passwords).collect()
}

/// Which check failed, and what may be the reason; of decryption itself nothing is told.
pub(super) fn explain(error: &DecryptError) -> Note {
    let note = explained(&format!("jwe-{}", error.check()), error);
    match error {
        DecryptError::Token(_) => note.cause("a token that was cut or changed on its way"),
        DecryptError::Algorithm { allowed, found } => {
            let names: Vec<_> = allowed.iter().map(|alg| alg.as_str()).collect();
            note.between(names.join(" or "), found.clone()).cause("RSA1_5 is opened only with --allow-rsa1-5")
        }
        DecryptError::Encryption { allowed, found } => {
            let names: Vec<_> = allowed.iter().map(|enc| enc.as_str()).collect();
            note.between(names.join(" or "), found.clone())
        }
        DecryptError::NoKey { alg, .. } => note.cause(format!("the token needs a private key or a secret for {alg}")),
        DecryptError::Decryption => {
            note.cause("another key, or a token that was changed on its way").clause("RFC 7516 §11.5")
        }
        DecryptError::Rounds { .. } => {
            note.cause("a token that is meant to keep its reader busy").clause("RFC 7518 §8.5")
        }
        _ => note,
    }
}

const PASSWORD_BASED: &[KeyManagement] =
    &[KeyManagement::Pbes2Hs256A128Kw, KeyManagement::Pbes2Hs384A192Kw, KeyManagement::Pbes2Hs512A256Kw];
