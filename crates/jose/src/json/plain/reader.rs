//! The signs one after the other, in a text that has neither escapes nor control characters.

use super::{ELEMENTS, Plain, Sort, Unusual, bit};
use crate::find::Places;

#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// Of those that were not gone over.
    quotation_marks: Places<'a>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0, quotation_marks: Places::new(text.as_bytes(), b'"') }
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

    /// Goes over one sign, which was looked at.
    #[inline]
    pub(super) fn skip(&mut self) {
        self.at += 1;
    }

    /// Begins with an object: into its first name, if it has any.
    #[inline(always)]
    pub(super) fn first_name(&mut self) -> Result<bool, Unusual> {
        if self.next_two() == Some(*b"{\"") {
            self.enter();
            return Ok(true);
        }
        self.expect(b'{')?;
        match self.token() {
            Some(b'}') => self.end(),
            _ => self.quotation_mark().map(|()| true),
        }
    }

    /// From behind a value into the next name, if there is one.
    #[inline(always)]
    pub(super) fn next_name(&mut self) -> Result<bool, Unusual> {
        if self.next_two() == Some(*b",\"") {
            self.enter();
            return Ok(true);
        }
        match self.next_name_or_end()? {
            Some(after) => {
                *self = after;
                Ok(true)
            }
            None => Ok(false),
        }
    }

    /// It takes the reader as it is, as all do that are not part of their caller, so that the caller can keep its own in
    /// registers.
    #[inline(never)]
    fn next_name_or_end(mut self) -> Result<Option<Self>, Unusual> {
        match self.token() {
            Some(b',') => self.at += 1,
            Some(b'}') => return self.end().map(|_| None),
            _ => return Err(Unusual),
        }
        self.quotation_mark()?;
        Ok(Some(self))
    }

    /// Nothing but blanks may follow the sign that is next; there is no further name.
    fn end(&self) -> Result<bool, Unusual> {
        if self.text.as_bytes()[self.at + 1..].iter().all(|byte| *byte == b' ') { Ok(false) } else { Err(Unusual) }
    }

    #[inline(always)]
    fn quotation_mark(&mut self) -> Result<(), Unusual> {
        self.expect(b'"')?;
        self.quotation_marks.next();
        Ok(())
    }

    /// Goes over two signs, the second of which is a quotation mark.
    #[inline(always)]
    fn enter(&mut self) {
        self.at += 2;
        self.quotation_marks.next();
    }

    #[inline(always)]
    fn next_two(&self) -> Option<[u8; 2]> {
        self.text.as_bytes().get(self.at..self.at + 2)?.try_into().ok()
    }

    /// A name, within which we are, and its value.
    #[inline(always)]
    pub(super) fn member(&mut self) -> Result<(&'a str, Plain<'a>), Unusual> {
        let name = self.inside()?;
        let value = match self.next_two() {
            Some([b':', b'"']) => {
                self.enter();
                Plain::text_of(self.inside()?)
            }
            Some([b':', b'0'..=b'9']) => {
                self.at += 1;
                Plain { sort: Sort::Number, inside: "", number: self.digits()? }
            }
            _ => {
                let (value, after) = self.rarer_value()?;
                *self = after;
                value
            }
        };
        Ok((name, value))
    }

    /// A string: up to the next quotation mark.
    #[inline(always)]
    pub(super) fn string(&mut self) -> Result<&'a str, Unusual> {
        self.quotation_mark()?;
        self.inside()
    }

    /// The rest of a string.
    #[inline(always)]
    fn inside(&mut self) -> Result<&'a str, Unusual> {
        let (start, end) = (self.at, self.quotation_marks.next().ok_or(Unusual)?);
        self.at = end + 1;
        self.text.get(start..end).ok_or(Unusual)
    }

    /// The colon and any value.
    #[inline(never)]
    fn rarer_value(mut self) -> Result<(Plain<'a>, Self), Unusual> {
        self.expect(b':')?;
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
        Ok((Plain { sort, inside, number }, self))
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
    #[inline(always)]
    fn digits(&mut self) -> Result<i64, Unusual> {
        let bytes = self.text.as_bytes();
        let begun = self.at;
        let mut number = match bytes[begun..].first_chunk().and_then(eight_digits) {
            Some(number) => {
                self.at += 8;
                number
            }
            None => 0,
        };
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

/// The number that eight digits are, all looked at together.
#[inline]
fn eight_digits(eight: &[u8; 8]) -> Option<i64> {
    const fn each(byte: u8) -> u64 {
        u64::from_le_bytes([byte; 8])
    }
    let digits = u64::from_le_bytes(*eight).wrapping_sub(each(b'0'));
    // Beyond nine, six more reach the upper half of a byte.
    if (digits | digits.wrapping_add(each(6))) & each(0xf0) != 0 {
        return None;
    }
    // The first digit stands lowest: pairs, then fours, then all.
    let pairs = (digits * 10 + (digits >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs * 100 + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
    Some(((fours * 10_000 + (fours >> 32)) & 0xffff_ffff) as i64)
}
