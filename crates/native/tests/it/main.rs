//! An app on a device, against a provider in the process: the person's browser is the test kit's, the network is not there.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod app2app;
mod attested;
mod container;
mod device;
mod hand_off;
mod join;
#[path = "../../../webauthn/tests/it/maker.rs"]
#[allow(dead_code, reason = "the tests of `webauthn` need more of it")]
mod maker;
mod sign_in;
