//! The store's conformance suite: every function, on every database.

mod facade;
mod migrations;
