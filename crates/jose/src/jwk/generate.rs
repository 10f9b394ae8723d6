//! Making keys.

use zeroize::Zeroizing;

use super::key::{Jwk, KeyMaterial};
use super::material::{Curve, MlDsa, PrivateMaterial};
use super::{KeyError, excerpt};
use crate::alg::KeyManagement;
use crate::der;
use crate::jwk::KeyAlgorithm;
use crate::provider::{KeySpec, Provider, RsaSize};

/// What key to make.
///
/// ```
/// use vestibule_jose::jwk::{Jwk, NewKey};
/// use vestibule_jose::provider::aws_lc;
///
/// let what = NewKey::named("OKP", None, Some("X25519"), None)?;
/// assert_eq!(what, NewKey::X25519);
/// assert_eq!(Jwk::generate(aws_lc(), what)?.kty(), "OKP");
/// assert!(NewKey::named("RSA", Some(1024), None, None).is_err(), "too short");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewKey {
    /// RSA with the exponent 65537.
    Rsa(RsaSize),
    /// On a curve.
    Ec(Curve),
    /// Ed25519, which signs.
    Ed25519,
    /// X25519, which agrees on keys.
    X25519,
    /// ML-DSA, which signs.
    MlDsa(MlDsa),
    /// A secret of as many bytes, from 1 to 8192.
    Secret(usize),
}

impl NewKey {
    /// From the words that people give: `kty`, a size in bits (of an RSA modulus or a secret), a curve, an algorithm.
    /// What is left out follows from the algorithm, or is the usual: RSA with 2048 bits, P-256, Ed25519, 256 bits,
    /// ML-DSA-65. What is not made here is refused with the reason.
    pub fn named(
        kty: &str,
        size: Option<usize>,
        crv: Option<&str>,
        alg: Option<KeyAlgorithm>,
    ) -> Result<Self, KeyError> {
        let wrong = |what: &'static str| Err(KeyError::NotMade(what));
        match (kty, crv) {
            ("RSA" | "oct" | "AKP", Some(_)) => wrong("only EC and OKP keys have a curve"),
            ("EC" | "OKP" | "AKP", _) if size.is_some() => {
                wrong("only RSA keys and secrets have a size; choose the curve or the algorithm instead")
            }
            ("RSA", None) => rsa_size(size).map(Self::Rsa),
            ("oct", None) => secret_len(size, alg).map(Self::Secret),
            ("EC", None) => Ok(Self::Ec(alg.and_then(curve_of).unwrap_or(Curve::P256))),
            ("EC", Some(name)) => Curve::named(name).map(Self::Ec).ok_or_else(|| KeyError::UnknownCurve(excerpt(name))),
            ("OKP", None) if matches!(alg, Some(KeyAlgorithm::KeyManagement(_))) => Ok(Self::X25519),
            ("OKP", None | Some("Ed25519")) => Ok(Self::Ed25519),
            ("OKP", Some("X25519")) => Ok(Self::X25519),
            ("OKP", Some("Ed448" | "X448")) => {
                wrong("keys on Ed448 and X448 are converted and named here, and not made: the library has neither")
            }
            ("OKP", Some(name)) => Err(KeyError::UnknownCurve(excerpt(name))),
            ("AKP", None) => match alg {
                None => Ok(Self::MlDsa(MlDsa::L65)),
                Some(alg) => {
                    let set = MlDsa::ALL.iter().copied().find(|set| KeyAlgorithm::Signature(set.alg()) == alg);
                    set.map(Self::MlDsa).ok_or_else(|| KeyError::UnknownAlgorithm(alg.to_string()))
                }
            },
            _ => Err(KeyError::UnknownKty(excerpt(kty))),
        }
    }
}

impl Jwk {
    /// Makes a key. Its `kid` is the thumbprint; a secret has none.
    pub fn generate(provider: &dyn Provider, what: NewKey) -> Result<Self, KeyError> {
        let spec = match what {
            NewKey::Rsa(size) => KeySpec::Rsa(size),
            NewKey::Ec(curve) => KeySpec::Ec(curve),
            NewKey::Ed25519 => KeySpec::Ed25519,
            NewKey::X25519 => KeySpec::X25519,
            NewKey::MlDsa(set) => {
                let mut seed = Zeroizing::new([0; 32]);
                provider.fill_random(seed.as_mut_slice())?;
                return Self::new(provider, KeyMaterial::Private(PrivateMaterial::MlDsa { set, seed, public: None }));
            }
            NewKey::Secret(len) if len == 0 || len > SECRET_LEN => return Err(WRONG_SECRET),
            NewKey::Secret(len) => {
                let mut secret = Zeroizing::new(vec![0; len]);
                provider.fill_random(&mut secret)?;
                return Self::new(provider, KeyMaterial::Secret(secret));
            }
        };
        Self::new(provider, KeyMaterial::Private(der::pkcs8(&provider.generate(spec)?)?))
    }
}

fn rsa_size(bits: Option<usize>) -> Result<RsaSize, KeyError> {
    match bits {
        None => Ok(RsaSize::default()),
        Some(2048) => Ok(RsaSize::Bits2048),
        Some(3072) => Ok(RsaSize::Bits3072),
        Some(4096) => Ok(RsaSize::Bits4096),
        Some(..2048) => Err(KeyError::NotMade("an RSA key has 2048 bits or more (RFC 7518 §3.3)")),
        Some(_) => Err(KeyError::NotMade("RSA keys are made with 2048, 3072 or 4096 bits")),
    }
}

/// As long as the algorithm takes it; 32 bytes where nothing is said.
fn secret_len(bits: Option<usize>, alg: Option<KeyAlgorithm>) -> Result<usize, KeyError> {
    use KeyManagement as K;
    match bits {
        Some(bits) if bits == 0 || !bits.is_multiple_of(8) || bits / 8 > SECRET_LEN => Err(WRONG_SECRET),
        Some(bits) => Ok(bits / 8),
        None => Ok(match alg {
            Some(KeyAlgorithm::Signature(alg)) => alg.hash().len(),
            Some(KeyAlgorithm::Content(enc)) => enc.key_len(),
            Some(KeyAlgorithm::KeyManagement(K::A128Kw | K::A128GcmKw)) => 16,
            Some(KeyAlgorithm::KeyManagement(K::A192Kw | K::A192GcmKw)) => 24,
            _ => 32,
        }),
    }
}

fn curve_of(alg: KeyAlgorithm) -> Option<Curve> {
    Curve::ALL.iter().copied().find(|curve| KeyAlgorithm::Signature(curve.alg()) == alg)
}

/// Bytes of the longest secret that is made.
const SECRET_LEN: usize = 8192;
const WRONG_SECRET: KeyError = KeyError::NotMade("a secret has whole bytes, from 8 to 65536 bits");
