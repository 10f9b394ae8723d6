//! The store's conformance suite: every function, on every database.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod accounts;
mod audit;
mod containers;
mod device_keys;
mod device_requests;
mod expiry;
mod facade;
mod fixtures;
mod flows;
mod groups;
mod leaving;
mod mails;
mod migrations;
mod pictures;
mod plans;
mod reference;
mod session_clients;
mod sessions;
mod single_use;
mod sites;
mod throttles;
mod users;
