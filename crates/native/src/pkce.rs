//! What is drawn anew for each request: PKCE (RFC 7636), `state`, `nonce`, the identifiers of proofs.

use jose::base64url;
use jose::provider::aws_lc;
use zeroize::Zeroizing;

use crate::error::Error;

/// 256 random bits in base64url.
pub(crate) fn random() -> Result<String, Error> {
    let mut bytes = Zeroizing::new([0; 32]);
    aws_lc().fill_random(&mut *bytes).map_err(|error| Error::Key(error.to_string()))?;
    Ok(base64url::encode(*bytes))
}

/// RFC 7636 §4.2, S256.
pub(crate) fn challenge(verifier: &str) -> String {
    base64url::encode(jose::sha256(verifier.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7636 appendix B.
    #[test]
    fn the_challenge_is_the_rfcs() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert_eq!(challenge(verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        assert_eq!(random().expect("random").len(), 43);
    }
}
