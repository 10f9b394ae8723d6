//! The signs one after the other, in a text that has neither escapes nor control characters.

use super::{Plain, Unusual};
use crate::find::find;

#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// The same text from the beginning.
    pub(super) fn again(&self) -> Self {
        Self { at: 0, ..*self }
    }

    /// The next byte that is no blank, which stays where it is.
    #[inline]
    pub(super) fn token(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while bytes.get(self.at) == Some(&b' ') {
            self.at += 1;
        }
        bytes.get(self.at).copied()
    }

    #[inline]
    pub(super) fn expect(&mut self, byte: u8) -> Result<(), Unusual> {
        if self.token() == Some(byte) {
            self.at += 1;
            return Ok(());
        }
        Err(Unusual)
    }

    /// Goes over one sign, whatever it is.
    pub(super) fn skip(&mut self) {
        self.token();
        self.at += 1;
    }

    /// Whether nothing but blanks follows the sign that is next.
    pub(super) fn ends_here(&self) -> bool {
        self.text.as_bytes()[self.at + 1..].iter().all(|byte| *byte == b' ')
    }

    /// A name and its value.
    #[inline]
    pub(super) fn member(&mut self) -> Result<(&'a str, Plain<'a>), Unusual> {
        let name = self.string()?;
        self.expect(b':')?;
        Ok((name, self.value()?))
    }

    /// A string: up to the next quotation mark.
    #[inline]
    pub(super) fn string(&mut self) -> Result<&'a str, Unusual> {
        self.expect(b'"')?;
        let rest = &self.text[self.at..];
        let len = find(rest.as_bytes(), b'"').ok_or(Unusual)?;
        self.at += len + 1;
        Ok(&rest[..len])
    }

    #[inline]
    fn value(&mut self) -> Result<Plain<'a>, Unusual> {
        let first = self.token().ok_or(Unusual)?;
        let begun = self.at;
        match first {
            b'"' => drop(self.string()?),
            b'0'..=b'9' | b'-' => self.number()?,
            b't' => self.word("true")?,
            b'f' => self.word("false")?,
            b'n' => self.word("null")?,
            b'[' => self.texts()?,
            _ => return Err(Unusual),
        }
        Ok(Plain::of(&self.text[begun..self.at]))
    }

    /// A whole number of at most 18 digits, which fits. -0 is a fraction to the other parser.
    fn number(&mut self) -> Result<(), Unusual> {
        let bytes = self.text.as_bytes();
        let negative = bytes.get(self.at) == Some(&b'-');
        self.at += usize::from(negative);
        let begun = self.at;
        while bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        let zero = bytes.get(begun) == Some(&b'0');
        let right = match self.at - begun {
            1 => !(zero && negative),
            2..=18 => !zero,
            _ => false,
        };
        if right && matches!(bytes.get(self.at), Some(b',' | b'}' | b' ')) { Ok(()) } else { Err(Unusual) }
    }

    fn word(&mut self, word: &str) -> Result<(), Unusual> {
        if self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            return Ok(());
        }
        Err(Unusual)
    }

    fn texts(&mut self) -> Result<(), Unusual> {
        self.expect(b'[')?;
        if self.token() != Some(b']') {
            self.string()?;
            while self.token() == Some(b',') {
                self.at += 1;
                self.string()?;
            }
        }
        self.expect(b']')
    }
}
