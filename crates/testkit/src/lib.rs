//! The test kit: what tests of several crates share. Development only, never part of the product.
//!
//! It hands on the attribute that runs a test on each database. An identity provider in the process,
//! a clock to turn by hand, seeded randomness, a cookie jar and a relying party join it with the
//! endpoints they test.

pub use testkit_macros as macros;
