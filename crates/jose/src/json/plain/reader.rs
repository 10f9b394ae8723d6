//! The signs one after the other, in a text that has neither escapes nor control characters.

use super::{ELEMENTS, Plain, Sort, Unusual, bit};
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

    pub(super) fn whole(&self) -> &'a str {
        self.text
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
    #[inline(always)]
    pub(super) fn member(&mut self) -> Result<(&'a str, Plain<'a>), Unusual> {
        let name = self.string()?;
        self.expect(b':')?;
        Ok((name, self.value()?))
    }

    /// A string: up to the next quotation mark.
    #[inline(always)]
    pub(super) fn string(&mut self) -> Result<&'a str, Unusual> {
        self.expect(b'"')?;
        let rest = &self.text[self.at..];
        let len = find(rest.as_bytes(), b'"').ok_or(Unusual)?;
        self.at += len + 1;
        Ok(&rest[..len])
    }

    #[inline(always)]
    fn value(&mut self) -> Result<Plain<'a>, Unusual> {
        let (sort, inside, number) = match self.token().ok_or(Unusual)? {
            b'"' => (Sort::Text, self.string()?, 0),
            b'0'..=b'9' => (Sort::Number, "", self.digits()?),
            b'-' => (Sort::Number, "", self.negative()?),
            b'[' => (Sort::Texts, self.texts()?, 0),
            b'{' => (Sort::Named, self.named()?, 0),
            b't' => (Sort::Bool, self.word("true")?, 1),
            b'f' => (Sort::Bool, self.word("false")?, 0),
            b'n' => (Sort::Null, self.word("null")?, 0),
            _ => return Err(Unusual),
        };
        Ok(Plain { sort, inside, number })
    }

    /// -0 is a fraction to the other parser.
    fn negative(&mut self) -> Result<i64, Unusual> {
        self.at += 1;
        match self.digits()? {
            0 => Err(Unusual),
            number => Ok(-number),
        }
    }

    /// A whole number of at most 18 digits, which fits.
    #[inline]
    fn digits(&mut self) -> Result<i64, Unusual> {
        let bytes = self.text.as_bytes();
        let begun = self.at;
        let mut number = 0_i64;
        while let Some(digit @ b'0'..=b'9') = bytes.get(self.at) {
            number = number.wrapping_mul(10).wrapping_add(i64::from(digit - b'0'));
            self.at += 1;
        }
        let right = match self.at - begun {
            1 => true,
            2..=18 => bytes.get(begun) != Some(&b'0'),
            _ => false,
        };
        if right && matches!(bytes.get(self.at), Some(b',' | b'}' | b' ')) { Ok(number) } else { Err(Unusual) }
    }

    /// Goes over the word, and gives the nothing that is within it.
    fn word(&mut self, word: &str) -> Result<&'a str, Unusual> {
        if self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            return Ok("");
        }
        Err(Unusual)
    }

    fn texts(&mut self) -> Result<&'a str, Unusual> {
        self.expect(b'[')?;
        let begun = self.at;
        if self.token() != Some(b']') {
            self.string()?;
            let mut count = 1;
            while self.token() == Some(b',') {
                if count == ELEMENTS {
                    return Err(Unusual);
                }
                self.at += 1;
                self.string()?;
                count += 1;
            }
        }
        self.expect(b']')?;
        Ok(&self.text[begun..self.at - 1])
    }
    /// An object of strings. Two names of one bit may be one name, which is then the other parser's to see.
    fn named(&mut self) -> Result<&'a str, Unusual> {
        self.expect(b'{')?;
        let begun = self.at;
        if self.token() != Some(b'}') {
            let mut met = bit(self.named_text()?.0);
            while self.token() == Some(b',') {
                self.at += 1;
                let bit = bit(self.named_text()?.0);
                if met & bit != 0 {
                    return Err(Unusual);
                }
                met |= bit;
            }
        }
        self.expect(b'}')?;
        Ok(&self.text[begun..self.at - 1])
    }

    /// A name and the string that is its value.
    pub(super) fn named_text(&mut self) -> Result<(&'a str, &'a str), Unusual> {
        let name = self.string()?;
        self.expect(b':')?;
        Ok((name, self.string()?))
    }
}
