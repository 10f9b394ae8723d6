//! A value that was read.

use super::reader::Reader;

/// A value. It is flat, since one that is packed is slow to hand on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plain<'a> {
    pub(super) sort: Sort,
    /// Of a string, an array and an object what stands within, of anything else nothing.
    pub(super) inside: &'a str,
    /// Of a boolean 0 or 1.
    pub(super) number: i64,
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    Null,
    Bool,
    /// A whole one of at most 18 digits.
    Number,
    Text,
    /// An array of strings.
    Texts,
    /// An object of strings.
    Named,
}

/// Goes through the strings of an array.
pub(crate) struct Each<'a>(Reader<'a>);

/// Goes through the members of an object of strings.
pub(crate) struct Named<'a>(Reader<'a>);

impl<'a> Named<'a> {
    /// By what stands between the braces.
    pub(crate) fn of(inside: &'a str) -> Self {
        Self(Reader::new(inside))
    }
}

impl<'a> Plain<'a> {
    pub(super) const NULL: Self = Self { sort: Sort::Null, inside: "", number: 0 };

    /// A string.
    #[inline]
    pub(super) const fn text_of(inside: &'a str) -> Self {
        Self { sort: Sort::Text, inside, number: 0 }
    }

    /// What it is.
    #[inline]
    pub(crate) fn sort(self) -> Sort {
        self.sort
    }

    /// Of a string, an array and an object what stands within, of anything else nothing.
    #[inline]
    pub(crate) fn inside(self) -> &'a str {
        self.inside
    }

    /// The string that it is.
    #[inline]
    pub(crate) fn text(self) -> Option<&'a str> {
        if self.sort == Sort::Text { Some(self.inside) } else { None }
    }

    /// The number that it is.
    #[inline]
    pub(crate) fn number(self) -> Option<i64> {
        if self.sort == Sort::Number { Some(self.number) } else { None }
    }

    /// The strings of the array that it is.
    pub(crate) fn texts(self) -> Option<Each<'a>> {
        if self.sort == Sort::Texts { Some(Each(Reader::new(self.inside))) } else { None }
    }
}

impl<'a> Iterator for Each<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.0.token()? == b',' {
            self.0.skip();
        }
        self.0.string().ok()
    }
}

impl<'a> Iterator for Named<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<(&'a str, &'a str)> {
        if self.0.token()? == b',' {
            self.0.skip();
        }
        self.0.named_text().ok()
    }
}
