//! The packages of ours and what their manifests ask for, from `cargo metadata`.

use crate::command::Run;
use anyhow::{Context as _, Result};
use serde::Deserialize;
use std::path::Path;

/// The members of the workspace.
pub(crate) struct Workspace {
    pub(crate) packages: Vec<Package>,
}

/// One member.
#[derive(Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) manifest_path: String,
    pub(crate) dependencies: Vec<Dependency>,
}

/// One line of a manifest's dependencies.
#[derive(Deserialize)]
pub(crate) struct Dependency {
    /// The package's name.
    pub(crate) name: String,
    /// The name it has in this crate, where that is another.
    pub(crate) rename: Option<String>,
    /// `None` for a normal one, else `dev` or `build`.
    pub(crate) kind: Option<String>,
    /// Where it lies, if it comes from a folder.
    pub(crate) path: Option<String>,
}

impl Workspace {
    /// Asks cargo about the workspace at `root`.
    pub(crate) fn read(root: &Path) -> Result<Workspace> {
        #[derive(Deserialize)]
        struct Metadata {
            packages: Vec<Package>,
            workspace_root: String,
        }
        let text = Run::cargo(root, &["metadata", "--no-deps", "--format-version", "1"]).output()?;
        let Metadata { mut packages, workspace_root } =
            serde_json::from_str(&text).context("cargo metadata's answer")?;
        for package in &mut packages {
            if let Some(relative) = package.manifest_path.strip_prefix(&workspace_root) {
                package.manifest_path = relative.trim_start_matches('/').to_owned();
            }
        }
        Ok(Workspace { packages })
    }

    /// Whether a package of this name is ours.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.packages.iter().any(|package| package.name == name)
    }
}

impl Dependency {
    /// Whether it is only there for tests.
    pub(crate) fn is_dev(&self) -> bool {
        self.kind.as_deref() == Some("dev")
    }

    /// Whether `line` of the manifest is the one that asks for it.
    pub(crate) fn is_asked_by(&self, line: &str) -> bool {
        let name = self.rename.as_deref().unwrap_or(&self.name);
        line.strip_prefix(name).is_some_and(|rest| rest.starts_with(['.', ' ', '=']))
    }
}
