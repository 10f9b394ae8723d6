//! JOSE: JSON Web Algorithms, Keys, Signatures and Tokens, strict and fast.
//!
//! Pure: no clock (`now` is an argument), no I/O, no async. The algorithm of a token is never
//! taken from the token alone: the key and the caller's allow-list decide. Failures say which
//! check failed and never show key material. The primitives come through a
//! [`provider::Provider`], so that another one can stand beside aws-lc.

pub mod alg;
pub mod base64url;
pub mod calendar;
mod critical;
mod der;
pub mod dpop;
pub mod explain;
mod few;
mod find;
pub mod json;
pub mod jwe;
pub mod jwk;
pub mod jwks;
pub mod jws;
pub mod jwt;
pub mod limits;
pub mod lint;
mod named;
pub mod otp;
pub mod pem;
pub mod provider;
pub mod remote;
mod scratch;
pub mod sd_jwt;
pub mod x509;

pub use alg::JwsAlgorithm;
pub use jwk::{DecryptionKey, EncryptionKey, SigningKey, VerifyingKey};
pub use jwks::JwkSet;
pub use limits::Limits;

/// The SHA-256 of `bytes` (FIPS 180-4).
///
/// ```
/// assert_eq!(vestibule_jose::sha256(b"abc")[..3], [0xba, 0x78, 0x16]);
/// ```
#[cfg(feature = "aws-lc")]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    provider::aws_lc().sha256(bytes)
}

/// The HMAC-SHA-256 of `message` under `key` (RFC 2104).
///
/// ```
/// // RFC 4231 §4.3.
/// assert_eq!(vestibule_jose::hmac_sha256(b"Jefe", b"what do ya want for nothing?")[..3], [0x5b, 0xdc, 0xc1]);
/// ```
#[cfg(feature = "aws-lc")]
pub fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    let tag = provider::aws_lc().hmac(alg::Hash::Sha256, key, message);
    let mut out = [0; 32];
    out.copy_from_slice(&tag);
    out
}

/// Whether `a` and `b` are equal; the time taken depends on their lengths alone.
///
/// ```
/// assert!(vestibule_jose::constant_time_eq(b"same", b"same"));
/// assert!(!vestibule_jose::constant_time_eq(b"same", b"sama"));
/// ```
#[cfg(feature = "aws-lc")]
pub fn constant_time_eq(a: &[u8], b: &[u8]) -> bool {
    provider::aws_lc().constant_time_eq(a, b)
}

#[cfg(all(test, feature = "aws-lc"))]
mod tests {
    use super::*;

    #[test]
    fn sha_256_of_abc_is_the_standards() {
        assert_eq!(hex(&sha256(b"abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    /// RFC 4231 §4.3.
    #[test]
    fn hmac_sha_256_is_the_rfcs() {
        assert_eq!(
            hex(&hmac_sha256(b"Jefe", b"what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn equality_is_exact() {
        assert!(constant_time_eq(b"same", b"same"));
        assert!(!constant_time_eq(b"same", b"sama"));
        assert!(!constant_time_eq(b"same", b"sam"));
    }

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
