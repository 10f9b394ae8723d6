//! What a provider hands out: one key and one operation, parsed once.

use zeroize::Zeroizing;

use super::{Curve, PublicMaterial};

/// A handle that signs with one key and one algorithm.
///
/// ```
/// use vestibule_jose::JwsAlgorithm;
/// use vestibule_jose::jwk::{Jwk, KeyMaterial, NewKey};
/// use vestibule_jose::provider::{PrivateKey, aws_lc};
///
/// let key = Jwk::generate(aws_lc(), NewKey::Ed25519)?;
/// let KeyMaterial::Private(material) = key.material() else { unreachable!() };
/// let PrivateKey { signer, public } = aws_lc().private_key(JwsAlgorithm::Ed25519, material)?;
/// let mut signature = vec![0; signer.signature_len()];
/// signer.sign(b"text", &mut signature)?;
/// assert!(aws_lc().public_key(JwsAlgorithm::Ed25519, &public)?.verify(b"text", &signature));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Sign: Send + Sync {
    /// Bytes of every signature.
    fn signature_len(&self) -> usize;

    /// Writes the signature (ECDSA as raw `r ‖ s`, RFC 7518 §3.4) into `signature`, which is
    /// exactly [`Sign::signature_len`] long; another length is an error.
    fn sign(&self, message: &[u8], signature: &mut [u8]) -> Result<(), ProviderError>;

    /// Takes in a message piece by piece; `None` where algorithm or provider takes it only whole.
    fn begin(&self) -> Option<Box<dyn Absorb>> {
        None
    }

    /// Signs what [`Sign::begin`] has taken in, as [`Sign::sign`] does the whole.
    fn sign_absorbed(&self, absorbed: &[u8], signature: &mut [u8]) -> Result<(), ProviderError> {
        let _ = (absorbed, signature);
        Err(ProviderError::Failed)
    }
}

/// A handle that verifies with one key and one algorithm.
///
/// ```
/// use vestibule_jose::JwsAlgorithm;
/// use vestibule_jose::provider::{PublicMaterial, Verify, aws_lc};
///
/// let key = PublicMaterial::Ed25519 { x: [9; 32] };
/// let handle: Box<dyn Verify> = aws_lc().public_key(JwsAlgorithm::Ed25519, &key)?;
/// assert!(!handle.verify(b"text", &[0; 64]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Verify: Send + Sync {
    /// Whether the signature is right.
    fn verify(&self, message: &[u8], signature: &[u8]) -> bool;

    /// Takes in a message piece by piece; `None` where algorithm or provider takes it only whole.
    fn begin(&self) -> Option<Box<dyn Absorb>> {
        None
    }

    /// Whether the signature is right over what [`Verify::begin`] has taken in.
    fn verify_absorbed(&self, absorbed: &[u8], signature: &[u8]) -> bool {
        let _ = (absorbed, signature);
        false
    }
}

/// A handle on a secret, which signs and verifies.
///
/// ```
/// use vestibule_jose::alg::Hash;
/// use vestibule_jose::provider::aws_lc;
///
/// let key = aws_lc().mac_key(Hash::Sha256, b"secret");
/// let mut tag = vec![0; key.signature_len()];
/// key.sign(b"text", &mut tag)?;
/// assert!(key.verify(b"text", &tag));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait MacKey: Sign + Verify {}

/// Takes in bytes, piece by piece, and gives a digest or a MAC.
///
/// ```
/// use vestibule_jose::alg::Hash;
/// use vestibule_jose::provider::aws_lc;
///
/// let mut mac = aws_lc().mac(Hash::Sha256, b"secret");
/// mac.update(b"te");
/// mac.update(b"xt");
/// assert_eq!(mac.finish(), aws_lc().hmac(Hash::Sha256, b"secret", b"text"));
/// let mut digest = aws_lc().digest(Hash::Sha512);
/// digest.update(b"text");
/// assert_eq!(digest.finish(), aws_lc().sha512(b"text"));
/// ```
pub trait Absorb: Send {
    /// Takes in the next piece.
    fn update(&mut self, piece: &[u8]);

    /// [`crate::alg::Hash::len`] bytes.
    fn finish(self: Box<Self>) -> Vec<u8>;
}

/// A handle that encrypts a short secret for one RSA key.
///
/// ```
/// use vestibule_jose::alg::KeyManagement;
/// use vestibule_jose::jwk::{Jwk, KeyMaterial, NewKey};
/// use vestibule_jose::provider::{RsaSize, aws_lc};
///
/// let key = Jwk::generate(aws_lc(), NewKey::Rsa(RsaSize::Bits2048))?;
/// let KeyMaterial::Private(private) = key.material() else { unreachable!() };
/// let to = aws_lc().encrypt_key(KeyManagement::RsaOaep256, key.public_material().expect("a key pair"))?;
/// let opening = aws_lc().decrypt_key(KeyManagement::RsaOaep256, private)?;
/// assert_eq!(opening.decrypt(&to.encrypt(b"short")?)?.as_slice(), b"short");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Encrypt: Send + Sync {
    /// The ciphertext, as long as the modulus.
    fn encrypt(&self, secret: &[u8]) -> Result<Vec<u8>, ProviderError>;
}

