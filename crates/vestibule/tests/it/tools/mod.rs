//! The toolbox on the command line: what stands in the contract, and what only a command can get wrong.

mod fetching;
mod files;
mod hmac;
mod keys;
mod memory;
mod sd_jwt;
mod simple;
mod terminal;
mod tokens;
mod webhooks;
