//! The arrows of the house: which crate of ours may use which, and who owns which technology.

use super::table::{OWNED, row_of, short};
use super::workspace::{Dependency, Package};
use super::{Finding, House};

/// No crate of ours uses another against the table; a crate that is not in the table may not exist.
pub(crate) fn between_our_crates(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in &house.workspace.packages {
        let Some(row) = row_of(&package.name) else {
            let message = format!("{} does not stand in the table of crates (xtask/src/tidy/table.rs)", package.name);
            findings.push(Finding::new(&package.manifest_path, 1, message));
            continue;
        };
        let ours = package.dependencies.iter().filter(|d| d.path.is_some() && house.workspace.has(&d.name));
        for dependency in ours {
            let used = short(&dependency.name);
            // A crate may ask for itself, which is how its own tests switch on its test support.
            let of_tests = used == row.name || (row.testkit && TEST_KIT.contains(&used));
            let in_tests = dependency.is_dev() && of_tests;
            if !in_tests && !row.may_use.contains(&used) {
                let allowed =
                    if row.may_use.is_empty() { "nothing of ours".to_owned() } else { row.may_use.join(", ") };
                let message = format!("{} may not use {used}; it may use {allowed}", row.name);
                findings.push(at(house, package, dependency, message));
            }
        }
    }
    findings
}

/// A technology is used only by the crate that owns it; for their tests crates may use what they like.
pub(crate) fn to_others(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in &house.workspace.packages {
        for dependency in package.dependencies.iter().filter(|d| !d.is_dev()) {
            let owned = OWNED.iter().find(|(names, ..)| names.contains(&dependency.name.as_str()));
            let Some((_, owners, reason)) = owned else { continue };
            let user = short(&package.name);
            if !owners.contains(&user) {
                let message = format!("{user} may not use {}: {reason}", dependency.name);
                findings.push(at(house, package, dependency, message));
            }
        }
    }
    findings
}

fn at(house: &House, package: &Package, dependency: &Dependency, message: String) -> Finding {
    let line = house.tree.line_where(&package.manifest_path, |line| dependency.is_asked_by(line));
    Finding::new(&package.manifest_path, line, message)
}

/// What a crate's tests may use besides its arrows.
const TEST_KIT: &[&str] = &["testkit", "testkit-macros"];
