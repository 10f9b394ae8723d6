//! Signing in two steps, for a key that lies elsewhere (a KMS, an HSM, another process).

use serde::Serialize;

use super::{HeaderExtras, SignError};
use crate::alg::JwsAlgorithm;
use crate::base64url;
use crate::jwk::material::MlDsa;

/// A token that lacks only its signature.
#[derive(Clone, Debug)]
pub struct Prepared {
    alg: JwsAlgorithm,
    signing_input: String,
}

/// Writes header and claims; the signature is made elsewhere.
pub fn prepare(
    alg: JwsAlgorithm,
    kid: Option<&str>,
    extras: &HeaderExtras<'_>,
    claims: &impl Serialize,
) -> Result<Prepared, SignError> {
    let mut signing_input = base64url::encode(extras.to_json(alg, kid)?);
    signing_input.push('.');
    base64url::encode_to(&claims_json(claims)?, &mut signing_input);
    Ok(Prepared { alg, signing_input })
}

impl Prepared {
    /// What is to be signed (RFC 7515 §5.1, step 5).
    pub fn signing_input(&self) -> &[u8] {
        self.signing_input.as_bytes()
    }

    /// The token. ECDSA signatures are raw `r ‖ s`; a signature of impossible length is refused.
    pub fn attach(self, signature: &[u8]) -> Result<String, SignError> {
        if !possible_length(self.alg, signature.len()) {
            return Err(SignError::SignatureLength { alg: self.alg, found: signature.len() });
        }
        let mut token = self.signing_input;
        token.push('.');
        base64url::encode_to(signature, &mut token);
        Ok(token)
    }
}

/// The claims as JSON, refused unless they are an object.
pub(super) fn claims_json(claims: &impl Serialize) -> Result<Vec<u8>, SignError> {
    let json = serde_json::to_vec(claims)?;
    if json.first() == Some(&b'{') { Ok(json) } else { Err(SignError::NotAnObject) }
}

/// Whether a signature of this algorithm can have this length (RFC 7518 §3, RFC 8032 §5.1.6, FIPS 204 §4).
pub(super) fn possible_length(alg: JwsAlgorithm, len: usize) -> bool {
    match alg {
        JwsAlgorithm::ES256 | JwsAlgorithm::ES256K | JwsAlgorithm::EdDSA | JwsAlgorithm::Ed25519 => len == 64,
        JwsAlgorithm::MlDsa44 => len == MlDsa::L44.signature_len(),
        JwsAlgorithm::MlDsa65 => len == MlDsa::L65.signature_len(),
        JwsAlgorithm::MlDsa87 => len == MlDsa::L87.signature_len(),
        JwsAlgorithm::ES384 => len == 96,
        JwsAlgorithm::ES512 => len == 132,
        JwsAlgorithm::HS256 | JwsAlgorithm::HS384 | JwsAlgorithm::HS512 => len == alg.hash().len(),
        _ => (256..=1024).contains(&len),
    }
}
