//! X.509 certificates (RFC 5280), to be looked at: whose key, for whom, until when, and by whom signed. Whether one is to
//! be trusted is not judged here: no chain is built.

mod extensions;
mod names;
mod oids;
mod signed;
mod time;

use std::fmt;

use crate::alg::Hash;
use crate::der::reader::{BIT_STRING, CONTEXT, CONTEXT_PRIMITIVE, INTEGER, Reader};
use crate::jwk::KeyError;
use crate::provider::{Provider, PublicMaterial};
use crate::{Limits, der, pem};

pub use extensions::{AltName, BasicConstraints, Extension};
pub use names::{Attribute, Name};

/// A certificate, read to the last byte (X.690 DER).
///
/// ```
/// use vestibule_jose::{Limits, provider::aws_lc, x509::Certificate};
///
/// # let pem = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/pem/certificate.pem"));
/// let certificate = Certificate::from_pem(pem, &Limits::DEFAULT)?.remove(0);
/// assert_eq!(Certificate::from_der(certificate.der(), &Limits::DEFAULT)?.serial(), certificate.serial());
/// assert_eq!((certificate.version(), certificate.signature_algorithm()), (3, "ecdsa-with-SHA256"));
/// assert!(certificate.is_self_issued() && certificate.issuer() == certificate.subject());
/// assert!(certificate.not_before() < certificate.not_after());
/// assert_eq!(certificate.key_usage(), Some(&["digitalSignature"][..]));
/// assert_eq!(certificate.extended_key_usage().expect("it stands there"), ["serverAuth"]);
/// assert!(certificate.public_key().is_ok());
/// assert_eq!((certificate.sha256(aws_lc()).len(), certificate.sha1(aws_lc()).len()), (32, 20));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Certificate {
    der: Vec<u8>,
    version: u8,
    serial: Vec<u8>,
    signature_algorithm: String,
    issuer: Name,
    subject: Name,
    not_before: i64,
    not_after: i64,
    key: Vec<u8>,
    extensions: extensions::Extensions,
    /// What was signed.
    signed: Vec<u8>,
    signature: Vec<u8>,
}

impl Certificate {
    /// Reads one certificate of at most [`Limits::key_bytes`].
    pub fn from_der(document: &[u8], limits: &Limits) -> Result<Self, KeyError> {
        if document.len() > limits.key_bytes {
            return Err(KeyError::TooLong { found: document.len(), limit: limits.key_bytes });
        }
        let mut outer = Reader::new(document);
        let mut certificate = outer.sequence()?;
        outer.end()?;
        let signed = certificate.whole_sequence()?.to_vec();
        let mut to_be_signed = Reader::new(&signed).sequence()?;
        let outside = oids::algorithm(certificate.sequence()?)?;
        let signature = match certificate.read(BIT_STRING)? {
            [0, signature @ ..] => signature.to_vec(),
            _ => return Err(KeyError::Encoding("the signature does not end with a byte (RFC 5280 §4.1.1.3)")),
        };
        certificate.end()?;

        let version = version(&mut to_be_signed)?;
        let serial = to_be_signed.read(INTEGER)?.to_vec();
        let signature_algorithm = oids::algorithm(to_be_signed.sequence()?)?;
        if serial.is_empty() || signature_algorithm != outside {
            return Err(KeyError::Encoding("the certificate has no serial, or names two algorithms (RFC 5280 §4.1)"));
        }
        let issuer = Name::read(to_be_signed.sequence()?)?;
        let mut validity = to_be_signed.sequence()?;
        let (not_before, not_after) = (time::read(&mut validity)?, time::read(&mut validity)?);
        validity.end()?;
        let subject = Name::read(to_be_signed.sequence()?)?;
        let key = to_be_signed.whole_sequence()?.to_vec();
        // issuerUniqueID and subjectUniqueID (§4.1.2.8) mean nothing here.
        to_be_signed.optional(CONTEXT_PRIMITIVE | 1)?;
        to_be_signed.optional(CONTEXT_PRIMITIVE | 2)?;
        let extensions = match to_be_signed.optional(CONTEXT | 3)? {
            Some(_) if version != 3 => {
                return Err(KeyError::Encoding("only version 3 has extensions (RFC 5280 §4.1.2.9)"));
            }
            Some(contents) => extensions::Extensions::read(contents)?,
            None => extensions::Extensions::default(),
        };
        to_be_signed.end()?;
        let der = document.to_vec();
        Ok(Self {
            der,
            version,
            serial,
            signature_algorithm,
            issuer,
            subject,
            not_before,
            not_after,
            key,
            extensions,
            signed,
            signature,
        })
    }

