//! Distinguished names (RFC 5280 §4.1.2.4), and how they are written for people (RFC 4514).

use std::fmt;

use super::oids;
use crate::der::reader::Reader;
use crate::jwk::KeyError;

/// A distinguished name: its attributes in the order in which they are encoded.
///
/// ```
/// use vestibule_jose::Limits;
/// use vestibule_jose::x509::Certificate;
///
/// # let pem = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/pem/certificate.pem"));
/// let certificate = Certificate::from_pem(pem, &Limits::DEFAULT)?.remove(0);
///
/// let subject = certificate.subject();
/// assert_eq!((subject.get("CN"), subject.attributes().len()), (Some("example.com"), 2));
/// assert_eq!(subject.to_string(), "O=Example, CN=example.com");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Name {
    attributes: Vec<Attribute>,
}

/// One attribute of a name.
///
/// ```
/// use vestibule_jose::Limits;
/// use vestibule_jose::x509::{Attribute, Certificate};
///
/// # let pem = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/pem/certificate.pem"));
/// let certificate = Certificate::from_pem(pem, &Limits::DEFAULT)?.remove(0);
///
/// let Attribute { kind, value } = &certificate.subject().attributes()[0];
/// assert_eq!((kind.as_str(), value.as_str()), ("O", "Example"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// `CN`, `O` and their kin, or the number of its type.
    pub kind: String,
    /// Its text; a value that is no text, in hexadecimal after a `#` (RFC 4514 §2.4).
    pub value: String,
}

impl Name {
    pub(super) fn read(mut sequence: Reader<'_>) -> Result<Self, KeyError> {
        let mut attributes = Vec::new();
        while !sequence.is_empty() {
            let mut set = sequence.set()?;
            if set.is_empty() {
                return Err(KeyError::Encoding("a part of a name is empty (RFC 5280 §4.1.2.4)"));
            }
            while !set.is_empty() {
                if attributes.len() == MAX_ATTRIBUTES {
                    return Err(KeyError::Encoding("a name has more than 64 attributes"));
                }
                let mut pair = set.sequence()?;
                let kind = oids::attribute(pair.oid()?);
                let (tag, value) = pair.any()?;
                pair.end()?;
                attributes.push(Attribute { kind, value: text(tag, value) });
            }
        }
        Ok(Self { attributes })
    }

    /// Its attributes.
    pub fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    /// The first value of this kind, such as `CN`.
    pub fn get(&self, kind: &str) -> Option<&str> {
        self.attributes.iter().find(|attribute| attribute.kind == kind).map(|attribute| attribute.value.as_str())
    }
}

/// The kinds of string of RFC 5280 §4.1.2.4 and appendix A.1.
fn text(tag: u8, value: &[u8]) -> String {
    let latin = || Some(value.iter().copied().map(char::from).collect());
    let wide = |pairs: &[u8]| {
        let units: Vec<u16> = pairs.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
        String::from_utf16(&units).ok().filter(|_| pairs.len().is_multiple_of(2))
    };
    let text = match tag {
        UTF8 => String::from_utf8(value.to_vec()).ok(),
        NUMERIC | PRINTABLE | IA5 if value.is_ascii() => latin(),
        TELETEX => latin(),
        BMP => wide(value),
        _ => None,
    };
    text.unwrap_or_else(|| format!("#{tag:02x}{}", oids::hex(value)))
}

/// The attributes as they are encoded, with the escapes of RFC 4514 §2.4, and control characters made visible.
impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, Attribute { kind, value }) in self.attributes.iter().enumerate() {
            write!(f, "{}{kind}=", if index > 0 { ", " } else { "" })?;
            for (at, one) in value.char_indices() {
                let edge = (at == 0 || at + 1 == value.len()) && one == ' ';
                match one {
                    '"' | '+' | ',' | ';' | '<' | '>' | '\\' => write!(f, "\\{one}")?,
                    ' ' if edge => f.write_str("\\ ")?,
                    one if one.is_control() => {
                        for byte in one.encode_utf8(&mut [0; 4]).bytes() {
                            write!(f, "\\{byte:02x}")?;
                        }
                    }
                    one => write!(f, "{one}")?,
                }
            }
        }
        Ok(())
    }
}

const MAX_ATTRIBUTES: usize = 64;
const UTF8: u8 = 0x0c;
const NUMERIC: u8 = 0x12;
const PRINTABLE: u8 = 0x13;
const TELETEX: u8 = 0x14;
const IA5: u8 = 0x16;
const BMP: u8 = 0x1e;
