//! The front door: what apps and browsers see, on both databases.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod account;
mod admission;
mod api;
mod app2app;
mod attestation;
mod authenticator;
mod authorize;
mod bad_input;
mod brand;
mod confirm;
mod consent;
mod contact;
mod cors;
mod details;
mod device;
mod devices;
mod dpop;
mod handoff;
mod holder;
mod leaving;
mod lobby;
mod logout;
mod lost;
mod mail_sign_in;
#[path = "../../../webauthn/tests/it/maker.rs"]
#[allow(dead_code, reason = "the tests of `webauthn` need more of it")]
mod maker;
mod mini_programs;
mod native_sso;
mod not_me;
mod on_the_way;
mod passkeys;
mod passwords;
mod pictures;
mod profile;
mod prompts;
mod pushed;
mod recover;
mod second_factor;
mod session_state;
mod sessions;
mod signin;
mod signup;
mod sites;
mod step_up;
mod throttle;
mod token;
mod told;
mod tools;
mod whereabouts;
