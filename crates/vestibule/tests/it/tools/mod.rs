//! The toolbox on the command line: what stands in the contract, and what only a command can get wrong.

mod fetching;
mod hmac;
mod memory;
mod simple;
mod tokens;
