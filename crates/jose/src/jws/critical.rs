//! Extensions that a reader must understand (RFC 7515 §4.1.11), and the one that is understood here (RFC 7797).

use super::{Header, TokenError};
use crate::critical::{self, Fault};
use crate::json::{Object, Value};
use crate::jwk::excerpt;

/// How the payload stands in the signing input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Base64url,
    /// `b64` is false (RFC 7797 §3).
    Plain,
}

/// The shape of `crit`, which stands in the protected header and names what stands there.
pub(super) fn shape(protected: &Object, unprotected: &Object) -> Result<(), TokenError> {
    if unprotected.contains_key("crit") {
        return Err(TokenError::Critical("stands outside of the protected header"));
    }
    let Some(crit) = protected.get("crit") else { return Ok(()) };
    critical::names(crit, protected, &REGISTERED).map(drop).map_err(|fault| TokenError::Critical(words(fault)))
}

const fn words(fault: Fault) -> &'static str {
    match fault {
        Fault::NoNames => "is not an array of one name or more",
        Fault::NotAName => "holds something else than names",
        Fault::Twice => "names a member twice",
        Fault::Registered => "names a member that every reader knows",
        Fault::Absent => "names a member that is not in the protected header",
    }
}

/// Refuses a header whose `crit` names something else than these.
pub(crate) fn understood(header: &Header, names: &[&str]) -> Result<(), TokenError> {
    if !header.has_more() {
        return Ok(());
    }
    let Some(Value::Array(critical)) = header.members().get("crit") else { return Ok(()) };
    let unknown = critical.iter().filter_map(Value::as_str).find(|name| !names.contains(name));
    match unknown {
        Some(name) => Err(TokenError::NotUnderstood(excerpt(name))),
        None => Ok(()),
    }
}

/// RFC 7797 §3 and §6: `b64` is a protected boolean, and where it is false, `crit` says so.
pub(super) fn encoding(header: &Header) -> Result<Encoding, TokenError> {
    if !header.has_more() {
        return Ok(Encoding::Base64url);
    }
    if header.unprotected().contains_key("b64") {
        return Err(TokenError::Unencoded("\"b64\" stands outside of the protected header"));
    }
    match header.members().get("b64") {
        None | Some(Value::Bool(true)) => Ok(Encoding::Base64url),
        Some(Value::Bool(false)) => {
            let crit = header.members().get("crit").and_then(Value::as_array);
            match crit.is_some_and(|names| names.iter().any(|name| name == "b64")) {
                true => Ok(Encoding::Plain),
                false => Err(TokenError::Unencoded("\"b64\" is false, and \"crit\" does not name it")),
            }
        }
        Some(_) => Err(TokenError::Member { member: "b64", expected: "a boolean" }),
    }
}

/// RFC 7797 §5.2: printable ASCII, the space included, and no period.
pub(super) fn fits_compact(payload: &[u8]) -> bool {
    payload.iter().all(|byte| matches!(byte, 0x20..=0x7e) && *byte != b'.')
}

/// RFC 7515 §4.1.
pub(super) const REGISTERED: [&str; 11] =
    ["alg", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty", "crit"];
