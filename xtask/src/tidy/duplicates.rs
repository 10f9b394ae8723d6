//! The product links each crate once, except for the second versions that `deny.toml` tolerates with a reason.

use super::graph::Package;
use super::policy::Skip;
use super::{Finding, House};

/// Second versions that nobody wrote down, and tolerated ones that are no longer there.
pub(crate) fn check(house: &House) -> Vec<Finding> {
    let product: Vec<&Package> = house.product.packages.keys().collect();
    let doubled = |package: &Package| product.iter().filter(|other| other.name == package.name).count() > 1;
    let mut findings = Vec::new();
    for package in product.iter().filter(|package| doubled(package)) {
        let rest: Vec<&&Package> = product
            .iter()
            .filter(|other| other.name == package.name && !house.policy.skips.iter().any(|skip| covers(skip, other)))
            .collect();
        if rest.len() > 1 {
            let line = house.tree.line_where("Cargo.lock", |line| line == format!("name = \"{}\"", package.name));
            let by = house.product.asked_by(package);
            findings.push(Finding::new(
                "Cargo.lock",
                line,
                format!("the product holds {package} (asked for by {by}) beside another version"),
            ));
        }
    }
    for skip in &house.policy.skips {
        let line = house.tree.line_where("deny.toml", |line| line.contains(&format!("\"{}\"", skip.name)));
        if skip.reason.is_empty() {
            findings.push(Finding::new(
                "deny.toml",
                line,
                format!("the tolerated version {} has no reason", skip.name),
            ));
        }
        if !product.iter().any(|package| covers(skip, package) && doubled(package)) {
            findings.push(Finding::new(
                "deny.toml",
                line,
                format!("{} is no second version any more; strike it", skip.name),
            ));
        }
    }
    findings
}

/// `sha2@0.10` covers 0.10.9; without a version every version.
fn covers(skip: &Skip, package: &Package) -> bool {
    let (name, version) = skip.name.split_once('@').unwrap_or((&skip.name, ""));
    let begins = package
        .version
        .strip_prefix(version)
        .is_some_and(|rest| version.is_empty() || rest.is_empty() || rest.starts_with('.'));
    package.name == name && begins
}
