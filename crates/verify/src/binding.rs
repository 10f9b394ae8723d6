//! To what a token is bound: a key (RFC 9449) or a client certificate (RFC 8705).

use jose::dpop::{self, Expected, ProofError};
use jose::{base64url, constant_time_eq, provider::aws_lc};
use serde_json::{Map, Value};

use crate::access::Binding;
use crate::denied::Denied;
use crate::presented::{Presented, Scheme};
use crate::reason::Reason;
use crate::verifier::{Inner, plain};

/// Holds the token's `cnf` (RFC 7800 §3) against what came along. A confirmation that is not understood is none.
pub(crate) async fn check(
    verifier: &Inner,
    presented: &Presented<'_>,
    scheme: Scheme,
    token: &str,
    claims: &Map<String, Value>,
) -> Result<Option<Binding>, Denied> {
    let confirmation = match claims.get("cnf") {
        None => &Map::new(),
        Some(Value::Object(members)) => members,
        Some(_) => return Err(plain(Reason::Confirmation)),
    };
    let text = |name: &str| confirmation.get(name).and_then(Value::as_str);
    let (key, certificate) = (text("jkt"), text("x5t#S256"));
    if confirmation.len() != usize::from(key.is_some()) + usize::from(certificate.is_some()) {
        return Err(plain(Reason::Confirmation));
    }
    if let Some(expected) = certificate {
        has_certificate(presented, expected).map_err(plain)?;
    }
    match (key, scheme) {
        // RFC 9449 §7.1: a token that is bound goes with a proof, and one that is not without.
        (Some(_), Scheme::Bearer) | (None, Scheme::Dpop) => Err(plain(Reason::Unbound)),
        (Some(thumbprint), Scheme::Dpop) => {
            is_proven(verifier, presented, token, thumbprint).await?;
            Ok(Some(Binding::Key))
        }
        (None, Scheme::Bearer) => Ok(certificate.map(|_| Binding::Certificate)),
    }
}

/// RFC 8705 §3.1: the SHA-256 of the certificate's DER.
fn has_certificate(presented: &Presented<'_>, expected: &str) -> Result<(), Reason> {
    let found = presented.certificate.map(|der| base64url::encode(jose::sha256(der)));
    match found.is_some_and(|found| constant_time_eq(found.as_bytes(), expected.as_bytes())) {
        true => Ok(()),
        false => Err(Reason::Certificate),
    }
}

/// RFC 9449 §4.3 and §7.1.
async fn is_proven(verifier: &Inner, presented: &Presented<'_>, token: &str, thumbprint: &str) -> Result<(), Denied> {
    let now = verifier.now();
    let (jti, until) = proof(verifier, presented, token, thumbprint, now)?;
    let digest = jose::sha256(format!("{thumbprint}\0{jti}").as_bytes());
    match verifier.replays.first(digest, now, until).await {
        true => Ok(()),
        false => Err(plain(Reason::ProofReplayed)),
    }
}

/// The `jti` of a proof that holds, and until when it could come again.
fn proof(
    verifier: &Inner,
    presented: &Presented<'_>,
    token: &str,
    thumbprint: &str,
    now: i64,
) -> Result<(String, i64), Denied> {
    let proof = presented.only_proof().map_err(plain)?;
    let proof = proof.ok_or_else(|| Denied::new(Reason::Proof, "no DPoP header came"))?;
    let Some(base) = &verifier.base else {
        return Err(Denied::new(Reason::Proof, "this API has no public_url that proofs could be for"));
    };
    let address = format!("{base}{}", presented.path);
    let is_ours = |nonce: &str| verifier.nonces.as_ref().is_some_and(|nonces| nonces.is_ours(nonce, now));
    let expected = Expected::new(now, presented.method, &address).access_token(token).leeway(verifier.leeway);
    // A nonce says that a proof is fresh: it counts for as long as the nonce does.
    let (expected, until) = match &verifier.nonces {
        Some(_) => (expected.nonces(dpop::Nonces::Required(&is_ours)), now + crate::nonces::LONGEST),
        None => (expected, now + expected.remember_for()),
    };
    let verified = dpop::verify(aws_lc(), proof, &expected).map_err(|error| match error {
        ProofError::Nonce => Denied::new(Reason::Nonce, error.to_string()),
        error => Denied::new(Reason::Proof, error.to_string()),
    })?;
    match constant_time_eq(verified.thumbprint().as_bytes(), thumbprint.as_bytes()) {
        true => Ok((verified.jti().to_owned(), until)),
        false => Err(plain(Reason::ProofKey)),
    }
}
