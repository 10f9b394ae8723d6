//! Every direct dependency has its reason in `deny.toml`: a provider's supply chain is its attack surface.

use super::{Finding, House};

/// Direct dependencies on others without a line `# - NAME: why` in `deny.toml`.
pub(crate) fn check(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in &house.workspace.packages {
        for dependency in package.dependencies.iter().filter(|dependency| !house.workspace.has(&dependency.name)) {
            if !house.policy.reasons.contains(&dependency.name) {
                let line = house.tree.line_where(&package.manifest_path, |line| dependency.is_asked_by(line));
                let message =
                    format!("{} has no reason in deny.toml (`# - {}: why`)", dependency.name, dependency.name);
                findings.push(Finding::new(&package.manifest_path, line, message));
            }
        }
    }
    findings
}
