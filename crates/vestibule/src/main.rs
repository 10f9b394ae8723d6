//! The binary and composition root: command line, configuration, start and stop.
//!
//! The only crate that reads the environment and the clock; it fills typed settings for the others.
//! It must never hold a rule of the protocol, a page or SQL.

mod cli;
mod serve;
mod trace_id;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    match cli.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            use std::io::Write;
            // Standard error may be gone; there is nobody left to tell then.
            drop(writeln!(std::io::stderr(), "vestibule: {error:#}"));
            ExitCode::from(2)
        }
    }
}
