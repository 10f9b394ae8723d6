//! Taking a compact token apart, strictly, without believing it.

use super::{Header, TokenError};
use crate::json::Object;
use crate::jws::{Compact, bounded, decode_in, object, understood};
use crate::limits::Limits;
use crate::scratch::Scratch;

/// What a token says, which nobody has verified. It is a type of its own so that it cannot pass
/// for [`super::Verified`].
///
/// ```
/// use vestibule_jose::jwt::{Unverified, inspect};
/// use vestibule_jose::Limits;
///
/// let Unverified { header, claims, signature, .. } = inspect("eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhZGEifQ.AA", &Limits::DEFAULT)?;
/// assert_eq!((header.alg_name(), &claims["sub"], signature.len()), ("ES256", &"ada".into(), 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Unverified {
    /// The header.
    pub header: Header,
    /// The claims.
    pub claims: Object,
    /// The signature.
    pub signature: Vec<u8>,
}

/// Reads a token without verifying anything, to choose a key or to show it to a person.
///
/// ```
/// use vestibule_jose::{Limits, jwt};
///
/// let token = jwt::inspect("eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhZGEifQ.AA", &Limits::DEFAULT)?;
/// assert_eq!(token.claims["sub"], "ada");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn inspect(token: &str, limits: &Limits) -> Result<Unverified, TokenError> {
    let (mut signature, mut payload) = (Scratch::new(), Scratch::new());
    let parts = split(token, limits, &mut signature)?;
    let claims = object("payload", parts.payload(limits, &mut payload)?, limits.json_bytes, limits)?;
    Ok(Unverified { claims, signature: parts.signature.to_vec(), header: parts.header })
}

/// A token taken apart; the payload is still encoded.
pub(super) struct Parts<'a> {
    pub(super) header: Header,
    pub(super) signing_input: &'a [u8],
    pub(super) signature: &'a [u8],
    payload: &'a str,
}

/// RFC 7515 §5.2, steps 1 to 7. A token has no extensions that anybody would have to understand, and its payload is
/// always encoded (RFC 7797 §7).
pub(super) fn split<'a>(token: &'a str, limits: &Limits, scratch: &'a mut Scratch) -> Result<Parts<'a>, TokenError> {
    let parts = Compact::split(token, limits)?;
    let header = parts.header(limits, scratch)?;
    if header.has_more() && header.members().contains_key("b64") {
        return Err(TokenError::B64);
    }
    understood(&header, &[])?;
    let signature = parts.signature(scratch)?;
    Ok(Parts { header, signing_input: parts.signing_input(), signature, payload: parts.payload })
}

impl Parts<'_> {
    /// The payload, decoded and short enough for claims (RFC 7519 §7.2, step 10).
    pub(super) fn payload<'s>(&self, limits: &Limits, scratch: &'s mut Scratch) -> Result<&'s [u8], TokenError> {
        let payload = decode_in("payload", self.payload, scratch)?;
        bounded("payload", payload.len(), limits.json_bytes)?;
        Ok(payload)
    }
}
