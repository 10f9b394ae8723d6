//! The front door: what apps and browsers see, on both databases.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod authorize;
mod lobby;
