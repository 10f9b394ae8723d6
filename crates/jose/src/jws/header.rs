//! The header: what it says when it is read, and what a caller may add when it is written.

use std::fmt;
use std::sync::{Arc, LazyLock};

use super::{SignError, TokenError, critical};
use crate::alg::JwsAlgorithm;
use crate::find::same;
use crate::json::plain::{Sort, Unusual};
use crate::json::{Object, Value};
use crate::jwk::excerpt;
use crate::limits::Limits;
use crate::named::{Known, Named};

/// A header as it was read. What it says about keys (`jwk`, `jku`, `x5c`, `x5u`) is never used.
///
/// ```
/// use vestibule_jose::{JwsAlgorithm, Limits, jws};
///
/// // {"alg":"ES256","kid":"k","typ":"JWT"}
/// let message = jws::inspect("eyJhbGciOiJFUzI1NiIsImtpZCI6ImsiLCJ0eXAiOiJKV1QifQ.e30.AA", &Limits::DEFAULT)?;
/// let header = &message.signatures[0].header;
/// assert_eq!((header.alg(), header.alg_name()), (Some(JwsAlgorithm::ES256), "ES256"));
/// assert_eq!((header.kid(), header.typ(), header.cty()), (Some("k"), Some("JWT"), None));
/// assert_eq!((header.get("typ"), header.members().len()), (Some(&"JWT".into()), 3));
/// assert!(header.unprotected().is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Header(Kind);

#[derive(Clone)]
enum Kind {
    Members(Box<Members>),
    /// `alg` and perhaps `kid`, `typ` and `cty`, nothing else, and all of it protected.
    Named(Arc<Named<4>>),
}

#[derive(Clone)]
struct Members {
    protected: Object,
    unprotected: Object,
}

impl Header {
    /// Checks the members that matter (RFC 7515 §4, §4.1).
    pub(crate) fn new(protected: Object, unprotected: Object) -> Result<Self, TokenError> {
        if let Some(name) = unprotected.keys().find(|name| protected.contains_key(*name)) {
            return Err(TokenError::Twice(excerpt(name)));
        }
        critical::shape(&protected, &unprotected)?;
        let header = Self(Kind::Members(Box::new(Members { protected, unprotected })));
        for member in ["alg", "kid", "typ", "cty"] {
            if header.get(member).is_some_and(|value| !value.is_string()) {
                return Err(TokenError::Member { member, expected: "a string" });
            }
        }
        match header.get("alg") {
            Some(_) => Ok(header),
            None => Err(TokenError::NoAlgorithm),
        }
    }

    /// A protected header in which nothing needs to be checked any more.
    pub(super) fn named(json: &[u8], depth: usize) -> Result<Self, Unusual> {
        Ok(Self(Kind::Named(Arc::new(Named::read(json, depth, &KNOWN)?))))
    }

    /// The name in `alg`, whatever it is.
    pub fn alg_name(&self) -> &str {
        self.text(ALG).unwrap_or_default()
    }

    /// The algorithm, if it is one that is known here.
    pub fn alg(&self) -> Option<JwsAlgorithm> {
        self.alg_name().parse().ok()
    }

    /// The `kid`: a hint which key to try, from whoever wrote the token.
    pub fn kid(&self) -> Option<&str> {
        self.text(KID)
    }

    /// The `typ`.
    pub fn typ(&self) -> Option<&str> {
        self.text(TYP)
    }

    /// The `cty`.
    pub fn cty(&self) -> Option<&str> {
        self.text(CTY)
    }

    /// The protected members, which in the compact form are all.
    pub fn members(&self) -> &Object {
        match &self.0 {
            Kind::Members(members) => &members.protected,
            Kind::Named(named) => named.members(),
        }
    }

    /// Whether there may be more in the protected header than `alg`, `kid`, `typ` and `cty`.
    pub(crate) fn has_more(&self) -> bool {
        matches!(self.0, Kind::Members(_))
    }

