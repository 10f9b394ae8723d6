//! A key in PEM and DER, and as what does something with it.

use zeroize::Zeroizing;

use super::key::{Jwk, KeyMaterial};
use super::material::PrivateMaterial;
use super::terms::{Half, Terms};
use super::{DecryptionKey, EncryptionKey, KeyError, SigningKey, VerifyingKey, pem_keys};
use crate::alg::{JwsAlgorithm, KeyManagement};
use crate::provider::Provider;
use crate::{Limits, der, pem};

/// The forms in which a key stands in PEM and DER.
///
/// ```
/// use vestibule_jose::jwk::{Jwk, NewKey, PemForm};
/// use vestibule_jose::provider::{Curve, aws_lc};
/// use vestibule_jose::Limits;
///
/// let key = Jwk::generate(aws_lc(), NewKey::Ec(Curve::P256))?;
/// let pem = key.to_pem(PemForm::Sec1)?;
/// assert!(pem.contains(PemForm::Sec1.label()));
/// assert_eq!(Jwk::from_pem(aws_lc(), &pem, None, &Limits::DEFAULT)?.kid(), key.kid());
/// assert_eq!(key.to_der(PemForm::Spki)?.len(), 91);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PemForm {
    /// `PRIVATE KEY`: PKCS#8 (RFC 5958), for every type.
    Pkcs8,
    /// `RSA PRIVATE KEY`: PKCS#1 (RFC 8017 §A.1.2).
    Pkcs1,
    /// `EC PRIVATE KEY`: SEC 1 (RFC 5915).
    Sec1,
    /// `PUBLIC KEY`: SubjectPublicKeyInfo (RFC 5280 §4.1.2.7), for every type; of a private key, its public half.
    Spki,
    /// `RSA PUBLIC KEY`: PKCS#1 (RFC 8017 §A.1.1); of a private key, its public half.
    Pkcs1Public,
}

impl PemForm {
    /// The label between the dashes (RFC 7468 §10, §13).
    pub const fn label(self) -> &'static str {
        match self {
            Self::Pkcs8 => "PRIVATE KEY",
            Self::Pkcs1 => "RSA PRIVATE KEY",
            Self::Sec1 => "EC PRIVATE KEY",
            Self::Spki => "PUBLIC KEY",
            Self::Pkcs1Public => "RSA PUBLIC KEY",
        }
    }
}

impl Jwk {
    /// Reads the one key of a PEM text: PKCS#8, PKCS#1, SEC 1, SubjectPublicKeyInfo or a certificate
    /// (of a chain, the first). Its `kid` is the thumbprint.
    /// `password` is for a key that is encrypted.
    pub fn from_pem(
        provider: &dyn Provider,
        text: &str,
        password: Option<&[u8]>,
        limits: &Limits,
    ) -> Result<Self, KeyError> {
        pem_keys::only_key(provider, text, password, limits).and_then(|material| Self::new(provider, material))
    }

    /// The key in PEM; refused where it has no such form.
    pub fn to_pem(&self, form: PemForm) -> Result<Zeroizing<String>, KeyError> {
        Ok(pem::encode(form.label(), &self.to_der(form)?))
    }

