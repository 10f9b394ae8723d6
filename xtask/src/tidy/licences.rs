//! Everything that is used, tests included, stands under a licence that `deny.toml` allows; in the workspaces beside ours, too,
//! of which one may have a licence more.

use super::graph::Graph;
use super::{Beside, Finding, House};

/// Packages whose SPDX expression cannot be met by the allowed licences, and a licence more that nobody needs.
pub(crate) fn check(house: &House) -> Vec<Finding> {
    let allowed = &house.policy.licences;
    let mut findings = unmet(house, "Cargo.lock", &house.everything, allowed);
    for Beside { folder, graph, also } in &house.beside {
        let more: Vec<String> = allowed.iter().cloned().chain(also.iter().map(|name| (*name).to_owned())).collect();
        findings.extend(unmet(house, &format!("{folder}/Cargo.lock"), graph, &more));
        for name in *also {
            let without: Vec<String> = more.iter().filter(|one| one != name).cloned().collect();
            if graph.packages.values().all(|licence| is_met(licence, &without)) {
                let message = format!("nothing in {folder} needs {name} any more; strike it from the table of tidy");
                findings.push(Finding::new(format!("{folder}/Cargo.toml"), 1, message));
            }
        }
    }
    findings
}

fn unmet(house: &House, lock: &str, graph: &Graph, allowed: &[String]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (package, licence) in graph.packages.iter().filter(|(_, licence)| !is_met(licence, allowed)) {
        let line = house.tree.line_where(lock, |line| line == format!("name = \"{}\"", package.name));
        let by = graph.asked_by(package);
        let message = format!("{package} (asked for by {by}) stands under «{licence}», which deny.toml does not allow");
        findings.push(Finding::new(lock, line, message));
    }
    findings
}

/// Whether an SPDX expression holds with these licences; the old `/` means OR.
fn is_met(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader { words: &words, at: 0, allowed };
    reader.any() && reader.at == words.len()
}

struct Reader<'a> {
    words: &'a [&'a str],
    at: usize,
    allowed: &'a [String],
}

impl Reader<'_> {
    fn any(&mut self) -> bool {
        let mut met = self.all();
        while self.takes("OR") {
            met |= self.all();
        }
        met
    }

    fn all(&mut self) -> bool {
        let mut met = self.one();
        while self.takes("AND") {
            met &= self.one();
        }
        met
    }

    fn one(&mut self) -> bool {
        if self.takes("(") {
            let met = self.any();
            return self.takes(")") && met;
        }
        let Some(licence) = self.words.get(self.at) else { return false };
        self.at += 1;
        let mut name = (*licence).to_owned();
        if self.takes("WITH") {
            name = format!("{name} WITH {}", self.words.get(self.at).copied().unwrap_or_default());
            self.at += 1;
        }
        self.allowed.contains(&name)
    }

    fn takes(&mut self, word: &str) -> bool {
        let found = self.words.get(self.at) == Some(&word);
        self.at += usize::from(found);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::is_met;

    #[test]
    fn expressions_hold_as_spdx_says() {
        let allowed = ["MIT", "ISC", "Apache-2.0"].map(str::to_owned);
        for met in [
            "MIT",
            "GPL-3.0 OR MIT",
            "MIT/Apache-2.0",
            "ISC AND (GPL-2.0-only OR MIT)",
            "MIT OR Apache-2.0 WITH LLVM-exception",
        ] {
            assert!(is_met(met, &allowed), "{met}");
        }
        for unmet in [
            "",
            "GPL-3.0",
            "MIT AND GPL-3.0",
            "(MIT",
            "Apache-2.0 WITH LLVM-exception",
            "MIT MIT",
            "ISC AND (GPL-2.0-only OR BSD-1-Clause)",
        ] {
            assert!(!is_met(unmet, &allowed), "{unmet}");
        }
    }
}
