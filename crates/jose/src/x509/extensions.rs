//! Extensions (RFC 5280 §4.2): those that say what a key is for and whose it is.

use std::fmt;

use super::names::Name;
use super::oids;
use crate::der::reader::{BIT_STRING, BOOLEAN, CONTEXT, CONTEXT_PRIMITIVE, OCTET_STRING, Reader};
use crate::jwk::KeyError;

/// One extension.
///
/// ```
/// use vestibule_jose::Limits;
/// use vestibule_jose::x509::{Certificate, Extension};
///
/// # let pem = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/pem/certificate.pem"));
/// let certificate = Certificate::from_pem(pem, &Limits::DEFAULT)?.remove(0);
///
/// let critical = certificate.extensions().iter().filter(|Extension { critical, .. }| *critical);
/// assert_eq!(critical.map(|extension| extension.name.as_str()).collect::<Vec<_>>(), ["basicConstraints", "keyUsage"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// Its name, or its number.
    pub name: String,
    /// Whether whoever does not know it must refuse the certificate.
    pub critical: bool,
    /// What it says, in DER.
    pub value: Vec<u8>,
}

/// Whether and how a key may sign other certificates (RFC 5280 §4.2.1.9).
///
/// ```
/// use vestibule_jose::Limits;
/// use vestibule_jose::x509::Certificate;
///
/// # let pem = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/pem/certificate.pem"));
/// let certificate = Certificate::from_pem(pem, &Limits::DEFAULT)?.remove(0);
///
/// let constraints = certificate.basic_constraints().expect("it stands there");
/// assert_eq!((constraints.ca, constraints.path_len), (true, Some(0)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BasicConstraints {
    /// Whether it may at all.
    pub ca: bool,
    /// How many other authorities may follow on the way down.
    pub path_len: Option<u32>,
}

/// Another name of the subject (RFC 5280 §4.2.1.6).
///
/// ```
/// use vestibule_jose::Limits;
/// use vestibule_jose::x509::{AltName, Certificate};
///
/// # let pem = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/pem/certificate.pem"));
/// let certificate = Certificate::from_pem(pem, &Limits::DEFAULT)?.remove(0);
///
/// assert_eq!(certificate.alt_names(), [AltName::Dns("example.com".into())]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AltName {
    /// A host.
    Dns(String),
    /// An e-mail address.
    Email(String),
    /// A URI.
    Uri(String),
    /// An address of four or sixteen bytes.
    Ip(std::net::IpAddr),
    /// A distinguished name.
    Directory(Name),
    /// One of the other kinds, by its tag.
    Other(u8),
}

#[derive(Clone, Debug, Default)]
pub(super) struct Extensions {
    pub(super) all: Vec<Extension>,
    pub(super) alt_names: Vec<AltName>,
    pub(super) key_usage: Option<Vec<&'static str>>,
    pub(super) extended_key_usage: Option<Vec<String>>,
    pub(super) basic_constraints: Option<BasicConstraints>,
}

impl Extensions {
    pub(super) fn read(contents: &[u8]) -> Result<Self, KeyError> {
        let mut outer = Reader::new(contents);
        let mut list = outer.sequence()?;
        outer.end()?;
        let mut out = Self::default();
        while !list.is_empty() {
            if out.all.len() == MAX_EXTENSIONS {
                return Err(KeyError::Encoding("the certificate has more than 64 extensions"));
            }
            let mut extension = list.sequence()?;
            let name = oids::extension(extension.oid()?);
            let critical = extension.optional(BOOLEAN)?.map(truth).transpose()?.unwrap_or_default();
            let value = extension.read(OCTET_STRING)?;
            extension.end()?;
            if out.all.iter().any(|known| known.name == name) {
                return Err(KeyError::Encoding("an extension stands twice in the certificate (RFC 5280 §4.2)"));
            }
            out.take(&name, value)?;
            out.all.push(Extension { name, critical, value: value.to_vec() });
        }
        Ok(out)
    }

    fn take(&mut self, name: &str, value: &[u8]) -> Result<(), KeyError> {
        let mut reader = Reader::new(value);
        match name {
            "subjectAltName" => self.alt_names = alt_names(reader.sequence()?)?,
            "keyUsage" => self.key_usage = Some(key_usage(reader.read(BIT_STRING)?)?),
            "extKeyUsage" => self.extended_key_usage = Some(purposes(reader.sequence()?)?),
            "basicConstraints" => self.basic_constraints = Some(basic_constraints(reader.sequence()?)?),
            _ => return Ok(()),
        }
        reader.end()
    }
}

