//! How much of each parser the corpus of its target reaches: lines, counted by the compiler.

use super::targets::Target;
use super::{build, corpus, seeds};
use crate::command::Run;
use crate::project::Project;
use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Prints the share of lines that each target reaches in each file of its parsers.
pub(crate) fn print(project: &Project, targets: &[&Target]) -> Result<()> {
    let built = build(project, "fuzz-coverage", &["-Cinstrument-coverage", "--cfg=fuzzing"])?;
    let (profdata, cov) = (llvm(project, "llvm-profdata")?, llvm(project, "llvm-cov")?);
    for target in targets {
        let raw = project.target.join(format!("fuzz-coverage/{}.profraw", target.name));
        let merged = raw.with_extension("profdata");
        let program = built.join(target.name);
        let inputs = [corpus(project, target)?, seeds(&project.root, target)];
        let runs = std::iter::once(PathBuf::from("-runs=0")).chain(inputs).collect::<Vec<_>>();
        Run::new(&project.root, &program, &runs).env("LLVM_PROFILE_FILE", &raw).output()?;
        let merge = [Path::new("merge"), "-sparse".as_ref(), &raw, "-o".as_ref(), &merged];
        Run::new(&project.root, &profdata, &merge).output()?;
        let profile = format!("-instr-profile={}", merged.display());
        let export = [Path::new("export"), "-summary-only".as_ref(), profile.as_ref(), &program];
        let report: Value = serde_json::from_str(&Run::new(&project.root, &cov, &export).output()?)?;
        show(&project.root, target, &report)?;
    }
    Ok(())
}

fn show(root: &Path, target: &Target, report: &Value) -> Result<()> {
    let (mut reached, mut all) = (0, 0);
    println!("\n{}", target.name);
    for file in report["data"][0]["files"].as_array().context("llvm-cov lists no files")? {
        let name = file["filename"].as_str().unwrap_or_default();
        let Ok(inside) = Path::new(name).strip_prefix(root.join("crates")) else { continue };
        if !target.parsers.iter().any(|parser| inside.starts_with(parser)) {
            continue;
        }
        let lines = &file["summary"]["lines"];
        let (covered, count) = (lines["covered"].as_u64().unwrap_or(0), lines["count"].as_u64().unwrap_or(0));
        (reached, all) = (reached + covered, all + count);
        println!("  {:<44}{covered:>5} of {count:>4} lines", inside.display());
    }
    if all == 0 {
        bail!("{} reaches no file of its parsers", target.name);
    }
    println!("  {:<44}{:>5.1} %", "all", 100.0 * reached as f64 / all as f64);
    Ok(())
}

/// A program of the toolchain's component `llvm-tools`, or of the same LLVM from Debian.
fn llvm(project: &Project, name: &str) -> Result<PathBuf> {
    let root = Run::new(&project.root, "rustc", &["--print", "target-libdir"]).output()?;
    let own = Path::new(root.trim()).with_file_name("bin").join(name);
    if own.is_file() {
        return Ok(own);
    }
    let version = Run::new(&project.root, "rustc", &["-vV"]).output()?;
    let major = version.lines().find_map(|line| line.strip_prefix("LLVM version: ")?.split('.').next());
    let major = major.context("rustc -vV names no version of LLVM")?;
    let debian = PathBuf::from(format!("{name}-{major}"));
    if Run::new(&project.root, &debian, &["--version"]).output().is_err() {
        bail!("{name} is missing; run `rustup component add llvm-tools`, or on Debian `apt-get install llvm-{major}`");
    }
    Ok(debian)
}
