//! DER, read from front to back (X.690): definite lengths in their shortest form, nothing left over.

use crate::jwk::KeyError;

/// What is still to be read of one value.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a>(&'a [u8]);

pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const NULL: u8 = 0x05;
pub(crate) const OID: u8 = 0x06;
pub(crate) const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
/// Constructed, context-specific: `[n] EXPLICIT`, or `[n] IMPLICIT` of something constructed.
pub(crate) const CONTEXT: u8 = 0xa0;
/// Primitive, context-specific: `[n] IMPLICIT` of something primitive.
pub(crate) const CONTEXT_PRIMITIVE: u8 = 0x80;

impl<'a> Reader<'a> {
    pub(crate) const fn new(input: &'a [u8]) -> Self {
        Self(input)
    }

    /// The contents of the next value, which must have this tag.
    pub(crate) fn read(&mut self, tag: u8) -> Result<&'a [u8], KeyError> {
        let (&found, rest) = self.0.split_first().ok_or(TRUNCATED)?;
        if found != tag {
            return Err(KeyError::Encoding("the DER holds another type than is expected here"));
        }
        let (len, rest) = length(rest)?;
        let (contents, rest) = rest.split_at_checked(len).ok_or(TRUNCATED)?;
        self.0 = rest;
        Ok(contents)
    }

    /// The contents of the next value if it has this tag.
    pub(crate) fn optional(&mut self, tag: u8) -> Result<Option<&'a [u8]>, KeyError> {
        if self.0.first() == Some(&tag) { self.read(tag).map(Some) } else { Ok(None) }
    }

    pub(crate) fn sequence(&mut self) -> Result<Self, KeyError> {
        self.read(SEQUENCE).map(Self)
    }

    /// The next value as a sequence, with its tag and length.
    pub(crate) fn whole_sequence(&mut self) -> Result<&'a [u8], KeyError> {
        let before = self.0;
        self.read(SEQUENCE)?;
        Ok(&before[..before.len() - self.0.len()])
    }

    pub(crate) fn set(&mut self) -> Result<Self, KeyError> {
        self.read(SET).map(Self)
    }

    /// The next value, whatever it is: its tag and its contents. Tags of more than one byte are in no document here.
    pub(crate) fn any(&mut self) -> Result<(u8, &'a [u8]), KeyError> {
        match self.0.first() {
            Some(tag) if tag & 0x1f != 0x1f => self.read(*tag).map(|contents| (*tag, contents)),
            Some(_) => Err(KeyError::Encoding("the DER has a tag of more than one byte")),
            None => Err(TRUNCATED),
        }
    }

    pub(crate) fn oid(&mut self) -> Result<&'a [u8], KeyError> {
        self.read(OID)
    }

    pub(crate) fn null(&mut self) -> Result<(), KeyError> {
        if self.read(NULL)?.is_empty() { Ok(()) } else { Err(KeyError::Encoding("NULL has contents")) }
    }

    /// A version number or another small integer.
    pub(crate) fn small(&mut self) -> Result<u8, KeyError> {
        match self.read(INTEGER)? {
            [value @ 0..=0x7f] => Ok(*value),
            _ => Err(KeyError::Encoding("a version number is not one byte")),
        }
    }

    /// A number that fits 32 bits, zero among them.
    pub(crate) fn number(&mut self) -> Result<u32, KeyError> {
        let digits = match self.read(INTEGER)? {
            [0] => &[],
            [0, rest @ ..] if rest.first().is_some_and(|byte| *byte >= 0x80) => rest,
            [] | [0 | 0x80..=0xff, ..] => return Err(KeyError::Encoding("a number is not in its shortest form")),
            digits => digits,
        };
        if digits.len() > 4 {
            return Err(KeyError::Encoding("a number is beyond 32 bits"));
        }
        Ok(digits.iter().fold(0, |number, byte| number << 8 | u32::from(*byte)))
    }

    pub(crate) fn optional_number(&mut self) -> Result<Option<u32>, KeyError> {
        if self.0.first() == Some(&INTEGER) { self.number().map(Some) } else { Ok(None) }
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A number above zero, without the sign byte.
    pub(crate) fn positive(&mut self) -> Result<&'a [u8], KeyError> {
        match self.read(INTEGER)? {
            [0, rest @ ..] if rest.first().is_some_and(|byte| *byte >= 0x80) => Ok(rest),
            [] | [0, ..] => Err(KeyError::Encoding("a number is zero or has superfluous zeros in front")),
            [0x80..=0xff, ..] => Err(KeyError::Encoding("a number is negative")),
            number => Ok(number),
        }
    }

    /// A bit string of whole bytes.
    pub(crate) fn bits(&mut self) -> Result<&'a [u8], KeyError> {
        whole_bytes(self.read(BIT_STRING)?)
    }

    /// Nothing may be left.
    pub(crate) fn end(self) -> Result<(), KeyError> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(KeyError::Encoding("something follows in the DER where it should end"))
        }
    }
}

/// The contents of a bit string without the count of unused bits, which must be zero.
pub(crate) fn whole_bytes(contents: &[u8]) -> Result<&[u8], KeyError> {
    match contents {
        [0, bytes @ ..] => Ok(bytes),
        _ => Err(KeyError::Encoding("a bit string does not hold whole bytes")),
    }
}

/// X.690 §10.1: definite, in as few bytes as possible. Two length bytes are enough for any key here.
fn length(input: &[u8]) -> Result<(usize, &[u8]), KeyError> {
    match input {
        [len @ 0..=0x7f, rest @ ..] => Ok((usize::from(*len), rest)),
        [0x81, len @ 0x80..=0xff, rest @ ..] => Ok((usize::from(*len), rest)),
        [0x82, high @ 1..=0xff, low, rest @ ..] => Ok((usize::from(*high) << 8 | usize::from(*low), rest)),
        [] => Err(TRUNCATED),
        _ => Err(KeyError::Encoding("a DER length is not in its shortest form, or beyond 65535")),
    }
}

const TRUNCATED: KeyError = KeyError::Encoding("the DER ends too early");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_der_is_read() {
        let table: &[(&[u8], bool)] = &[
            (&[0x02, 0x01, 0x05], true),
            (&[0x02, 0x02, 0x00, 0x80], true),
            (&[0x02, 0x01, 0x00], false),             // zero
            (&[0x02, 0x02, 0x00, 0x7f], false),       // superfluous zero
            (&[0x02, 0x01, 0x80], false),             // negative
            (&[0x02, 0x00], false),                   // empty
            (&[0x02, 0x81, 0x01, 0x05], false),       // length not in its shortest form
            (&[0x02, 0x82, 0x00, 0x01, 0x05], false), // the same with two bytes
            (&[0x02, 0x80, 0x05, 0x00, 0x00], false), // indefinite
            (&[0x02, 0x84, 0xff, 0xff, 0xff, 0xff], false),
            (&[0x02, 0x02, 0x05], false), // truncated
            (&[0x02], false),
            (&[], false),
            (&[0x04, 0x01, 0x05], false), // another type
        ];
        for (input, good) in table {
            assert_eq!(Reader::new(input).positive().is_ok(), *good, "{input:02x?}");
        }
    }
}
