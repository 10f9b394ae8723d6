//! WebAuthn for relying parties (Web Authentication Level 3): what an authenticator and a browser send is read strictly
//! and held against what was asked.
//!
//! Pure: no clock, no I/O, no storage. The caller keeps challenges (random, single use, bound to one browser) and
//! [`Credential`]s, and says in [`Expected`] what it asked for. Nothing is taken from the answer that the caller should
//! know better: neither the relying party's id nor its origins nor the algorithms it allows. [`android_key`] and
//! [`app_attest`] are beside it: what the systems of phones say of an app's key.

mod attestation;
mod authenticator_data;
mod cbor;
mod client_data;
mod cose;
mod der;
mod error;
mod signature;

mod assertion;
mod device;
mod models;
mod registration;
mod trust;

pub use assertion::{Assertion, Assured, assert};
pub use attestation::Attestation;
pub use authenticator_data::Flags;
pub use cose::CoseKey;
pub use device::{AndroidApp, AndroidKey, AppAttest, Guarantee, Protection, android_key, app_attest};
pub use error::Refusal;
pub use models::model;
pub use registration::{Credential, Registration, register};
pub use trust::vouched;

/// What the relying party asked for.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The challenge, as it was given: at least 16 random bytes (§13.4.3).
    pub challenge: &'a [u8],
    /// The relying party's id: a domain (§4).
    pub rp_id: &'a str,
    /// The origins that may ask, such as `https://id.example`; each written as a browser does.
    pub origins: &'a [&'a str],
    /// Whether the person must have been verified, by the device's PIN or their body, or need only have been there.
    pub verification: UserVerification,
}

/// What must have been seen of the person (§5.8.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserVerification {
    /// That it is they.
    Required,
    /// That somebody is there.
    Preferred,
    /// Nothing: the browser makes the passkey by itself (`mediation: conditional`, §7.1 step 15). Never for an assertion.
    Unasked,
}
