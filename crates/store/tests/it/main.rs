//! The store's conformance suite: every function, on every database.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod facade;
mod migrations;
