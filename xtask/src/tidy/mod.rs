//! `cargo xtask tidy`: the arrows between the crates and the invariants that can be read in the text.
//! Each rule is one file; a finding names the rule, the file and the line.

mod arrows;
mod bans;
mod catalogues;
mod database_kind;
mod duplicates;
mod environment;
mod examples;
mod graph;
mod hosts;
mod leftovers;
mod length;
mod licences;
mod module_comment;
mod orphans;
mod policy;
mod pure;
mod reasons;
mod siblings;
mod sql;
mod table;
mod threats;
mod tree;
mod workspace;

use crate::project::Project;
use anyhow::{Result, bail};
use graph::Graph;
use policy::Policy;
use std::path::Path;
use tree::Tree;
use workspace::Workspace;

/// Everything the rules look at, read once.
pub(crate) struct House {
    /// All texts of the work tree.
    tree: Tree,
    /// The packages of ours, with what their manifests ask for.
    workspace: Workspace,
    /// What is linked into or builds the product.
    product: Graph,
    /// What any crate of the workspace needs, tests included.
    everything: Graph,
    /// The workspaces beside it, which ship code with lock files of their own.
    beside: Vec<Beside>,
    /// What `deny.toml` allows.
    policy: Policy,
}

/// A workspace of its own below the house's.
pub(crate) struct Beside {
    /// Its folder.
    folder: &'static str,
    /// What it needs with all that can be switched on, tests included.
    graph: Graph,
    /// The licences that are allowed there beside those of `deny.toml`.
    also: &'static [&'static str],
}

/// One place where a rule is broken.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    file: String,
    line: usize,
    message: String,
}

impl Finding {
    fn new(file: impl Into<String>, line: usize, message: impl Into<String>) -> Finding {
        Finding { file: file.into(), line, message: message.into() }
    }
}

/// One rule: its name in messages, and the function that finds where it is broken.
type Rule = (&'static str, fn(&House) -> Vec<Finding>);

/// All rules, in the order in which they are reported.
const RULES: &[Rule] = &[
    ("arrow", arrows::between_our_crates),
    ("technology", arrows::to_others),
    ("pure", pure::check),
    ("sql", sql::check),
    ("database-kind", database_kind::check),
    ("environment", environment::check),
    ("siblings", siblings::check),
    ("module-comment", module_comment::check),
    ("registry", hosts::check),
    ("length", length::check),
    ("catalogue", catalogues::check),
    ("leftover", leftovers::check),
    ("licence", licences::check),
    ("ban", bans::check),
    ("duplicate", duplicates::check),
    ("reason", reasons::check),
    ("example", examples::check),
    ("threat", threats::check),
    ("orphan", orphans::check),
];

/// Runs all rules on the work tree, or on the one that `--root FOLDER` names.
pub(crate) fn main(arguments: &[String]) -> Result<()> {
    match arguments {
        [] => run(&Project::find()?.root),
        [flag, folder] if flag == "--root" => run(Path::new(folder)),
        _ => bail!("tidy takes no arguments except --root FOLDER"),
    }
}

/// Runs all rules on the workspace at `root`; an error when any is broken.
pub(crate) fn run(root: &Path) -> Result<()> {
    // Cargo may write the lock file first; the texts come after.
    let house = House {
        workspace: Workspace::read(root)?,
        product: Graph::product(root)?,
        everything: Graph::everything(root)?,
        beside: beside(root)?,
        policy: Policy::read(root)?,
        tree: Tree::read(root)?,
    };
    let mut count = 0;
    for (rule, check) in RULES {
        let mut findings = check(&house);
        findings.sort();
        findings.dedup();
        count += findings.len();
        for Finding { file, line, message } in findings {
            println!("tidy [{rule}] {file}:{line}: {message}");
        }
    }
    if count > 0 {
        bail!("tidy: {count} findings; docs/ARCHITECTURE.md says why the rules are there");
    }
    println!("tidy: {} rules hold in {} files", RULES.len(), house.tree.files.len());
    Ok(())
}

fn beside(root: &Path) -> Result<Vec<Beside>> {
    // Where the crate that they belong to is not, they are not.
    let there = table::BESIDE.iter().filter(|(folder, _)| root.join(folder).parent().is_some_and(Path::is_dir));
    there.map(|(folder, also)| Ok(Beside { folder, graph: Graph::beside(&root.join(folder))?, also })).collect()
}
