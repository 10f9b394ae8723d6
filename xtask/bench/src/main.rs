//! `cargo xtask bench`: what a request costs the server, beside what the machine could do at best.
//! It owns the load generator, the limits measured in the same run, the cases, and the table, the JSON and the picture
//! that come of them.
//! It comes in by the front door alone: the release binary, its command line and HTTP. It must never use a crate of
//! ours, and nothing under `crates/` may use it. A figure is a ratio to a limit wherever there is one, since only that
//! can be compared between machines.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a command for developers: it prints, reads the environment and takes times"
)]

mod bare;
mod bench;
mod browser;
mod cases;
mod http;
mod limits;
mod load;
mod machine;
mod options;
mod parts;
mod process;
mod prover;
mod provider;
mod report;
mod tokens;

use std::process::ExitCode;

use clap::Parser as _;

use crate::options::{Command, Options};

fn main() -> ExitCode {
    let options = Options::parse();
    let done = match options.command {
        Some(Command::Bare { bytes }) => bare::serve(bytes),
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
