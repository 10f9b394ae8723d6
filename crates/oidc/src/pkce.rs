//! Proof Key for Code Exchange (RFC 7636), with S256 alone: `plain` protects nobody (RFC 9700 §2.1.1).

use jose::base64url;
use serde::{Deserialize, Serialize};

/// The S256 challenge of a request: the SHA-256 of a verifier that only its sender knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CodeChallenge([u8; 32]);

/// What is wrong with a challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChallengeError {
    /// RFC 7636 §4.4.1: the method is not one the server supports.
    #[error("code_challenge_method must be S256")]
    Method,
    /// RFC 7636 §4.2: not the base64url of a SHA-256.
    #[error("code_challenge must be the unpadded base64url of a SHA-256 hash")]
    Challenge,
}

impl CodeChallenge {
    /// Parses the two parameters of a request. A missing method means `plain` (RFC 7636 §4.3), which
    /// is refused.
    pub fn parse(challenge: &str, method: Option<&str>) -> Result<Self, ChallengeError> {
        if method != Some(METHOD) {
            return Err(ChallengeError::Method);
        }
        Self::try_from(challenge.to_owned())
    }

    /// Whether `verifier` is the one the challenge was made of (RFC 7636 §4.6); one that is not
    /// 43 to 128 unreserved characters (§4.1) never is.
    pub fn is_met_by(&self, verifier: &str) -> bool {
        (43..=128).contains(&verifier.len())
            && verifier.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
            && jose::constant_time_eq(&jose::sha256(verifier.as_bytes()), &self.0)
    }
}

impl TryFrom<String> for CodeChallenge {
    type Error = ChallengeError;

    fn try_from(text: String) -> Result<Self, ChallengeError> {
        let hash = base64url::decode(text).map_err(|_| ChallengeError::Challenge)?;
        hash.try_into().map(Self).map_err(|_| ChallengeError::Challenge)
    }
}

impl From<CodeChallenge> for String {
    fn from(challenge: CodeChallenge) -> Self {
        base64url::encode(challenge.0)
    }
}

/// The one method there is.
pub const METHOD: &str = "S256";

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7636 appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn the_example_of_rfc_7636_appendix_b() {
        let challenge = CodeChallenge::parse(CHALLENGE, Some("S256")).expect("a challenge");
        assert!(challenge.is_met_by(VERIFIER));
        assert_eq!(String::from(challenge), CHALLENGE);
    }

    #[test]
    fn other_verifiers_do_not_meet_it() {
        let challenge = CodeChallenge::parse(CHALLENGE, Some("S256")).expect("a challenge");
        for verifier in ["", CHALLENGE, &VERIFIER[..42], &VERIFIER.to_uppercase()] {
            assert!(!challenge.is_met_by(verifier), "{verifier:?}");
        }
    }

    /// RFC 7636 §4.1: 43 to 128 characters, unreserved ones only, even where the hash would match.
    #[test]
    fn a_verifier_keeps_to_its_grammar() {
        for (verifier, met) in [
            ("a".repeat(42), false),
            ("a".repeat(43), true),
            ("a".repeat(128), true),
            ("a".repeat(129), false),
            ("a".repeat(42) + "~", true),
            ("a".repeat(42) + "+", false),
            ("a".repeat(42) + " ", false),
        ] {
            let challenge = CodeChallenge(jose::sha256(verifier.as_bytes()));
            assert_eq!(challenge.is_met_by(&verifier), met, "{verifier:?}");
        }
    }

    #[test]
    fn plain_and_malformed_challenges_are_refused() {
        for (challenge, method, error) in [
            (CHALLENGE, None, ChallengeError::Method),
            (CHALLENGE, Some("plain"), ChallengeError::Method),
            (CHALLENGE, Some("s256"), ChallengeError::Method),
            ("", Some("S256"), ChallengeError::Challenge),
            (&CHALLENGE[1..], Some("S256"), ChallengeError::Challenge),
            ("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM=", Some("S256"), ChallengeError::Challenge),
        ] {
            assert_eq!(CodeChallenge::parse(challenge, method), Err(error), "{challenge} {method:?}");
        }
    }
}
