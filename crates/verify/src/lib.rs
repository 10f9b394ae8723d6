//! Access tokens of any OpenID provider, verified: for APIs.
//!
//! Owns what an API needs of its provider: the guarded [`fetch`]er, the cache of key [`sets`] whose decisions are
//! [`jose::remote`]'s, and, on them, the verification of tokens. Works with any provider that publishes metadata and
//! keys. Must never follow a redirect, never reach an address that nobody allowed, and never believe a token whose
//! signature it has not checked. The clock and the resolver are arguments.

pub mod clock;
pub mod fetch;
pub mod sets;
