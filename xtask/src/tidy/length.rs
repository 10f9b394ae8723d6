//! Files are small; one above 700 lines says why.

use super::{Finding, House};

/// Rust files above the limit without a written reason.
pub(crate) fn check(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, rust) in house.tree.rust() {
        let lines = file.text.lines().count();
        let reasoned = rust.comments.iter().any(|(_, text)| text.starts_with("// tidy: long because "));
        if lines > LIMIT && !reasoned {
            let message = format!("{lines} lines; above {LIMIT} a file says why: `// tidy: long because …`");
            findings.push(Finding::new(&file.path, LIMIT + 1, message));
        }
    }
    findings
}

const LIMIT: usize = 700;
