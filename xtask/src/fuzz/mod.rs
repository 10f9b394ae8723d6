//! `cargo xtask fuzz`: builds the fuzz targets and runs them, a little or for hours, and says what of the parsers they reach.
//!
//! The folder `fuzz` is laid out as `cargo fuzz` wants it; this command needs nothing but the toolchain that builds the
//! rest. There is no address sanitizer, which only a nightly toolchain has: none of our parsers has `unsafe` code.

mod coverage;
mod targets;

use crate::command::Run;
use crate::project::Project;
use anyhow::{Context as _, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;
use targets::{TARGETS, Target};

/// Runs the targets that `arguments` name, all by default.
pub(crate) fn main(arguments: &[String]) -> Result<()> {
    let asked = parse(arguments)?;
    let project = Project::find()?;
    if asked.coverage {
        return coverage::print(&project, &asked.targets);
    }
    let built = build(&project, "fuzz", FUZZER)?;
    for target in &asked.targets {
        let how = [format!("-max_total_time={}", asked.seconds)];
        run(&project, target, &built, &corpus(&project, target)?, &how)?;
    }
    Ok(())
}

/// The short run of `cargo xtask test`: always the same inputs, since what must pass says the same twice.
pub(crate) fn briefly(project: &Project) -> Result<()> {
    let built = build(project, "fuzz", FUZZER)?;
    for target in TARGETS {
        let nothing = project.target.join("fuzz-brief").join(target.name);
        if nothing.exists() {
            std::fs::remove_dir_all(&nothing)?;
        }
        std::fs::create_dir_all(&nothing)?;
        run(project, target, &built, &nothing, &["-seed=1".into(), format!("-runs={BRIEFLY}")])?;
    }
    Ok(())
}

struct Asked {
    targets: Vec<&'static Target>,
    seconds: u64,
    coverage: bool,
}

fn parse(arguments: &[String]) -> Result<Asked> {
    let mut asked = Asked { targets: Vec::new(), seconds: 60, coverage: false };
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--coverage" => asked.coverage = true,
            "--seconds" => {
                let value = rest.next().and_then(|value| value.parse().ok());
                asked.seconds = value.context("--seconds takes a whole number")?;
            }
            name => match TARGETS.iter().find(|target| target.name == name) {
                Some(target) => asked.targets.push(target),
                None => {
                    let names: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
                    bail!("there is no target «{name}»; there are {}", names.join(", "));
                }
            },
        }
    }
    if asked.targets.is_empty() {
        asked.targets = TARGETS.iter().collect();
    }
    Ok(asked)
}

/// Runs one target, which puts into `corpus` what is new.
fn run(project: &Project, target: &Target, built: &Path, corpus: &Path, how: &[String]) -> Result<()> {
    let found = project.target.join("fuzz-found").join(target.name);
    std::fs::create_dir_all(&found)?;
    println!("$ fuzz {} {}", target.name, how.join(" "));
    let mut fuzzer = Command::new(built.join(target.name));
    fuzzer.args(how).arg(format!("-artifact_prefix={}/", found.display()));
    fuzzer.args(OPTIONS).arg(corpus).arg(seeds(&project.root, target));
    // It says a line for each thing that is new; only the last matter, or all when it fails.
    let output = fuzzer.output().with_context(|| format!("cannot start the target {}", target.name))?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        bail!("the target {} found something, kept in {}:\n{said}", target.name, found.display());
    }
    said.lines().filter(|line| line.contains("DONE")).for_each(|line| println!("{line}"));
    Ok(())
}

/// Builds the targets with these flags, in a target directory of their own, and gives the folder they lie in.
fn build(project: &Project, directory: &str, flags: &[&str]) -> Result<PathBuf> {
    let target = project.target.join(directory);
    let host = host(project)?;
    // With a target named, the flags are not those of build scripts and macros.
    let arguments = ["build", "--release", "--target", &host, "--target-dir", &target.display().to_string()];
    Run::cargo(&project.root.join("fuzz"), &arguments).env("RUSTFLAGS", flags.join(" ")).loudly()?;
    Ok(target.join(host).join("release"))
}

fn host(project: &Project) -> Result<String> {
    let said = Run::new(&project.root, "rustc", &["-vV"]).output()?;
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).context("rustc does not say what it builds for")
}

/// What long runs have gathered, in the target directory.
fn corpus(project: &Project, target: &Target) -> Result<PathBuf> {
    let corpus = project.target.join("fuzz-corpus").join(target.name);
    std::fs::create_dir_all(&corpus)?;
    Ok(corpus)
}

/// The small corpus of the repository.
fn seeds(root: &Path, target: &Target) -> PathBuf {
    root.join("fuzz/seeds").join(target.name)
}

/// Inputs for each target within `cargo xtask test`.
const BRIEFLY: u32 = 10_000;

/// The limits are far above what any input costs; a slow or greedy one is a finding.
const OPTIONS: &[&str] = &["-max_len=8192", "-timeout=60", "-rss_limit_mb=2048"];

/// What libFuzzer wants to see of a program, as `cargo fuzz` sets it.
const FUZZER: &[&str] = &[
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Ccodegen-units=1",
    "--cfg=fuzzing",
];

#[cfg(test)]
mod tests {
    use super::{TARGETS, parse, seeds};
    use std::path::Path;

    #[test]
    fn each_target_has_a_program_seeds_and_parsers() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a folder above");
        let programs = std::fs::read_dir(root.join("fuzz/fuzz_targets")).expect("programs").count();
        assert_eq!(programs, TARGETS.len());
        for target in TARGETS {
            assert!(root.join(format!("fuzz/fuzz_targets/{}.rs", target.name)).is_file(), "{}", target.name);
            assert!(std::fs::read_dir(seeds(root, target)).expect("seeds").count() > 5, "{}", target.name);
            for parser in target.parsers {
                assert!(root.join("crates").join(parser).exists(), "{parser}");
            }
        }
    }

    #[test]
    fn targets_are_chosen_by_name() {
        let asked = |arguments: &[&str]| parse(&arguments.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>());
        assert_eq!(asked(&[]).expect("all").targets.len(), TARGETS.len());
        let two = asked(&["jws", "--seconds", "7", "jwe"]).expect("two");
        assert_eq!((two.targets.len(), two.seconds, two.coverage), (2, 7, false));
        assert!(asked(&["--seconds", "x"]).is_err());
        assert!(asked(&["jwx"]).is_err());
    }
}
