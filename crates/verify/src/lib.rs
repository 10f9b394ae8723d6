//! Access tokens of any OpenID provider, verified: for APIs.
//!
//! Owns what an API needs of its provider: the guarded [`fetch`]er, the cache of key [`sets`] whose decisions are
//! [`jose::remote`]'s, and, on them, the [`Verifier`] with its layer for [`tower`] and its extractor for [`axum`]. Works with
//! any provider that publishes metadata and keys. Must never follow a redirect, never reach an address that nobody allowed,
//! and never believe a token whose signature it has not checked. The clock and the resolver are arguments.

mod access;
#[cfg(feature = "axum")]
pub mod axum;
mod binding;
mod builder;
pub mod clock;
mod counters;
mod demands;
mod denied;
mod discovery;
pub mod fetch;
mod introspection;
mod nonces;
mod presented;
mod reason;
pub mod replays;
pub mod sets;
#[cfg(feature = "tower")]
pub mod tower;
mod verifier;

pub use access::{Access, Binding};
pub use builder::{BuildError, Builder};
pub use demands::Demands;
pub use denied::Denied;
pub use introspection::Introspection;
pub use nonces::Nonces;
pub use presented::{ClientCertificate, Presented};
pub use reason::Reason;
pub use verifier::Verifier;
