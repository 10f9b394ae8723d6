//! JSON Web Signatures over any bytes (RFC 7515), in the compact, the flattened and the general form.
//!
//! Signing: a [`Draft`] takes signatures, made here or elsewhere ([`Draft::prepare`], [`Draft::attach`]), and is then
//! written in one of the forms. Reading: [`verify`] gives [`Verified`] bytes; [`inspect`] gives [`Unverified`] ones,
//! which must never be believed. Detached payloads (appendix F) and payloads that are not encoded (RFC 7797) are known.
//!
//! ```
//! # use vestibule_jose as jose;
//! use jose::jws::{self, Draft, Headers, Rules};
//! use jose::{JwsAlgorithm, SigningKey, provider::aws_lc};
//!
//! let key = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256)?;
//! let other = SigningKey::generate(aws_lc(), JwsAlgorithm::EdDSA)?;
//! let text = Draft::new(b"any bytes").sign(&key, &Headers::default())?.sign(&other, &Headers::default())?.general()?;
//!
//! let rules = Rules::new(&[JwsAlgorithm::ES256]);
//! let verified = jws::verify(&text, &key.verifying_key(), &rules)?;
//! assert_eq!(verified.payload(), b"any bytes");
//! assert_eq!(verified.signatures()[0].index(), 0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod critical;
mod draft;
mod error;
mod header;
mod headers;
mod length;
mod parts;
mod piecewise;
mod read;
mod rules;
mod usual;
mod verify;

pub(crate) use critical::understood;
pub(crate) use header::same_typ;
pub(crate) use length::possible_length;
pub(crate) use parts::{Compact, bounded, decode_in, object};
pub(crate) use rules::Typ;
pub(crate) use usual::Usual;
pub(crate) use verify::{algorithm, signature, typ};

pub use draft::{Draft, Prepared};
pub use error::{SignError, TokenError, VerifyError};
pub use header::{Header, HeaderExtras};
pub use headers::{Headers, Place};
pub use piecewise::{Detached, Signing, Verifying};
pub use read::{Form, Unverified, UnverifiedSignature, inspect};
pub use rules::Rules;
pub use verify::{Verified, VerifiedSignature, verify};
