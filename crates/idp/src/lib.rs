//! Use cases: authorize, sign-in, consent, grants, sessions, keys, jobs.
//!
//! Each is load → decide → apply: facts from `store`, a pure decision of `oidc`, conditional writes in
//! one transaction. This crate must never know HTTP types, pages or SQL. Most of its rooms are to come;
//! what they are built to stands in docs/ARCHITECTURE.md.

pub mod clock;
mod context;
pub mod mac;
pub mod passwords;
pub mod random;
pub mod seal;
pub mod settings;

pub use context::{Context, OpenError};
