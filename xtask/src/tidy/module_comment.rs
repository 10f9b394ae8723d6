//! Every crate begins with a module comment of three to ten lines: what it owns, what it must never do.

use super::{Finding, House};

/// Counts the lines of `//!` at the top of every crate's root.
pub(crate) fn check(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in &house.workspace.packages {
        let folder = package.manifest_path.trim_end_matches("Cargo.toml");
        let roots = ["src/lib.rs", "src/main.rs"].map(|root| format!("{folder}{root}"));
        let Some(file) = roots.iter().find_map(|root| house.tree.get(root)) else { continue };
        let comment =
            file.text.lines().skip_while(|line| line.trim().is_empty()).take_while(|line| line.starts_with("//!"));
        let lines = comment.filter(|line| line.trim() != "//!").count();
        if !(3..=10).contains(&lines) {
            let message = format!(
                "{} begins with {lines} lines of module comment; three to ten say what it owns and must never do",
                package.name
            );
            findings.push(Finding::new(&file.path, 1, message));
        }
    }
    findings
}
