//! Hashes that bind a token or a code to an ID token (OIDC Core §3.1.3.6, §3.3.2.11).

use crate::alg::{Hash, JwsAlgorithm};
use crate::base64url;
use crate::provider::Provider;

/// `at_hash`, `c_hash` and `s_hash`: the left half of the hash that the ID token's algorithm is
/// built on (for EdDSA SHA-512), in base64url.
///
/// ```
/// use vestibule_jose::{JwsAlgorithm, jwt::left_half_hash};
///
/// // OpenID Connect Core appendix A.4.
/// assert_eq!(left_half_hash(JwsAlgorithm::RS256, "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"), "77QmUPtjPfzWtF2AnpK9RQ");
/// ```
#[cfg(feature = "aws-lc")]
pub fn left_half_hash(alg: JwsAlgorithm, ascii: &str) -> String {
    left_half_hash_with(crate::provider::aws_lc(), alg, ascii)
}

/// The same with another provider.
///
/// ```
/// use vestibule_jose::{JwsAlgorithm, jwt, provider::aws_lc};
///
/// let token = "an access token";
/// assert_eq!(jwt::left_half_hash_with(aws_lc(), JwsAlgorithm::ES512, token), jwt::left_half_hash(JwsAlgorithm::ES512, token));
/// ```
pub fn left_half_hash_with(provider: &dyn Provider, alg: JwsAlgorithm, ascii: &str) -> String {
    match alg.hash() {
        Hash::Sha1 | Hash::Sha256 => base64url::encode(&provider.sha256(ascii.as_bytes())[..16]),
        Hash::Sha384 => base64url::encode(&provider.sha384(ascii.as_bytes())[..24]),
        Hash::Sha512 => base64url::encode(&provider.sha512(ascii.as_bytes())[..32]),
    }
}

#[cfg(all(test, feature = "aws-lc"))]
mod tests {
    use super::*;

    /// OIDC Core appendix A.3 and A.4: RS256.
    #[test]
    fn the_standards_examples() {
        let token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
        assert_eq!(left_half_hash(JwsAlgorithm::RS256, token), "77QmUPtjPfzWtF2AnpK9RQ");
        let code = "Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk";
        assert_eq!(left_half_hash(JwsAlgorithm::RS256, code), "LDktKdoQak3Pk0cnXxCltA");
    }

    #[test]
    fn the_hash_is_the_algorithms() {
        let lengths = [(JwsAlgorithm::ES256, 22), (JwsAlgorithm::PS384, 32), (JwsAlgorithm::EdDSA, 43)];
        for (alg, len) in lengths {
            assert_eq!(left_half_hash(alg, "token").len(), len, "{alg}");
        }
    }
}
