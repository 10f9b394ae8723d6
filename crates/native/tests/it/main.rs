//! An app on a device, against a provider in the process: the person's browser is the test kit's, the network is not there.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod app2app;
mod container;
mod device;
mod hand_off;
mod join;
mod sign_in;
