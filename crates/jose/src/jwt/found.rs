//! Where claims are looked up: a JSON object, or plain JSON where it lies.

use crate::json::plain::{Members, Plain};
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
    pub(super) fn text(self) -> Option<&'a str> {
        match self {
            Self::Json(value) => value.as_str(),
            Self::Plain(Plain::Text(text)) => Some(text),
            Self::Plain(_) => None,
        }
    }

    /// The strings of the array that it is.
    pub(super) fn texts(self) -> Option<Vec<&'a str>> {
        match self {
            Self::Json(value) => value.as_array()?.iter().map(Value::as_str).collect(),
            Self::Plain(Plain::Texts(texts)) => Some(texts.iter().collect()),
            Self::Plain(_) => None,
        }
    }

    /// The number that it is.
    pub(super) fn number(self) -> Option<f64> {
        match self {
            Self::Json(value) => value.as_f64(),
            Self::Plain(Plain::Positive(number)) => Some(number as f64),
            Self::Plain(Plain::Negative(number)) => Some(number as f64),
            Self::Plain(_) => None,
        }
    }

    /// What sort of value it is, for messages.
    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::Json(value) => json::kind(value),
            Self::Plain(Plain::Null) => "null",
            Self::Plain(Plain::Bool(_)) => "a boolean",
            Self::Plain(Plain::Positive(_) | Plain::Negative(_)) => "a number",
            Self::Plain(Plain::Text(_)) => "a string",
            Self::Plain(Plain::Texts(_)) => "an array",
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
pub(super) struct Registered<'a> {
    iss: Option<Plain<'a>>,
    sub: Option<Plain<'a>>,
    aud: Option<Plain<'a>>,
    exp: Option<Plain<'a>>,
    nbf: Option<Plain<'a>>,
    iat: Option<Plain<'a>>,
    jti: Option<Plain<'a>>,
}

impl<'a> Registered<'a> {
    pub(super) fn see(&mut self, name: &str, value: Plain<'a>) {
        let place = match name {
            "iss" => &mut self.iss,
            "sub" => &mut self.sub,
            "aud" => &mut self.aud,
            "exp" => &mut self.exp,
            "nbf" => &mut self.nbf,
            "iat" => &mut self.iat,
            "jti" => &mut self.jti,
            _ => return,
        };
        *place = Some(value);
    }
}

/// Claims that are plain.
pub(super) struct PlainClaims<'a> {
    pub(super) registered: Registered<'a>,
    pub(super) all: Members<'a>,
}

impl Claims for PlainClaims<'_> {
    fn claim(&self, name: &str) -> Option<Claim<'_>> {
        let found = match name {
            "iss" => self.registered.iss,
            "sub" => self.registered.sub,
            "aud" => self.registered.aud,
            "exp" => self.registered.exp,
            "nbf" => self.registered.nbf,
            "iat" => self.registered.iat,
            "jti" => self.registered.jti,
            other => self.all.get(other),
        };
        found.map(Claim::Plain)
    }
}
