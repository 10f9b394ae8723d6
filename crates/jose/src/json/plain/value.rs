//! A value, as it is written.

use super::reader::Reader;

/// A value whose text has been checked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Plain<'a>(&'a str);

/// What a value is.
pub(crate) enum Sort<'a> {
    Null,
    Bool(bool),
    Positive(u64),
    Negative(i64),
    Text(&'a str),
    Texts(Texts<'a>),
}

/// An array of strings.
#[derive(Clone)]
pub(crate) struct Texts<'a>(Reader<'a>);

impl<'a> Plain<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self(text)
    }

    /// The value that the text stands for.
    #[inline]
    pub(crate) fn sort(self) -> Sort<'a> {
        match self.0.as_bytes() {
            [b'"', ..] => Sort::Text(self.inside()),
            [b'[', ..] => Sort::Texts(Texts(Reader::new(self.inside()))),
            [b't', ..] => Sort::Bool(true),
            [b'f', ..] => Sort::Bool(false),
            [b'-', digits @ ..] => {
                Sort::Negative(-digits.iter().fold(0, |number, digit| number * 10 + i64::from(digit - b'0')))
            }
            [b'0'..=b'9', ..] => {
                Sort::Positive(self.0.bytes().fold(0, |number, digit| number * 10 + u64::from(digit - b'0')))
            }
            _ => Sort::Null,
        }
    }

    /// The string that it is.
    #[inline]
    pub(crate) fn text(self) -> Option<&'a str> {
        if self.0.starts_with('"') { Some(self.inside()) } else { None }
    }

    /// What stands between the first sign and the last.
    #[inline]
    fn inside(self) -> &'a str {
        &self.0[1..self.0.len() - 1]
    }
}

impl<'a> Iterator for Texts<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.0.token()? == b',' {
            self.0.skip();
        }
        self.0.string().ok()
    }
}
