//! DER, read from front to back (X.690): definite lengths in their shortest form, and tags above 30, which Android's
//! extension has.

/// What is still to be read of one value.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a>(&'a [u8]);

/// Class and form, as the first three bits have them, and the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tag(u8, u32);

pub(crate) const BOOLEAN: Tag = Tag(0, 1);
pub(crate) const INTEGER: Tag = Tag(0, 2);
pub(crate) const OCTET_STRING: Tag = Tag(0, 4);
pub(crate) const ENUMERATED: Tag = Tag(0, 10);
const SEQUENCE: Tag = Tag(0x20, 16);
const SET: Tag = Tag(0x20, 17);

impl Tag {
    /// `[n] EXPLICIT`.
    pub(crate) const fn explicit(number: u32) -> Self {
        Self(0xa0, number)
    }

    /// The number of an explicit tag.
    pub(crate) fn number(self) -> Option<u32> {
        (self.0 == 0xa0).then_some(self.1)
    }
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(input: &'a [u8]) -> Self {
        Self(input)
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The next value, whatever it is: its tag and its contents.
    pub(crate) fn any(&mut self) -> Option<(Tag, &'a [u8])> {
        let (tag, rest) = tag(self.0)?;
        let (len, rest) = length(rest)?;
        let (contents, rest) = rest.split_at_checked(len)?;
        self.0 = rest;
        Some((tag, contents))
    }

    /// The contents of the next value, which must have this tag.
    pub(crate) fn read(&mut self, expected: Tag) -> Option<&'a [u8]> {
        let (found, contents) = self.any()?;
        (found == expected).then_some(contents)
    }

    pub(crate) fn sequence(&mut self) -> Option<Self> {
        self.read(SEQUENCE).map(Self)
    }

    pub(crate) fn set(&mut self) -> Option<Self> {
        self.read(SET).map(Self)
    }

    /// A number that is not negative and fits 32 bits, of either sort (X.690 §8.3, §8.4).
    pub(crate) fn number(&mut self, sort: Tag) -> Option<u32> {
        let digits = match self.read(sort)? {
            [0] => &[],
            [0, rest @ ..] if rest.first().is_some_and(|byte| *byte >= 0x80) => rest,
            [] | [0 | 0x80..=0xff, ..] => return None,
            digits => digits,
        };
        (digits.len() <= 4).then(|| digits.iter().fold(0, |number, byte| number << 8 | u32::from(*byte)))
    }

    /// X.690 §11.1.
    pub(crate) fn truth(&mut self) -> Option<bool> {
        match self.read(BOOLEAN)? {
            [0] => Some(false),
            [0xff] => Some(true),
            _ => None,
        }
    }

    /// What was read, if nothing is left.
    pub(crate) fn end<T>(self, read: T) -> Option<T> {
        self.0.is_empty().then_some(read)
    }
}

/// X.690 §8.1.2: a number above 30 in groups of seven bits, in as few as possible. Three are enough for any number here.
fn tag(input: &[u8]) -> Option<(Tag, &[u8])> {
    let (&first, mut rest) = input.split_first()?;
    let head = first & 0xe0;
    if first & 0x1f != 0x1f {
        return Some((Tag(head, u32::from(first & 0x1f)), rest));
    }
    let mut number = 0;
    for at in 0..3 {
        let (&byte, after) = rest.split_first()?;
        if at == 0 && byte == 0x80 {
            return None;
        }
        (number, rest) = (number << 7 | u32::from(byte & 0x7f), after);
        if byte & 0x80 == 0 {
            return (number > 30).then_some((Tag(head, number), rest));
        }
    }
    None
}

/// X.690 §10.1: definite, in as few bytes as possible.
fn length(input: &[u8]) -> Option<(usize, &[u8])> {
    match input {
        [len @ 0..=0x7f, rest @ ..] => Some((usize::from(*len), rest)),
        [0x81, len @ 0x80..=0xff, rest @ ..] => Some((usize::from(*len), rest)),
        [0x82, high @ 1..=0xff, low, rest @ ..] => Some((usize::from(*high) << 8 | usize::from(*low), rest)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_above_thirty_are_read_in_their_shortest_form() {
        for (bytes, tag) in [
            (&[0xbf, 0x85, 0x3e, 0][..], Some(Tag::explicit(702))),
            (&[0xbf, 0x1f, 0], Some(Tag::explicit(31))),
            (&[0xa1, 0], Some(Tag::explicit(1))),
            (&[0xbf, 0x1e, 0], None),                   // 30 fits the first byte
            (&[0xbf, 0x80, 0x1f, 0], None),             // a superfluous group
            (&[0xbf, 0x81, 0x81, 0x81, 0x01, 0], None), // beyond any tag
            (&[0xbf, 0x85], None),
            (&[], None),
        ] {
            assert_eq!(Reader::new(bytes).any().map(|(tag, _)| tag), tag, "{bytes:02x?}");
        }
    }

    #[test]
    fn only_der_is_read() {
        let number = |bytes| Reader::new(bytes).number(INTEGER);
        for (bytes, read) in [
            (&[2, 1, 0][..], Some(0)),
            (&[2, 2, 0, 0x80], Some(128)),
            (&[2, 4, 0x7f, 0xff, 0xff, 0xff], Some(0x7fff_ffff)),
            (&[2, 2, 0, 0x7f], None),       // a superfluous zero
            (&[2, 1, 0x80], None),          // negative
            (&[2, 0], None),                // no digits
            (&[2, 5, 1, 0, 0, 0, 0], None), // beyond 32 bits
            (&[10, 1, 0], None),            // another type
            (&[2, 0x81, 1, 0], None),       // the length is not in its shortest form
            (&[2, 0x82, 0, 1, 0], None),    // nor here
            (&[2, 0x80, 0, 0], None),       // an indefinite length
            (&[2, 2, 1], None),             // truncated
        ] {
            assert_eq!(number(bytes), read, "{bytes:02x?}");
        }
        assert_eq!(Reader::new(&[1, 1, 1]).truth(), None, "a truth value is all ones or all zeros");
    }
}
