//! Use cases: authorize, sign-in, consent, grants, sessions, keys, jobs.
//!
//! Each is load → decide → apply: facts from `store`, a pure decision of `oidc`, conditional writes in
//! one transaction. This crate must never know HTTP types, pages or SQL. Most of its rooms are to come;
//! what they are built to stands in docs/ARCHITECTURE.md.

mod context;

pub use context::{Context, OpenError};
