//! The developer commands: `cargo xtask test`, `demo`, `tidy`, `tools`, `bindings`, `fuzz`, `bench`, `screenshots`.
//! It owns how the project is built, checked and tried on a machine, and the table of arrows that `tidy` enforces.
//! It must stay light (it is compiled before anything else can be checked) and must never become part of the product:
//! nothing under `crates/` may use it, and it uses nothing of theirs.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a command for developers: it prints, reads the environment and takes the time of its stages"
)]

mod command;
mod fuzz;
mod help;
mod launch;
mod lexer;
mod paths;
mod project;
mod test;
mod tidy;
mod tools;

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().unwrap_or_else(|| "help".to_owned());
    let rest: Vec<String> = arguments.collect();
    let wants_help = rest.iter().take_while(|argument| *argument != "--").any(|a| a == "--help" || a == "-h");
    let done = match name.as_str() {
        "test" | "tidy" | "tools" | "bindings" | "fuzz" | "screenshots" | "with-postgres" if wants_help => {
            help::print()
        }
        "test" => test::main(&rest),
        "tidy" => tidy::main(&rest),
        "tools" => tools::main(&rest),
        "bindings" => test::bindings::main(&rest),
        "fuzz" => fuzz::main(&rest),
        "demo" => launch::demo(&rest),
        "bench" => launch::bench(&rest),
        "screenshots" => launch::screenshots(&rest),
        "with-postgres" => launch::with_postgres(&rest),
        "help" | "--help" | "-h" => help::print(),
        other => Err(anyhow::anyhow!("there is no command «{other}»; `cargo xtask help` lists them")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
