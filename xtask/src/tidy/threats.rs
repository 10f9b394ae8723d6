//! `docs/THREATS.md` names the test that shows each defence: a name that no longer leads to a test is a lie.

use super::{Finding, House};

/// Every `file` `test` pair in the document leads to a function of that name in that file. A file that holds no Rust
/// only has to be there.
pub(crate) fn check(house: &House) -> Vec<Finding> {
    let Some(document) = house.tree.files.iter().find(|file| file.path == DOCUMENT) else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    for (index, line) in document.text.lines().enumerate() {
        let mut file: Option<&str> = None;
        for quoted in line.split('`').skip(1).step_by(2) {
            if quoted.contains('/') && quoted.contains('.') {
                file = Some(quoted);
                if !house.tree.files.iter().any(|found| found.path == quoted) {
                    findings.push(Finding::new(DOCUMENT, index + 1, format!("there is no file {quoted}")));
                }
            } else if let Some(path) = file.take()
                && !has(house, path, quoted)
            {
                findings.push(Finding::new(DOCUMENT, index + 1, format!("{path} has no test {quoted}")));
            }
        }
    }
    findings
}

fn has(house: &House, path: &str, test: &str) -> bool {
    let found = house.tree.files.iter().find(|file| file.path == path);
    found.is_none_or(|file| file.text.contains(&format!("fn {test}(")))
}

const DOCUMENT: &str = "docs/THREATS.md";