    /// Whether it would be read under these limits too.
    pub(super) fn is_within(&self, limits: &Limits) -> bool {
        match &self.0 {
            Kind::Members(_) => false,
            Kind::Named(named) => named.is_within(limits.header_bytes, limits.json_depth),
        }
    }

    /// The members that the signature does not protect (RFC 7515 §7.2): anybody can have put them there.
    pub fn unprotected(&self) -> &Object {
        static NONE: LazyLock<Object> = LazyLock::new(Object::new);
        match &self.0 {
            Kind::Members(members) => &members.unprotected,
            Kind::Named(_) => &NONE,
        }
    }

    /// A member, protected or not; no name stands in both.
    pub fn get(&self, member: &str) -> Option<&Value> {
        self.members().get(member).or_else(|| self.unprotected().get(member))
    }

    /// The string in a member of [`KNOWN`].
    #[inline]
    fn text(&self, place: usize) -> Option<&str> {
        match &self.0 {
            Kind::Members(_) => self.get(KNOWN.members[place].0).and_then(Value::as_str),
            Kind::Named(named) => named.at(place),
        }
    }
}

/// By what it says, not by how it was read.
impl PartialEq for Header {
    fn eq(&self, other: &Self) -> bool {
        self.members() == other.members() && self.unprotected() == other.unprotected()
    }
}

impl fmt::Debug for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Header").field("protected", self.members()).field("unprotected", self.unprotected()).finish()
    }
}

/// Whether two media types are the same: without regard to case, `application/` may be left out
/// (RFC 7515 §4.1.9).
pub(crate) fn same_typ(a: &str, b: &str) -> bool {
    same(a, b) || short(a).eq_ignore_ascii_case(short(b))
}

fn short(typ: &str) -> &str {
    const PREFIX: &str = "application/";
    match typ.split_at_checked(PREFIX.len()) {
        Some((prefix, rest)) if prefix.eq_ignore_ascii_case(PREFIX) && !rest.contains('/') => rest,
        _ => typ,
    }
}

/// What a header says besides `alg` and `kid`, which come from the key.
///
/// ```
/// use vestibule_jose::jwt::{self, HeaderExtras};
/// use vestibule_jose::{JwsAlgorithm, Limits, SigningKey, json::Object, provider::aws_lc};
///
/// let key = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256)?;
/// let token = jwt::sign(&key, &HeaderExtras::typ("at+jwt"), &Object::new())?;
/// assert_eq!(jwt::inspect(&token, &Limits::DEFAULT)?.header.typ(), Some("at+jwt"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
    pub(crate) fn to_json(&self, alg: JwsAlgorithm, kid: Option<&str>) -> Result<String, SignError> {
        Ok(serde_json::to_string(&self.to_members(Some(alg), kid)?)?)
    }

    /// The header's members.
    pub(super) fn to_members(&self, alg: Option<JwsAlgorithm>, kid: Option<&str>) -> Result<Object, SignError> {
        const RESERVED: [&str; 6] = ["alg", "kid", "typ", "cty", "crit", "b64"];
        if let Some(name) = RESERVED.into_iter().find(|name| self.members.contains_key(*name)) {
            return Err(SignError::Header(name.to_owned()));
        }
        let mut members = self.members.clone();
        let own = [("alg", alg.map(JwsAlgorithm::as_str)), ("kid", kid), ("typ", self.typ), ("cty", self.cty)];
        for (name, value) in own {
            if let Some(value) = value {
                members.insert(name.into(), value.into());
            }
        }
        Ok(members)
    }
}

const ALG: usize = 0;
const KID: usize = 1;
const TYP: usize = 2;
const CTY: usize = 3;

const KNOWN: Known<4> = Known {
    members: [("alg", Sort::Text), ("kid", Sort::Text), ("typ", Sort::Text), ("cty", Sort::Text)],
    required: 1,
};

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
