//! Encryption: the RFCs' examples, every algorithm both ways, and what attackers try.

mod round_trips;
mod support;
