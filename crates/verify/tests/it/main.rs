//! The library from outside: against servers that misbehave, and against clocks that are turned.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test that cannot go on should stop, and what a network does takes time"
)]

mod bound;
mod fetcher;
mod introspection;
mod issuer;
mod key_sets;
mod rotation;
mod servers;
mod tokens;
