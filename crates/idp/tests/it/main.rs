//! The use cases, as the rooms above call them, on both databases.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod access;
mod devices;
mod house;
mod keys;
mod mail;
mod people;
mod throttle;
