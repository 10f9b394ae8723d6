//! Encryption: the RFCs' examples, every algorithm both ways, and what attackers try.

mod attacks;
mod forms;
mod headers;
mod keys;
mod primitives;
mod round_trips;
mod rsa1_5;
pub(crate) mod support;
mod vectors;
mod wycheproof;
