//! From a failed check of a signature to what was expected, what was found, and the likely cause.

use jose::JwsAlgorithm;
use jose::jwk::{Jwk, KeyMaterial};
use jose::jws::VerifyError;

use super::findings::explained;
use super::hmac::variants;
use super::keys::Ring;
use crate::output::{Level, Note};
use crate::run::Env;

/// What is known about the failure.
pub(super) struct Failure<'a> {
    pub(super) env: &'a Env<'a>,
    pub(super) token: &'a str,
    pub(super) ring: &'a Ring,
}

impl Failure<'_> {
    /// The check that failed, and what may be the reason.
    pub(super) fn explain(&self, error: &VerifyError) -> Vec<Note> {
        let note = explained(&format!("jws-{}", error.check()), error);
        match error {
            VerifyError::Algorithm { allowed, found } => vec![algorithm(note, allowed, found)],
            VerifyError::NoKey { alg, kid } => vec![self.no_key(note, *alg, kid.as_deref())],
            VerifyError::Signature { alg, .. } => self.signature(note, *alg),
            VerifyError::Typ { expected, found } => {
                let found = found.clone().unwrap_or_else(|| "nothing".into());
                let note = note.between(expected.clone(), found).clause("RFC 8725 §3.11");
                vec![note.cause("a token of another kind: an ID token is no access token")]
            }
            VerifyError::Payload(_) => vec![note.cause("a detached payload is given with --payload or --payload-file")],
            _ => vec![note],
        }
    }

    fn no_key(&self, note: Note, alg: JwsAlgorithm, kid: Option<&str>) -> Note {
        let named: Vec<_> = self.ring.keys.iter().filter_map(Jwk::kid).collect();
        let cause = match kid {
            _ if self.ring.keys.iter().all(|key| key.kty() != alg.kty()) => {
                format!("{alg} needs a key of type {}", alg.kty())
            }
            Some(_) if !named.is_empty() => "the key was rotated out, or the token is of another issuer".into(),
            _ => "a key for another algorithm or use".into(),
        };
        let expected = format!(
            "a key of type {} for {alg}{}",
            alg.kty(),
            kid.map(|kid| format!(" named {kid:?}")).unwrap_or_default()
        );
        let found: Vec<_> = self
            .ring
            .keys
            .iter()
            .map(|key| format!("{} {:?}", key.kty(), key.kid().unwrap_or("without kid")))
            .collect();
        note.between(expected, found.join(", ")).cause(cause)
    }

    fn signature(&self, note: Note, alg: JwsAlgorithm) -> Vec<Note> {
        let note = Note { text: format!("the signature ({alg}) is not that of {}", self.those()), ..note };
        let Some((input, signature)) = self.token.rsplit_once('.') else { return vec![note] };
        let signature = jose::base64url::decode(signature).unwrap_or_default();
        if alg.is_symmetric() {
            let slip = self.secret_slip(alg, input.as_bytes(), &signature);
            let cause = "another secret, or a token that was changed";
            return match slip {
                Some(words) => {
                    let text = format!("it would match if the secret {words}");
                    vec![note.cause(text.clone()), Note::new(Level::Fault, "jws-secret-slip", text)]
                }
                None => vec![note.cause(cause)],
            };
        }
        let cause = match expected_len(alg) {
            Some(len) if len != signature.len() && signature.first() == Some(&0x30) => {
                format!("the signature is DER; {alg} has the two numbers side by side, {len} bytes (RFC 7518 §3.4)")
            }
            Some(len) if len != signature.len() => {
                format!("the signature has {} bytes, and {alg} has {len}; it was cut or changed", signature.len())
            }
            _ => "another key, or a token that was changed".into(),
        };
        vec![note.cause(cause)]
    }

    fn those(&self) -> String {
        match self.ring.keys.len() {
            1 => "the key given".into(),
            count => format!("any of the {count} keys given"),
        }
    }

    /// What somebody may have done with the secret.
    fn secret_slip(&self, alg: JwsAlgorithm, input: &[u8], signature: &[u8]) -> Option<&'static str> {
        self.ring.keys.iter().find_map(|key| {
            let KeyMaterial::Secret(secret) = key.material() else { return None };
            let variants = variants::of(secret, None);
            let matches = |bytes: &[u8]| {
                let tag = self.env.provider.hmac(alg.hash(), bytes, input);
                self.env.provider.constant_time_eq(&tag, signature)
            };
            variants.into_iter().find(|variant| matches(&variant.bytes)).map(|variant| variant.words)
        })
    }
}

fn algorithm(note: Note, allowed: &[JwsAlgorithm], found: &str) -> Note {
    let names: Vec<_> = allowed.iter().map(|alg| alg.as_str()).collect();
    let note = note.between(names.join(" or "), found);
    if found.eq_ignore_ascii_case("none") {
        return note.cause("the token is not signed at all: anybody can have made it").clause("RFC 8725 §3.2");
    }
    let symmetric = found.starts_with("HS");
    let cause = match allowed.iter().any(|alg| alg.is_symmetric()) == symmetric {
        true => "the issuer changed its algorithm, or the key is for another",
        false if symmetric => "a public key taken as a secret is a known attack; nobody honest signs HS with it",
        false => "a secret was given, and the token is signed with a private key; give the issuer's public key",
    };
    note.cause(cause).clause("RFC 8725 §3.1")
}

/// Bytes of a signature by ECDSA or Ed25519.
fn expected_len(alg: JwsAlgorithm) -> Option<usize> {
    match alg {
        JwsAlgorithm::ES256 | JwsAlgorithm::ES256K | JwsAlgorithm::EdDSA | JwsAlgorithm::Ed25519 => Some(64),
        JwsAlgorithm::ES384 => Some(96),
        JwsAlgorithm::ES512 => Some(132),
        _ => None,
    }
}
