//! Where claims are looked up: a JSON object, or plain JSON where it lies.

use crate::json::plain::{Members, Plain, Sort};
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
    pub(super) all: Members<'a>,
}

impl Claims for PlainClaims<'_> {
    #[inline(always)]
    fn claim(&self, name: &str) -> Option<Claim<'_>> {
        let found = match place(name) {
            Some(place) => self.registered.0[place],
            None => self.all.get(name),
        };
        found.map(Claim::Plain)
    }
}

/// RFC 7519 §4.1.
#[inline(always)]
fn place(name: &str) -> Option<usize> {
    match name.as_bytes() {
        b"iss" => Some(0),
        b"sub" => Some(1),
        b"aud" => Some(2),
        b"exp" => Some(3),
        b"nbf" => Some(4),
        b"iat" => Some(5),
        b"jti" => Some(6),
        _ => None,
    }
}
