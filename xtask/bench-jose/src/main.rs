//! `cargo xtask bench jose`: what jose adds to the primitives that it stands on, beside other libraries.
//! It owns the cases, the raw primitives they are held against, the other libraries, and the table, the JSON and the
//! picture that come of them.
//! It comes in through jose's public API alone. It must never become part of the product or of its workspace: what is
//! compared here brings OpenSSL. A figure is a ratio to the raw primitive, measured by turns in the same thread, since
//! only that can be compared between machines.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a command for developers: it prints, reads the environment and takes times"
)]

mod bench;
mod cases;
mod child;
mod claims;
mod file;
mod jsonwebtoken;
mod keys;
mod measure;
mod options;
mod raw;
mod report;

use std::process::ExitCode;

use clap::Parser as _;

use crate::options::{Command, Options};

fn main() -> ExitCode {
    let options = Options::parse();
    let done = match &options.command {
        Some(Command::Repeat { case, side, times }) => bench::repeat(case, side, *times),
        Some(Command::Hmac { file }) => file::hmac(file),
        None => bench::run(&options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}
