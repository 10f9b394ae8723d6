//! `cargo xtask test`: everything, in stages, each timed; the first that fails ends the run.

pub(crate) mod bindings;
mod clients;
pub(crate) mod debian;
mod kotlin;
pub(crate) mod node;
mod postgres;
mod python;
mod tools;

pub(crate) use postgres::Postgres;
pub(crate) use tools::Tools;

use crate::command::Run;
use crate::fuzz;
use crate::project::Project;
use crate::tidy;
use anyhow::{Result, anyhow, bail};
use std::time::{Duration, Instant};

/// One stage: its name and what it does.
type Stage = (&'static str, fn(&mut Session) -> Result<()>);

const STAGES: &[Stage] = &[
    ("setup", setup),
    ("fmt", |session| session.cargo(&["fmt", "--all", "--check"])),
    ("tidy", |session| tidy::run(&session.project.root)),
    ("clippy", clippy),
    ("build", |session| session.cargo(&["test", "--workspace", "--no-run"])),
    ("tests", tests),
    ("fuzz", |session| fuzz::briefly(&session.project)),
    ("release", release),
    ("clients", clients::clients),
    ("browser", clients::browser),
    ("desktop", clients::desktop),
];

/// What the stages share.
struct Session {
    project: Project,
    /// Started by the first stage that needs it, stopped when the session ends, however it ends.
    postgres: Option<Postgres>,
}

/// Runs the stages that `arguments` choose, all by default.
pub(crate) fn main(arguments: &[String]) -> Result<()> {
    let chosen = choose(arguments)?;
    let mut session = Session { project: Project::find()?, postgres: None };
    let mut times = Vec::new();
    let mut failure = None;
    for (name, stage) in chosen {
        println!("\n=== {name}");
        let begun = Instant::now();
        let done = stage(&mut session);
        times.push((name, begun.elapsed(), done.is_ok()));
        if let Err(error) = done {
            failure = Some(anyhow!(
                "the stage «{name}» failed: {error:#}\n       run it alone: cargo xtask test --only {name}"
            ));
            break;
        }
    }
    drop(session);
    print_times(&times);
    failure.map_or(Ok(()), Err)
}

/// The workspace, and that the bench of jose still fits to it, which stands in a workspace of its own (josekit apart, for
/// which not every machine has what it needs).
fn clippy(session: &mut Session) -> Result<()> {
    session.cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])?;
    let target = session.project.target.join("bench-jose").display().to_string();
    Run::cargo(&session.project.root.join("xtask/bench-jose"), &["check", "--target-dir", &target]).loudly()
}

impl Session {
    fn cargo(&self, arguments: &[&str]) -> Result<()> {
        Run::cargo(&self.project.root, arguments).loudly()
    }

    /// The variables that lead tests to the session's PostgreSQL.
    fn postgres(&mut self) -> Result<Vec<(String, String)>> {
        if self.postgres.is_none() {
            self.postgres = Some(Postgres::start()?);
        }
        Ok(self.postgres.as_ref().map(Postgres::environment).unwrap_or_default())
    }
}

fn setup(session: &mut Session) -> Result<()> {
    let tools = Tools::install(&session.project)?;
    println!("{tools}");
    Ok(())
}

/// All tests of all crates, to the end, so that one run shows everything that is broken.
fn tests(session: &mut Session) -> Result<()> {
    let postgres = session.postgres()?;
    Run::cargo(&session.project.root, &["test", "--workspace", "--no-fail-fast"]).envs(&postgres).loudly()
}

/// The binaries, and the tools as files, as `cargo xtask tools --out` writes them.
fn release(session: &mut Session) -> Result<()> {
    session.project.build_release()?;
    crate::tools::write(&session.project, &session.project.target.join("tools-folder"))
}

fn choose(arguments: &[String]) -> Result<Vec<Stage>> {
    let mut only = Vec::new();
    let mut from = 0;
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let (flag, value) = match argument.split_once('=') {
            Some((flag, value)) => (flag, Some(value)),
            None => (argument.as_str(), rest.next().map(String::as_str)),
        };
        let names: Vec<&str> = STAGES.iter().map(|(name, _)| *name).collect();
        let stage = value.and_then(|value| names.iter().position(|name| *name == value));
        match (flag, stage) {
            ("--only", Some(stage)) => only.push(stage),
            ("--from", Some(stage)) => from = stage,
            ("--only" | "--from", None) => bail!("{flag} takes one of the stages {}", names.join(", ")),
            _ => bail!("test knows --only STAGE and --from STAGE, not «{flag}»"),
        }
    }
    let wanted = |at: &usize| if only.is_empty() { *at >= from } else { only.contains(at) };
    Ok(STAGES.iter().enumerate().filter(|(at, _)| wanted(at)).map(|(_, stage)| *stage).collect())
}

fn print_times(times: &[(&str, Duration, bool)]) {
    println!("\nstage     minutes");
    for (name, time, passed) in times {
        println!("{name:<10}{:>7.1}{}", minutes(*time), if *passed { "" } else { "  failed" });
    }
    println!("{:<10}{:>7.1}", "all", minutes(times.iter().map(|(_, time, _)| *time).sum()));
}

fn minutes(time: Duration) -> f64 {
    time.as_secs_f64() / 60.0
}

#[cfg(test)]
mod tests {
    use super::{STAGES, choose};

    fn chosen(arguments: &[&str]) -> Vec<&'static str> {
        let arguments: Vec<String> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        choose(&arguments).expect("a choice").into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn stages_are_chosen_by_name() {
        assert_eq!(chosen(&[]).len(), STAGES.len());
        assert_eq!(chosen(&["--only", "tidy", "--only=fmt"]), ["fmt", "tidy"]);
        assert_eq!(chosen(&["--only", "clients", "--only", "browser"]), ["clients", "browser"]);
        assert_eq!(chosen(&["--from", "release"]), ["release", "clients", "browser", "desktop"]);
        assert!(choose(&["--only".into(), "nothing".into()]).is_err());
        assert!(choose(&["--fast".into(), "tidy".into()]).is_err());
    }
}