    /// Reads all certificates of a PEM text, at least one; other blocks are refused.
    pub fn from_pem(text: &str, limits: &Limits) -> Result<Vec<Self>, KeyError> {
        let blocks = pem::parse(text, limits)?;
        if blocks.is_empty() {
            return Err(KeyError::Encoding("the text holds no PEM block"));
        }
        let read = |block: &pem::Block| match block.label.as_str() {
            "CERTIFICATE" => Self::from_der(&block.der, limits),
            _ => Err(KeyError::Encoding("the PEM block holds no certificate")),
        };
        blocks.iter().map(read).collect()
    }

    /// The certificate in DER.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// 1, 2 or 3.
    pub fn version(&self) -> u8 {
        self.version
    }

    /// The serial number, big-endian, as it is encoded.
    pub fn serial(&self) -> &[u8] {
        &self.serial
    }

    /// The name of the algorithm with which the issuer signed, or its number.
    pub fn signature_algorithm(&self) -> &str {
        &self.signature_algorithm
    }

    /// Who signed.
    pub fn issuer(&self) -> &Name {
        &self.issuer
    }

    /// Whose key it is.
    pub fn subject(&self) -> &Name {
        &self.subject
    }

    /// The first second of its validity, since 1970.
    pub fn not_before(&self) -> i64 {
        self.not_before
    }

    /// The last second of its validity, since 1970.
    pub fn not_after(&self) -> i64 {
        self.not_after
    }

    /// Whether issuer and subject have the same name.
    pub fn is_self_issued(&self) -> bool {
        self.issuer == self.subject
    }

    /// Other names of the subject (RFC 5280 §4.2.1.6).
    pub fn alt_names(&self) -> &[AltName] {
        &self.extensions.alt_names
    }

    /// What the key may do, by the names of RFC 5280 §4.2.1.3; `None` where the certificate does not say.
    pub fn key_usage(&self) -> Option<&[&'static str]> {
        self.extensions.key_usage.as_deref()
    }

    /// The purposes of RFC 5280 §4.2.1.12, by name or number; `None` where the certificate does not say.
    pub fn extended_key_usage(&self) -> Option<&[String]> {
        self.extensions.extended_key_usage.as_deref()
    }

    /// Whether it may sign other certificates (RFC 5280 §4.2.1.9); `None` where the certificate does not say.
    pub fn basic_constraints(&self) -> Option<BasicConstraints> {
        self.extensions.basic_constraints
    }

    /// All extensions, by name or number.
    pub fn extensions(&self) -> &[Extension] {
        &self.extensions.all
    }

    /// The public key; refused where its type is not known here, or it is weak.
    pub fn public_key(&self) -> Result<PublicMaterial, KeyError> {
        der::spki(&self.key)
    }

    /// SHA-256 of the certificate: the bytes of `x5t#S256` (RFC 7517 §4.9).
    pub fn sha256(&self, provider: &dyn Provider) -> [u8; 32] {
        provider.sha256(&self.der)
    }

    /// SHA-1 of the certificate: the bytes of `x5t` (RFC 7517 §4.8), for those who still compare it.
    pub fn sha1(&self, provider: &dyn Provider) -> Vec<u8> {
        let mut digest = provider.digest(Hash::Sha1);
        digest.update(&self.der);
        digest.finish()
    }
}

/// RFC 5280 §4.1.2.1; the default is never written.
fn version(to_be_signed: &mut Reader<'_>) -> Result<u8, KeyError> {
    const UNKNOWN: KeyError = KeyError::Encoding("this version of X.509 is not known (RFC 5280 §4.1.2.1)");
    let Some(contents) = to_be_signed.optional(CONTEXT)? else { return Ok(1) };
    let mut inner = Reader::new(contents);
    let version = inner.small()?;
    inner.end()?;
    match version {
        1 | 2 => Ok(version + 1),
        _ => Err(UNKNOWN),
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate")
            .field("subject", &self.subject.to_string())
            .field("issuer", &self.issuer.to_string())
            .finish_non_exhaustive()
    }
}