    /// The key in DER; refused where it has no such form.
    pub fn to_der(&self, form: PemForm) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let public = self.public.as_ref().ok_or(KeyError::NoForm("a shared secret has no form in PEM"))?;
        let private = match (form, &self.material) {
            (PemForm::Spki, _) => return Ok(der::to_spki(public)),
            (PemForm::Pkcs1Public, _) => return der::to_pkcs1_public(public).ok_or(NOT_RSA),
            (_, KeyMaterial::Private(private)) => private,
            _ => return Err(KeyError::NoForm("a private key is needed, not a public one")),
        };
        match (form, private) {
            (PemForm::Pkcs1, PrivateMaterial::Rsa(rsa)) => Ok(der::rsa_private_key(rsa)),
            (PemForm::Pkcs1, _) => Err(NOT_RSA),
            (PemForm::Sec1, PrivateMaterial::Ec { curve, d, public }) => {
                Ok(der::ec_private_key(*curve, d, public.as_deref()))
            }
            (PemForm::Sec1, _) => Err(KeyError::NoForm("SEC 1 has EC keys alone")),
            _ => Ok(der::to_pkcs8(private)),
        }
    }

    /// The key as one that signs, if it is private or a secret and may. Without `alg` and without one of its own, RSA
    /// signs RS256 and a secret HS256.
    ///
    /// ```
    /// use vestibule_jose::jwk::{Jwk, NewKey};
    /// use vestibule_jose::{JwsAlgorithm, provider::aws_lc};
    ///
    /// let key = Jwk::generate(aws_lc(), NewKey::Ed25519)?;
    /// let signer = key.signing_key(aws_lc(), Some(JwsAlgorithm::Ed25519))?;
    /// let verifier = key.verifying_key(aws_lc(), Some(JwsAlgorithm::Ed25519))?;
    /// assert!(verifier.verify(JwsAlgorithm::Ed25519, b"text", &signer.sign(b"text")?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn signing_key(&self, provider: &dyn Provider, alg: Option<JwsAlgorithm>) -> Result<SigningKey, KeyError> {
        self.permits("sign")?;
        let alg = self.signature_alg(alg)?;
        match &self.material {
            KeyMaterial::Private(private) => {
                SigningKey::from_material(provider, private.clone(), alg, self.kid.clone())
            }
            KeyMaterial::Secret(secret) => {
                SigningKey::shared(provider, secret.clone(), alg.unwrap_or(JwsAlgorithm::HS256), self.kid.clone())
            }
            KeyMaterial::Public(_) => Err(KeyError::NoForm("a private key is needed, not a public one")),
        }
    }

    /// The key as one that verifies, if it may; of a private key, its public half. Without `alg` and without one of its
    /// own it serves all that its type can.
    pub fn verifying_key(&self, provider: &dyn Provider, alg: Option<JwsAlgorithm>) -> Result<VerifyingKey, KeyError> {
        // Who may sign with a private key may verify with its public half.
        self.permits("verify").or_else(|error| match self.material {
            KeyMaterial::Private(_) => self.permits("sign"),
            _ => Err(error),
        })?;
        let alg = self.signature_alg(alg)?;
        match (&self.material, &self.public) {
            (_, Some(public)) => VerifyingKey::public(provider, public.clone(), alg, self.kid.clone()),
            (KeyMaterial::Secret(secret), None) => VerifyingKey::secret(provider, secret, alg, self.kid.clone()),
            // Only a secret has no public half.
            (_, None) => Err(KeyError::NoForm("a public key is needed")),
        }
    }
}

impl Jwk {
    /// The key as one that encrypts, if it may; of a private key, its public half. Without `alg` and without one of its
    /// own it uses the usual one of its type.
    ///
    /// ```
    /// use vestibule_jose::alg::KeyManagement;
    /// use vestibule_jose::jwk::{Jwk, NewKey};
    /// use vestibule_jose::provider::aws_lc;
    ///
    /// let key = Jwk::generate(aws_lc(), NewKey::X25519)?;
    /// assert_eq!(key.encryption_key(aws_lc(), None)?.alg(), KeyManagement::EcdhEsA256Kw);
    /// assert!(key.decryption_key(aws_lc(), None)?.allows(KeyManagement::EcdhEs));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn encryption_key(
        &self,
        provider: &dyn Provider,
        alg: Option<KeyManagement>,
    ) -> Result<EncryptionKey, KeyError> {
        let public = self.public();
        let terms = Terms::of_key(public.as_ref().unwrap_or(self), alg, Half::Encrypt)?;
        match (&self.public, &self.material) {
            (Some(public), _) => EncryptionKey::of_public(provider, public.clone(), terms),
            (None, KeyMaterial::Secret(secret)) => EncryptionKey::of_secret(secret.clone(), terms),
            // Only a secret has no public half.
            (None, _) => Err(KeyError::NoForm("a public key is needed")),
        }
    }

    /// The key as one that decrypts, if it is private or a secret and may.
    pub fn decryption_key(
        &self,
        provider: &dyn Provider,
        alg: Option<KeyManagement>,
    ) -> Result<DecryptionKey, KeyError> {
        DecryptionKey::of_key(provider, &self.material, Terms::of_key(self, alg, Half::Decrypt)?)
    }
}

const NOT_RSA: KeyError = KeyError::NoForm("PKCS#1 has RSA keys alone");
