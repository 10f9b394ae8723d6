//! How long a signature can be.

use crate::alg::JwsAlgorithm;
use crate::jwk::material::MlDsa;

/// Whether a signature of this algorithm can have this length (RFC 7518 §3, RFC 8032 §5.1.6, FIPS 204 §4).
pub(crate) fn possible_length(alg: JwsAlgorithm, len: usize) -> bool {
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
