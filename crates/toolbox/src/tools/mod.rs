//! One file for each tool; a larger one has a folder beside it. What several share stands here too.

pub(crate) mod base64url;
mod demands;
mod explain;
mod findings;
pub(crate) mod hmac;
pub(crate) mod jwe;
pub(crate) mod jwk;
pub(crate) mod jwks;
pub(crate) mod jws;
pub(crate) mod jwt;
mod keys;
pub(crate) mod oidc;
mod open;
pub(crate) mod password_hash;
pub(crate) mod pkce;
pub(crate) mod qr;
pub(crate) mod recognise;
pub(crate) mod sd_jwt;
pub(crate) mod secret;
mod signer;
mod sources;
mod token;
pub(crate) mod totp;
pub(crate) mod x509;

pub use qr::qr_svg;
