//! The protected header.

use super::{SignError, TokenError};
use crate::alg::JwsAlgorithm;
use crate::json::{Object, Value};

/// A header as it was read. What it says about keys (`jwk`, `jku`, `x5c`, `x5u`) is never used.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    members: Object,
}

impl Header {
    /// Checks the members that matter (RFC 7515 §4.1).
    pub(super) fn new(members: Object) -> Result<Self, TokenError> {
        for member in ["alg", "kid", "typ", "cty"] {
            if members.get(member).is_some_and(|value| !value.is_string()) {
                return Err(TokenError::Member { member, expected: "a string" });
            }
        }
        if !members.contains_key("alg") {
            return Err(TokenError::NoAlgorithm);
        }
        if members.contains_key("crit") {
            return Err(TokenError::Critical);
        }
        if members.contains_key("b64") {
            return Err(TokenError::B64);
        }
        Ok(Self { members })
    }

    /// The name in `alg`, whatever it is.
    pub fn alg_name(&self) -> &str {
        self.text("alg").unwrap_or_default()
    }

    /// The algorithm, if it is one that is known here.
    pub fn alg(&self) -> Option<JwsAlgorithm> {
        self.alg_name().parse().ok()
    }

    /// The `kid`: a hint which key to try, from whoever wrote the token.
    pub fn kid(&self) -> Option<&str> {
        self.text("kid")
    }

    /// The `typ`.
    pub fn typ(&self) -> Option<&str> {
        self.text("typ")
    }

    /// All members.
    pub fn members(&self) -> &Object {
        &self.members
    }

    fn text(&self, member: &str) -> Option<&str> {
        self.members.get(member).and_then(Value::as_str)
    }
}

/// Whether two media types are the same: without regard to case, `application/` may be left out
/// (RFC 7515 §4.1.9).
pub(super) fn same_typ(a: &str, b: &str) -> bool {
    short(a).eq_ignore_ascii_case(short(b))
}

fn short(typ: &str) -> &str {
    const PREFIX: &str = "application/";
    match typ.split_at_checked(PREFIX.len()) {
        Some((prefix, rest)) if prefix.eq_ignore_ascii_case(PREFIX) && !rest.contains('/') => rest,
        _ => typ,
    }
}

/// What a header says besides `alg` and `kid`, which come from the key.
#[derive(Clone, Debug, Default)]
pub struct HeaderExtras<'a> {
    /// The token's type, such as `at+jwt`.
    pub typ: Option<&'a str>,
    /// The type of what is inside.
    pub cty: Option<&'a str>,
    /// More members; `alg`, `kid`, `typ`, `cty`, `crit` and `b64` may not stand here.
    pub members: Object,
}

impl<'a> HeaderExtras<'a> {
    /// Only a type.
    pub fn typ(typ: &'a str) -> Self {
        Self { typ: Some(typ), ..Self::default() }
    }

    /// The header's JSON.
    pub(super) fn to_json(&self, alg: JwsAlgorithm, kid: Option<&str>) -> Result<String, SignError> {
        const RESERVED: [&str; 6] = ["alg", "kid", "typ", "cty", "crit", "b64"];
        if let Some(name) = RESERVED.into_iter().find(|name| self.members.contains_key(*name)) {
            return Err(SignError::Header(name.to_owned()));
        }
        let mut members = self.members.clone();
        let own = [("alg", Some(alg.as_str())), ("kid", kid), ("typ", self.typ), ("cty", self.cty)];
        for (name, value) in own {
            if let Some(value) = value {
                members.insert(name.into(), value.into());
            }
        }
        Ok(serde_json::to_string(&members)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7515 §4.1.9.
    #[test]
    fn types_are_media_types() {
        for (a, b, same) in [
            ("at+jwt", "at+jwt", true),
            ("at+jwt", "AT+JWT", true),
            ("at+jwt", "application/at+jwt", true),
            ("Application/at+jwt", "at+jwt", true),
            ("at+jwt", "jwt", false),
            ("text/at+jwt", "at+jwt", false),
            ("application/a/b", "a/b", false),
            ("", "at+jwt", false),
        ] {
            assert_eq!(same_typ(a, b), same, "{a} {b}");
        }
    }
}
