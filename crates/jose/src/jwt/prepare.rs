//! Signing in two steps, for a key that lies elsewhere (a KMS, an HSM, another process).

use serde::Serialize;

use super::{HeaderExtras, SignError};
use crate::alg::JwsAlgorithm;
use crate::jws::possible_length;
use crate::{base64url, json};

/// A token that lacks only its signature.
///
/// ```
/// use vestibule_jose::jwt::{self, HeaderExtras, Prepared, Rules};
/// use vestibule_jose::{JwsAlgorithm, SigningKey, json::Object, provider::aws_lc};
/// use serde_json::json;
///
/// // The key lies elsewhere, behind a service that signs bytes.
/// let key = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256)?;
/// let prepared: Prepared = jwt::prepare(JwsAlgorithm::ES256, key.kid(), &HeaderExtras::default(), &json!({"sub": "ada"}))?;
/// let signature = key.sign(prepared.signing_input())?;
/// let token = prepared.attach(&signature)?;
/// assert!(jwt::verify::<Object>(&token, &key.verifying_key(), &Rules::new(0, &[JwsAlgorithm::ES256])).is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Prepared {
    alg: JwsAlgorithm,
    signing_input: String,
}

/// Writes header and claims; the signature is made elsewhere.
///
/// ```
/// use vestibule_jose::jwt::{self, HeaderExtras};
/// use vestibule_jose::{JwsAlgorithm, json::Object};
///
/// let prepared = jwt::prepare(JwsAlgorithm::ES256, Some("k"), &HeaderExtras::default(), &Object::new())?;
/// assert_eq!(prepared.signing_input().iter().filter(|byte| **byte == b'.').count(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
    // As long as most claims are, so that they are written without being moved.
    let mut text = Vec::with_capacity(USUAL_CLAIMS);
    json::write(claims, &mut text)?;
    if text.first() == Some(&b'{') { Ok(text) } else { Err(SignError::NotAnObject) }
}

const USUAL_CLAIMS: usize = 512;
