//! Crates that `deny.toml` bans: never in the product; outside it only below the wrappers it names.

use super::graph::{Graph, Package};
use super::policy::Ban;
use super::{Finding, House};

/// Banned crates in the product, or used by somebody who is no wrapper.
pub(crate) fn check(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for ban in &house.policy.bans {
        for package in named(&house.product, ban) {
            findings.push(finding(house, package, &house.product, ban, "is in the product"));
        }
        for package in named(&house.everything, ban) {
            let dependents = house.everything.dependents.get(package).into_iter().flatten();
            if dependents.into_iter().any(|dependent| !ban.wrappers.contains(&dependent.name)) {
                findings.push(finding(house, package, &house.everything, ban, "is in the workspace"));
            }
        }
        if ban.reason.is_empty() {
            let line = house.tree.line_where("deny.toml", |line| line.contains(&format!("\"{}\"", ban.name)));
            findings.push(Finding::new("deny.toml", line, format!("the ban of {} has no reason", ban.name)));
        }
    }
    findings
}

fn named<'a>(graph: &'a Graph, ban: &'a Ban) -> impl Iterator<Item = &'a Package> {
    graph.packages.keys().filter(|package| package.name == ban.name)
}

fn finding(house: &House, package: &Package, graph: &Graph, ban: &Ban, place: &str) -> Finding {
    let line = house.tree.line_where("Cargo.lock", |line| line == format!("name = \"{}\"", package.name));
    let by = graph.asked_by(package);
    Finding::new("Cargo.lock", line, format!("{package} {place}, asked for by {by}; it is banned: {}", ban.reason))
}
