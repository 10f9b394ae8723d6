//! One file for each tool; a larger one has a folder beside it.

pub(crate) mod hmac;
pub(crate) mod pkce;
pub(crate) mod secret;
