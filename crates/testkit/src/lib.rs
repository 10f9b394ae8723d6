//! The test kit: what tests of several crates share. Development only, never part of the product.
//!
//! It hands on the attribute that runs a test on each database, and holds an identity provider in the process with a
//! clock to turn by hand, and a person's browser with a cookie jar. A relying party joins it with the tests that need
//! one.

#![allow(clippy::unwrap_used, reason = "a failure here is a failure of the test")]

mod browser;
mod house;
mod outbound;
mod page;

pub use browser::Browser;
pub use house::{House, ISSUER, PASSWORD, START};
pub use idp::Context;
pub use idp::caller::Caller;
pub use idp::settings::KeyAttestation;
pub use outbound::{Listener, Turned};
pub use page::{Form, Page};
pub use testkit_macros as macros;
pub use web::Router;
