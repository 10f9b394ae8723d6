//! The binary and composition root: command line, configuration, start and stop.
//!
//! The only crate that reads the environment and the clock; it fills typed settings for the others.
//! It must never hold a rule of the protocol, a page or SQL.

mod brand;
mod cli;
mod clock;
mod commands;
mod config;
mod connections;
mod doorman;
mod environment;
mod fetch;
mod house;
mod lingering;
mod log;
mod mail;
mod master_key;
mod metrics;
mod outbound;
mod proxies;
mod revoked;
mod serve;
mod tls;
mod trace_id;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let cli = match cli::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) if error.use_stderr() => return refuse(&in_one_line(&error)),
        // Help and version; a closed standard output is nobody's loss.
        Err(error) => return error.print().map_or(ExitCode::SUCCESS, |()| ExitCode::SUCCESS),
    };
    match cli.run() {
        Ok(commands::Verdict::Done) => ExitCode::SUCCESS,
        Ok(commands::Verdict::Negative) => ExitCode::from(1),
        Err(error) => refuse(&format!("{error:#}")),
    }
}

/// CONTRACT §1: one line on standard error, status 2.
fn refuse(message: &str) -> ExitCode {
    // What a database or a library says may stand in several.
    let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
    // Standard error may be gone; there is nobody left to tell then.
    drop(writeln!(std::io::stderr(), "vestibule: {message}"));
    ExitCode::from(2)
}

/// clap's own text stands in paragraphs; the first says what is wrong.
fn in_one_line(error: &clap::Error) -> String {
    let text = error.to_string();
    let first = text.split("\n\n").next().unwrap_or_default();
    let words: Vec<_> = first.trim_start_matches("error: ").split_whitespace().collect();
    format!("{}; see vestibule --help", words.join(" "))
}
