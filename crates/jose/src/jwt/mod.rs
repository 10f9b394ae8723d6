//! JSON Web Tokens in the compact form (RFC 7519, RFC 7515 §3.1).
//!
//! Signing: [`Signer`] for one key and one `typ` again and again, [`sign`] for once, and
//! [`prepare`] with [`Prepared::attach`] for a key that lies elsewhere. Reading: [`verify`] gives
//! [`Verified`] claims; [`inspect`] gives [`Unverified`] ones, which must never be believed. Signed, then encrypted:
//! [`nest`] and [`verify_nested`].

mod claims;
mod error;
mod found;
mod hash;
mod nested;
mod prepare;
mod rules;
mod sign;
mod token;
mod verify;

pub use crate::jws::{Header, HeaderExtras, SignError, TokenError};
pub(crate) use claims::check as check_claims;
pub use error::VerifyError;
#[cfg(feature = "aws-lc")]
pub use hash::left_half_hash;
pub use hash::left_half_hash_with;
pub use nested::{NestedError, nest, verify_nested};
pub use prepare::{Prepared, prepare};
pub use rules::Rules;
pub(crate) use sign::sign_without_kid;
pub use sign::{Signer, sign};
pub use token::{Unverified, inspect};
pub(crate) use verify::verify_signature;
pub use verify::{OwnKeyError, Verified, verify, verify_by_own_key};
