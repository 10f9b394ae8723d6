//! The crate from outside: the RFCs' own examples, every algorithm both ways, and what attackers try.

mod openssl;
mod standards;
mod support;
mod tokens;