/// A handle that decrypts with one RSA key.
///
/// ```
/// use vestibule_jose::alg::KeyManagement;
/// use vestibule_jose::jwk::{Jwk, KeyMaterial, NewKey};
/// use vestibule_jose::provider::{Decrypt, RsaSize, aws_lc};
///
/// let key = Jwk::generate(aws_lc(), NewKey::Rsa(RsaSize::Bits2048))?;
/// let KeyMaterial::Private(private) = key.material() else { unreachable!() };
/// let opening: Box<dyn Decrypt> = aws_lc().decrypt_key(KeyManagement::RsaOaep256, private)?;
/// assert!(opening.decrypt(&[1; 256]).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Decrypt: Send + Sync {
    /// The secret. Of RSA1_5 the caller puts a random key in the place of an error, and of a secret of the wrong length
    /// (RFC 7516 §11.5): a provider may answer a wrong padding with a made-up secret.
    fn decrypt(&self, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, ProviderError>;
}

/// A handle on a private key that agrees with a public one on a secret.
///
/// ```
/// use vestibule_jose::jwk::{Jwk, KeyMaterial, NewKey};
/// use vestibule_jose::provider::aws_lc;
///
/// let key = Jwk::generate(aws_lc(), NewKey::X25519)?;
/// let KeyMaterial::Private(private) = key.material() else { unreachable!() };
/// let theirs = aws_lc().ephemeral_key(key.public_material().expect("a key pair"))?;
/// let ours = aws_lc().agreement_key(private)?;
/// assert_eq!(ours.agree(theirs.public())?, theirs.agree(ours.public())?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Agree: Send + Sync {
    /// The public half.
    fn public(&self) -> &PublicMaterial;

    /// The shared secret: the x coordinate (SEC 1 §3.3.1) or X25519's output (RFC 7748 §6.1). A key on another curve, a
    /// point off its curve and an X25519 secret of zeros are refused.
    fn agree(&self, peer: &PublicMaterial) -> Result<Zeroizing<Vec<u8>>, ProviderError>;
}

/// A private key that is ready to sign, and its public half.
///
/// ```
/// use vestibule_jose::JwsAlgorithm;
/// use vestibule_jose::jwk::{Jwk, KeyMaterial, NewKey};
/// use vestibule_jose::provider::aws_lc;
///
/// let key = Jwk::generate(aws_lc(), NewKey::Ed25519)?;
/// let KeyMaterial::Private(material) = key.material() else { unreachable!() };
/// let ready = aws_lc().private_key(JwsAlgorithm::Ed25519, material)?;
/// assert_eq!((Some(&ready.public), ready.signer.signature_len()), (key.public_material(), 64));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct PrivateKey {
    /// The handle.
    pub signer: Box<dyn Sign>,
    /// The public half.
    pub public: PublicMaterial,
}

/// What key to make.
///
/// ```
/// use vestibule_jose::provider::{Curve, KeySpec, aws_lc};
/// use vestibule_jose::{JwsAlgorithm, SigningKey};
///
/// let pkcs8 = aws_lc().generate(KeySpec::Ec(Curve::P256))?;
/// assert!(SigningKey::from_pkcs8_der(aws_lc(), &pkcs8, JwsAlgorithm::ES256).is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeySpec {
    /// RSA with public exponent 65537.
    Rsa(RsaSize),
    /// On a curve, to sign or to agree.
    Ec(Curve),
    /// Ed25519.
    Ed25519,
    /// X25519.
    X25519,
}

/// Bits of an RSA modulus.
///
/// ```
/// use vestibule_jose::provider::RsaSize;
///
/// assert_eq!(RsaSize::default(), RsaSize::Bits2048);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RsaSize {
    /// 2048 bits.
    #[default]
    Bits2048,
    /// 3072 bits.
    Bits3072,
    /// 4096 bits.
    Bits4096,
}

/// The provider refused; it says no more on purpose.
///
/// ```
/// use vestibule_jose::JwsAlgorithm;
/// use vestibule_jose::provider::{Curve, ProviderError, PublicMaterial, aws_lc};
///
/// let nowhere = PublicMaterial::Ec { curve: Curve::P256, point: [vec![4], vec![0; 64]].concat() };
/// assert!(matches!(aws_lc().public_key(JwsAlgorithm::ES256, &nowhere), Err(ProviderError::KeyRejected)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProviderError {
    /// The key is not valid, or not for this algorithm.
    #[error("the key is not valid for this algorithm")]
    KeyRejected,
    /// The operation failed inside.
    #[error("the operation failed inside the cryptographic provider")]
    Failed,
}
