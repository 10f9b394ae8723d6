//! What cargo would really build, with the features that are on: `cargo metadata` would also name optional packages
//! that nobody switched on, so this asks `cargo tree`.

use crate::command::Run;
use anyhow::{Context as _, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Packages and who asks for them.
#[derive(Default)]
pub(crate) struct Graph {
    /// Each package with its licence.
    pub(crate) packages: BTreeMap<Package, String>,
    /// Each package with those that ask for it.
    pub(crate) dependents: BTreeMap<Package, BTreeSet<Package>>,
}

/// A package of one version.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
}

impl Graph {
    /// What is linked into the product or runs while it is built.
    pub(crate) fn product(root: &Path) -> Result<Graph> {
        Graph::ask(root, &["-p", "vestibule", "-e", "normal,build"])
    }

    /// What any member needs, tests included.
    pub(crate) fn everything(root: &Path) -> Result<Graph> {
        Graph::ask(root, &["--workspace", "-e", "normal,build,dev"])
    }

    /// What a workspace beside ours needs, with every feature.
    pub(crate) fn beside(folder: &Path) -> Result<Graph> {
        Graph::ask(folder, &["--workspace", "--all-features", "-e", "normal,build,dev"])
    }

    fn ask(root: &Path, which: &[&str]) -> Result<Graph> {
        let common = ["tree", "--target", "all", "--prefix", "depth", "--charset", "ascii", "-f", "|{p}|{l}"];
        let text = Run::cargo(root, &[&common, which].concat()).output()?;
        Graph::parse(&text)
    }

    /// Reads lines such as `2|serde v1.0.228|MIT OR Apache-2.0 (*)`.
    fn parse(text: &str) -> Result<Graph> {
        let mut graph = Graph::default();
        let mut above: Vec<Package> = Vec::new();
        for line in text.lines().filter(|line| line.contains('|')) {
            let package = (|| {
                let (depth, rest) = line.split_once('|')?;
                let (package, licence) = rest.split_once('|')?;
                let mut words = package.split(' ');
                let (name, version) = (words.next()?, words.next()?.strip_prefix('v')?);
                let package = Package { name: name.to_owned(), version: version.to_owned() };
                Some((depth.parse::<usize>().ok()?, package, licence.trim_end_matches(" (*)").to_owned()))
            })();
            let (depth, package, licence) =
                package.with_context(|| format!("cannot read cargo tree's line «{line}»"))?;
            above.truncate(depth);
            let asking = graph.dependents.entry(package.clone()).or_default();
            asking.extend(above.last().cloned());
            above.push(package.clone());
            graph.packages.insert(package, licence);
        }
        Ok(graph)
    }

    /// The names of those that ask for `package`, for a message.
    pub(crate) fn asked_by(&self, package: &Package) -> String {
        let names: Vec<&str> = self.dependents.get(package).into_iter().flatten().map(|p| p.name.as_str()).collect();
        if names.is_empty() { "nobody".to_owned() } else { names.join(", ") }
    }
}

impl std::fmt::Display for Package {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.name, self.version)
    }
}

#[cfg(test)]
mod tests {
    use super::{Graph, Package};

    #[test]
    fn a_tree_gives_packages_and_who_asks() {
        let text =
            "0|a v0.1.0 (/x)|MIT\n1|b v2.0.0|ISC\n2|c v1.0.0 (proc-macro)|Zlib\n1|c v1.0.0 (proc-macro)|Zlib (*)\n";
        let graph = Graph::parse(text).expect("a graph");
        let c = Package { name: "c".into(), version: "1.0.0".into() };
        assert_eq!(graph.packages[&c], "Zlib");
        assert_eq!(graph.asked_by(&c), "a, b");
    }
}
