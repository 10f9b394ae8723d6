//! Taking a compact token apart, strictly, without believing it.

use super::{Header, TokenError};
use crate::json::Object;
use crate::jwk::VerifyingKey;
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
    let mut scratch = Scratch::new();
    let parts = split(token, &[], limits, &mut scratch)?;
    let signature = parts.signature(&mut scratch)?.to_vec();
    let claims = object("payload", parts.payload(limits, &mut scratch)?, limits.json_bytes, limits)?;
    Ok(Unverified { claims, signature, header: parts.header })
}

/// A token taken apart; payload and signature are still encoded.
pub(super) struct Parts<'a> {
    pub(super) header: Header,
    compact: Compact<'a>,
}

/// RFC 7515 §5.2, steps 1 to 5. A token has no extensions that anybody would have to understand, and its payload is
/// always encoded (RFC 7797 §7). A header that is usual for one of the keys has been read before.
pub(super) fn split<'a>(
    token: &'a str,
    keys: &[VerifyingKey],
    limits: &Limits,
    scratch: &mut Scratch,
) -> Result<Parts<'a>, TokenError> {
    let compact = Compact::split(token, limits)?;
    let usual = keys.iter().take(ASKED).find_map(|key| key.usual_header().header(compact.protected(), limits));
    let header = match usual {
        Some(header) => header,
        None => read(&compact, limits, scratch)?,
    };
    Ok(Parts { header, compact })
}

fn read(compact: &Compact<'_>, limits: &Limits, scratch: &mut Scratch) -> Result<Header, TokenError> {
    let header = compact.header(limits, scratch)?;
    if header.has_more() && header.members().contains_key("b64") {
        return Err(TokenError::B64);
    }
    understood(&header, &[])?;
    Ok(header)
}

/// To ask more keys for their usual header would take longer than to read it.
const ASKED: usize = 8;

impl<'a> Parts<'a> {
    /// The header as it was written.
    pub(super) fn protected(&self) -> &'a str {
        self.compact.protected()
    }

    /// What was signed.
    pub(super) fn signing_input(&self) -> &'a [u8] {
        self.compact.signing_input()
    }

    /// RFC 7515 §5.2, step 7.
    pub(super) fn signature<'s>(&self, scratch: &'s mut Scratch) -> Result<&'s [u8], TokenError> {
        self.compact.signature(scratch)
    }

    /// The payload, decoded and short enough for claims (RFC 7519 §7.2, step 10).
    pub(super) fn payload<'s>(&self, limits: &Limits, scratch: &'s mut Scratch) -> Result<&'s [u8], TokenError> {
        let payload = decode_in("payload", self.compact.payload, scratch)?;
        bounded("payload", payload.len(), limits.json_bytes)?;
        Ok(payload)
    }
}
