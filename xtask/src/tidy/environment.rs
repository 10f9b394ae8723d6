//! Configuration and environment are read in one place, the binary; everybody else takes typed settings.

use super::table::READ_ENVIRONMENT;
use super::{Finding, House};
use crate::paths;

/// `std::env` outside the binary, the developer commands, the samples and tests. `env!` is no environment at run time.
pub(crate) fn check(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, rust) in house.tree.rust() {
        let allowed = file.package().is_none_or(|package| READ_ENVIRONMENT.contains(&package));
        if allowed || file.is_test() || file.path.ends_with("/build.rs") {
            continue;
        }
        for path in paths::named(&rust.code) {
            let reads = path.contains("std::env") || path.segments.starts_with(&["env".to_owned(), "var".to_owned()]);
            if reads && !rust.is_test(path.line) {
                let message = "the environment is read only in crates/vestibule; take a typed setting";
                findings.push(Finding::new(&file.path, path.line, message));
            }
        }
    }
    findings
}
