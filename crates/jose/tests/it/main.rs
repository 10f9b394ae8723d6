//! The crate from outside: the RFCs' own examples, every algorithm both ways, and what attackers try.

#![cfg(feature = "aws-lc")]

mod compact;
mod cross;
mod explain;
mod hmac;
mod hostile;
mod imports;
mod jwe;
mod jwk;
mod jws;
mod keys;
mod lint;
mod nested;
mod noise;
mod openssl;
mod providers;
mod rules;
mod sd_jwt;
mod sets;
mod standards;
mod support;
mod tokens;
mod weak;
