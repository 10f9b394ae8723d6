//! Where claims are looked up: a JSON object, or plain JSON where it lies.

use crate::json::plain::{self, Plain, Sort};
use crate::json::{self, Object, Value};

/// Whatever knows the claims of a token.
pub(crate) trait Claims {
    /// The claim of this name.
    fn claim(&self, name: &str) -> Option<Claim<'_>>;
}

/// A claim as it was found.
#[derive(Clone, Copy)]
pub(crate) enum Claim<'a> {
    Json(&'a Value),
    Plain(Plain<'a>),
}

impl<'a> Claim<'a> {
    /// The string that it is.
    #[inline]
    pub(super) fn text(self) -> Option<&'a str> {
        match self {
            Self::Json(value) => value.as_str(),
            Self::Plain(value) => value.text(),
        }
    }

    /// The strings of the array that it is.
    pub(super) fn texts(self) -> Option<Vec<&'a str>> {
        match self {
            Self::Json(value) => value.as_array()?.iter().map(Value::as_str).collect(),
            Self::Plain(value) => Some(value.texts()?.collect()),
        }
    }

    /// The number that it is.
    #[inline]
    pub(super) fn number(self) -> Option<f64> {
        match self {
            Self::Json(value) => value.as_f64(),
            Self::Plain(value) => value.number().map(|number| number as f64),
        }
    }

    /// What sort of value it is, for messages.
    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::Json(value) => json::kind(value),
            Self::Plain(value) => match value.sort() {
                Sort::Null => "null",
                Sort::Bool => "a boolean",
                Sort::Number => "a number",
                Sort::Text => "a string",
                Sort::Texts => "an array",
                Sort::Named => "an object",
            },
        }
    }
}

impl Claims for Object {
    fn claim(&self, name: &str) -> Option<Claim<'_>> {
        self.get(name).map(Claim::Json)
    }
}

/// The registered claims, kept as they came by; any other is looked for when it is asked for.
#[derive(Default)]
pub(super) struct Registered<'a>([Option<Plain<'a>>; 7]);

impl<'a> Registered<'a> {
    #[inline]
    pub(super) fn see(&mut self, name: &str, value: Plain<'a>) {
        if let Some(place) = place(name) {
            self.0[place] = Some(value);
        }
    }
}

/// Claims that are plain.
pub(super) struct PlainClaims<'a> {
    pub(super) registered: Registered<'a>,
    /// The text of the object.
    pub(super) all: &'a str,
}

impl Claims for PlainClaims<'_> {
    #[inline(always)]
    fn claim(&self, name: &str) -> Option<Claim<'_>> {
        let found = match place(name) {
            Some(place) => self.registered.0[place],
            None => plain::get(self.all, name),
        };
        found.map(Claim::Plain)
    }
}

/// RFC 7519 §4.1. They have three letters each, which are compared together.
#[inline(always)]
fn place(name: &str) -> Option<usize> {
    const fn joined([a, b, c]: [u8; 3]) -> u32 {
        u32::from_le_bytes([a, b, c, 0])
    }
    const ISS: u32 = joined(*b"iss");
    const SUB: u32 = joined(*b"sub");
    const AUD: u32 = joined(*b"aud");
    const EXP: u32 = joined(*b"exp");
    const NBF: u32 = joined(*b"nbf");
    const IAT: u32 = joined(*b"iat");
    const JTI: u32 = joined(*b"jti");
    let [a, b, c] = *name.as_bytes() else { return None };
    match joined([a, b, c]) {
        ISS => Some(0),
        SUB => Some(1),
        AUD => Some(2),
        EXP => Some(3),
        NBF => Some(4),
        IAT => Some(5),
        JTI => Some(6),
        _ => None,
    }
}
