//! The parts of `deny.toml` that tidy holds without the network; `cargo deny` reads the same file.

use anyhow::{Context as _, Result};
use serde::Deserialize;
use std::path::Path;

/// What is allowed, banned and tolerated.
pub(crate) struct Policy {
    /// Licences by their SPDX names.
    pub(crate) licences: Vec<String>,
    /// Crates that must not be there.
    pub(crate) bans: Vec<Ban>,
    /// Second versions that are tolerated.
    pub(crate) skips: Vec<Skip>,
    /// Names of direct dependencies whose reason is written, as `# - NAME: why`.
    pub(crate) reasons: Vec<String>,
}

/// A banned crate.
#[derive(Deserialize)]
pub(crate) struct Ban {
    /// Its name.
    #[serde(rename = "crate")]
    pub(crate) name: String,
    /// Why.
    #[serde(default)]
    pub(crate) reason: String,
    /// The crates that may use it all the same, outside the product.
    #[serde(default)]
    pub(crate) wrappers: Vec<String>,
}

/// A tolerated second version, `name@version`.
#[derive(Deserialize)]
pub(crate) struct Skip {
    /// Name and the beginning of the version.
    #[serde(rename = "crate")]
    pub(crate) name: String,
    /// Why, and what would end it.
    #[serde(default)]
    pub(crate) reason: String,
}

impl Policy {
    /// Reads `deny.toml` at `root`.
    pub(crate) fn read(root: &Path) -> Result<Policy> {
        #[derive(Deserialize)]
        struct File {
            licenses: Licences,
            bans: Bans,
        }
        #[derive(Deserialize)]
        struct Licences {
            allow: Vec<String>,
        }
        #[derive(Deserialize)]
        struct Bans {
            #[serde(default)]
            deny: Vec<Ban>,
            #[serde(default)]
            skip: Vec<Skip>,
        }
        let text = std::fs::read_to_string(root.join("deny.toml")).context("cannot read deny.toml")?;
        let file: File = toml::from_str(&text).context("deny.toml")?;
        let reasons = text.lines().filter_map(|line| line.strip_prefix("# - ")?.split_once(": "));
        Ok(Policy {
            licences: file.licenses.allow,
            bans: file.bans.deny,
            skips: file.bans.skip,
            reasons: reasons.filter(|(_, why)| !why.is_empty()).map(|(name, _)| name.to_owned()).collect(),
        })
    }
}