fn alt_names(mut list: Reader<'_>) -> Result<Vec<AltName>, KeyError> {
    let mut out = Vec::new();
    while !list.is_empty() {
        if out.len() == MAX_NAMES {
            return Err(KeyError::Encoding("the certificate has more than 1024 other names"));
        }
        let (tag, value) = list.any()?;
        out.push(alt_name(tag, value)?);
    }
    Ok(out)
}

fn alt_name(tag: u8, value: &[u8]) -> Result<AltName, KeyError> {
    const EMAIL: u8 = CONTEXT_PRIMITIVE | 1;
    const DNS: u8 = CONTEXT_PRIMITIVE | 2;
    const DIRECTORY: u8 = CONTEXT | 4;
    const URI: u8 = CONTEXT_PRIMITIVE | 6;
    const IP: u8 = CONTEXT_PRIMITIVE | 7;
    let ascii = || match value.is_ascii() {
        true => Ok(value.iter().copied().map(char::from).collect()),
        false => Err(KeyError::Encoding("a name of the certificate is not ASCII (RFC 5280 §4.2.1.6)")),
    };
    Ok(match tag {
        EMAIL => AltName::Email(ascii()?),
        DNS => AltName::Dns(ascii()?),
        URI => AltName::Uri(ascii()?),
        IP => match (<[u8; 4]>::try_from(value), <[u8; 16]>::try_from(value)) {
            (Ok(four), _) => AltName::Ip(four.into()),
            (_, Ok(sixteen)) => AltName::Ip(sixteen.into()),
            _ => return Err(KeyError::Encoding("an address of the certificate has neither 4 nor 16 bytes")),
        },
        DIRECTORY => {
            let mut inner = Reader::new(value);
            let name = Name::read(inner.sequence()?)?;
            inner.end()?;
            AltName::Directory(name)
        }
        other => AltName::Other(other),
    })
}

/// The bits from the first on (RFC 5280 §4.2.1.3).
fn key_usage(contents: &[u8]) -> Result<Vec<&'static str>, KeyError> {
    let wrong = KeyError::Encoding("the certificate's keyUsage is no bit string of its length");
    match contents {
        [unused @ 0..=7, bits @ ..] if bits.len() <= 2 && (!bits.is_empty() || *unused == 0) => {
            let is_set = |index: usize| bits.get(index / 8).is_some_and(|byte| byte & (0x80 >> (index % 8)) != 0);
            Ok(USAGES.iter().enumerate().filter(|(index, _)| is_set(*index)).map(|(_, name)| *name).collect())
        }
        _ => Err(wrong),
    }
}

fn purposes(mut list: Reader<'_>) -> Result<Vec<String>, KeyError> {
    let mut out = Vec::new();
    while !list.is_empty() {
        if out.len() == MAX_EXTENSIONS {
            return Err(KeyError::Encoding("the certificate names more than 64 purposes"));
        }
        out.push(oids::purpose(list.oid()?));
    }
    Ok(out)
}

fn basic_constraints(mut sequence: Reader<'_>) -> Result<BasicConstraints, KeyError> {
    let ca = sequence.optional(BOOLEAN)?.map(truth).transpose()?.unwrap_or_default();
    let path_len = sequence.optional_number()?;
    sequence.end()?;
    Ok(BasicConstraints { ca, path_len })
}

/// X.690 §11.1. That the default is not written, some issuers forget.
fn truth(contents: &[u8]) -> Result<bool, KeyError> {
    match contents {
        [0] => Ok(false),
        [0xff] => Ok(true),
        _ => Err(KeyError::Encoding("a truth value is not written as DER has it (X.690 §11.1)")),
    }
}

impl fmt::Display for AltName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dns(name) => write!(f, "DNS:{name}"),
            Self::Email(address) => write!(f, "email:{address}"),
            Self::Uri(uri) => write!(f, "URI:{uri}"),
            Self::Ip(address) => write!(f, "IP:{address}"),
            Self::Directory(name) => write!(f, "name:{name}"),
            Self::Other(tag) => write!(f, "other:{tag:#04x}"),
        }
    }
}

const USAGES: &[&str] = &[
    "digitalSignature",
    "nonRepudiation",
    "keyEncipherment",
    "dataEncipherment",
    "keyAgreement",
    "keyCertSign",
    "cRLSign",
    "encipherOnly",
    "decipherOnly",
];
const MAX_EXTENSIONS: usize = 64;
const MAX_NAMES: usize = 1024;
