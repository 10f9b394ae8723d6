//! A Python environment in the target directory with what the client tests need.

use crate::command::Run;
use crate::project::Project;
use anyhow::{Context as _, Result, bail};
use std::path::PathBuf;

/// What the environment holds.
const REQUIREMENTS: &str = "tests/clients/requirements.txt";

/// Makes the environment, unless it already holds exactly what is asked for.
pub(crate) fn install(project: &Project) -> Result<()> {
    let wanted = project.root.join(REQUIREMENTS);
    let text = std::fs::read_to_string(&wanted).with_context(|| format!("{REQUIREMENTS} is missing"))?;
    let folder = folder(project);
    let stamp = folder.join("requirements.installed");
    if find(project).is_ok() && std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == text) {
        return Ok(());
    }
    let folder_text = folder.to_string_lossy();
    Run::new(&project.root, "python3", &["-m", "venv", "--clear", &folder_text]).loudly()?;
    let pip = ["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "-r", REQUIREMENTS];
    Run::new(&project.root, find(project)?, &pip).loudly()?;
    std::fs::write(stamp, text)?;
    Ok(())
}

/// The environment's interpreter.
pub(crate) fn find(project: &Project) -> Result<PathBuf> {
    program(project, "python")
}

/// A program of one of its packages.
pub(crate) fn program(project: &Project, name: &str) -> Result<PathBuf> {
    let program = folder(project).join("bin").join(name);
    if !program.is_file() {
        bail!("the Python environment has no {name}");
    }
    Ok(program)
}

fn folder(project: &Project) -> PathBuf {
    project.tools().join("venv")
}
