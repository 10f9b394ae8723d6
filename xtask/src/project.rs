//! Where things lie: the workspace's root, its target directory, the binaries built there.

use crate::command::Run;
use anyhow::{Context as _, Result};
use std::path::{Path, PathBuf};

/// The work tree that this command was built from, and its target directory.
#[derive(Debug, Clone)]
pub(crate) struct Project {
    /// The folder of the workspace's `Cargo.toml`.
    pub(crate) root: PathBuf,
    /// Cargo's target directory, wherever the environment put it.
    pub(crate) target: PathBuf,
}

impl Project {
    /// Asks cargo for the target directory of the workspace this command belongs to.
    pub(crate) fn find() -> Result<Project> {
        // `cargo run` says where the manifest lies now; the path at compile time may be that of another clone.
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&manifest).parent().context("xtask lies in a folder of the workspace")?.to_owned();
        let text = Run::cargo(&root, &["metadata", "--no-deps", "--format-version", "1"]).output()?;
        let metadata: serde_json::Value = serde_json::from_str(&text).context("cargo metadata's answer")?;
        let target = metadata["target_directory"].as_str().context("cargo metadata names no target directory")?;
        Ok(Project { target: PathBuf::from(target), root })
    }

    /// A binary of the release build.
    pub(crate) fn release(&self, name: &str) -> PathBuf {
        self.target.join("release").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }

    /// An example of a library, as building the tests builds it.
    pub(crate) fn example(&self, name: &str) -> PathBuf {
        self.target.join("debug/examples").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }

    /// Where tools that are not part of the system are kept.
    pub(crate) fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    /// Builds the two binaries that are shipped, the first with the tools in the browser.
    pub(crate) fn build_release(&self) -> Result<()> {
        self.build_release_and(&[])
    }

    /// The same and these packages, so that what all have in them is built once and alike.
    pub(crate) fn build_release_and(&self, packages: &[&str]) -> Result<()> {
        let module = crate::tools::build(self)?;
        let mut build = vec!["build", "--release", "-p", "vestibule", "-p", "vestibule-samples"];
        build.extend(packages.iter().flat_map(|package| ["-p", package]));
        Run::cargo(&self.root, &build).env(crate::tools::VARIABLE, module).loudly()
    }
}
