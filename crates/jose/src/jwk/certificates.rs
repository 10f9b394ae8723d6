//! The certificates that come with a key: `x5c`, `x5t`, `x5t#S256` (RFC 7517 §4.7 to §4.9). `x5u` is never fetched, and
//! is kept as a member without meaning.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::material::PublicMaterial;
use super::{Jwk, KeyError, members};
use crate::json::{Object, Value};
use crate::provider::Provider;
use crate::x509::Certificate;
use crate::{Limits, base64url};

/// Certificates as they came, and the thumbprints of the first.
#[derive(Clone, Default)]
pub(super) struct Certificates {
    pub(super) chain: Vec<Vec<u8>>,
    pub(super) sha1: Option<Vec<u8>>,
    pub(super) sha256: Option<Vec<u8>>,
}

impl Certificates {
    /// The first certificate holds this very key (§4.7); a thumbprint beside it is its own.
    pub(super) fn read(
        provider: &dyn Provider,
        jwk: &Object,
        public: Option<&PublicMaterial>,
    ) -> Result<Self, KeyError> {
        let mut out = Self {
            chain: jwk.get("x5c").map(chain).transpose()?.unwrap_or_default(),
            sha1: digest(jwk, "x5t", 20, "SHA-1 in base64url (RFC 7517 §4.8)")?,
            sha256: digest(jwk, "x5t#S256", 32, "SHA-256 in base64url (RFC 7517 §4.9)")?,
        };
        if let Some(first) = out.chain.first() {
            let first = Certificate::from_der(first, &Limits::DEFAULT)?;
            out.belongs(provider, &first, public)?;
        }
        out.chain.shrink_to_fit();
        Ok(out)
    }

    fn belongs(
        &self,
        provider: &dyn Provider,
        first: &Certificate,
        public: Option<&PublicMaterial>,
    ) -> Result<(), KeyError> {
        if public != Some(&first.public_key()?) {
            return Err(KeyError::Member {
                member: "x5c",
                expected: "a chain whose first certificate holds this key (RFC 7517 §4.7)",
            });
        }
        if self.sha256.as_deref().is_some_and(|digest| digest != first.sha256(provider)) {
            return Err(KeyError::Member {
                member: "x5t#S256",
                expected: "that of the first certificate in x5c (RFC 7517 §4.9)",
            });
        }
        if self.sha1.as_deref().is_some_and(|digest| digest != first.sha1(provider)) {
            return Err(KeyError::Member {
                member: "x5t",
                expected: "that of the first certificate in x5c (RFC 7517 §4.8)",
            });
        }
        Ok(())
    }

    /// The members, in the order in which they are written.
    pub(super) fn members(&self) -> Vec<(&'static str, Value)> {
        let chain: Vec<Value> = self.chain.iter().map(|der| STANDARD.encode(der).into()).collect();
        let chain = (!chain.is_empty()).then_some(("x5c", Value::Array(chain)));
        let sha1 = self.sha1.as_ref().map(|digest| ("x5t", base64url::encode(digest).into()));
        let sha256 = self.sha256.as_ref().map(|digest| ("x5t#S256", base64url::encode(digest).into()));
        chain.into_iter().chain(sha1).chain(sha256).collect()
    }
}

impl Jwk {
    /// With these certificates as `x5c`, and the SHA-256 of the first as `x5t#S256`. The first must hold this key.
    ///
    /// ```
    /// use vestibule_jose::jwk::Jwk;
    /// use vestibule_jose::x509::Certificate;
    /// use vestibule_jose::{Limits, provider::aws_lc};
    ///
    /// # let pem = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/pem/certificate.pem"));
    /// let chain = Certificate::from_pem(pem, &Limits::DEFAULT)?;
    /// let key = Jwk::from_pem(aws_lc(), pem, None, &Limits::DEFAULT)?.with_certificates(aws_lc(), &chain)?;
    /// assert_eq!(key.certificates(), [chain[0].der().to_vec()]);
    /// assert_eq!(key.certificate_sha256(), Some(&chain[0].sha256(aws_lc())[..]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_certificates(mut self, provider: &dyn Provider, chain: &[Certificate]) -> Result<Self, KeyError> {
        let mut out = Certificates::default();
        if let Some(first) = chain.first() {
            out.belongs(provider, first, self.public.as_ref())?;
            out.sha256 = Some(first.sha256(provider).to_vec());
            out.chain = chain.iter().map(|certificate| certificate.der().to_vec()).collect();
        }
        self.certificates = out;
        Ok(self)
    }

    /// The certificates of `x5c`, the key's own first, in DER.
    pub fn certificates(&self) -> &[Vec<u8>] {
        &self.certificates.chain
    }

    /// `x5t#S256`: SHA-256 of the key's certificate.
    pub fn certificate_sha256(&self) -> Option<&[u8]> {
        self.certificates.sha256.as_deref()
    }
}

/// §4.7: an array of base64 with padding, not base64url.
fn chain(value: &Value) -> Result<Vec<Vec<u8>>, KeyError> {
    const WRONG: KeyError =
        KeyError::Member { member: "x5c", expected: "an array of certificates in base64 (RFC 7517 §4.7)" };
    let texts = value.as_array().filter(|texts| !texts.is_empty() && texts.len() <= CHAIN).ok_or(WRONG)?;
    texts.iter().map(|text| STANDARD.decode(text.as_str().ok_or(WRONG)?).map_err(|_| WRONG)).collect()
}

fn digest(jwk: &Object, member: &'static str, len: usize, expected: &'static str) -> Result<Option<Vec<u8>>, KeyError> {
    let Some(text) = members::optional_text(jwk, member)? else { return Ok(None) };
    let digest = base64url::decode(text).ok().filter(|digest| digest.len() == len);
    digest.map(Some).ok_or(KeyError::Member { member, expected })
}

/// Certificates in one chain.
const CHAIN: usize = 16;
