//! The vocabulary and the rules of OpenID Connect and OAuth 2: requests, checks, flow states,
//! scopes, claims, errors.
//!
//! Everything here is pure: no clock (`now` is an argument), no I/O, no async, no randomness.
//! `idp` loads facts, a function of this crate decides, `idp` applies the decision. A type that
//! exists is valid: text from outside is parsed once, here, into a value that carries its meaning.

pub mod access;
pub mod agent;
pub mod assurance;
pub mod claims;
pub mod client;
pub mod client_auth;
pub mod consent;
pub mod details;
pub mod device_key;
pub mod error;
pub mod handoff;
pub mod hub;
pub mod id;
pub mod key_schedule;
pub mod logout;
pub mod otp;
pub mod picture;
pub mod pkce;
pub mod profile;
pub mod receipt;
pub mod redirect_uri;
pub mod request;
pub mod scope;
pub mod secret;
pub mod session;
pub mod session_state;
pub mod shown;
pub mod site;
pub mod throttle;
pub mod time;
pub mod token;
pub mod user;
pub mod user_code;

pub use error::{ErrorCode, OAuthError};
pub use id::Id;
pub use scope::Scopes;
pub use time::Time;
