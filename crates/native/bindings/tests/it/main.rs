//! The core as other languages see it: all that differs between systems comes in by callbacks, the network among them.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod container;
mod provider;
