//! Every public item of `jose` and `verify` is shown at work in an example that the tests run.

use super::{Finding, House};

/// Types, traits and free functions have an example of their own; methods stand in one of any item.
pub(crate) fn check(house: &House) -> Vec<Finding> {
    PUBLISHED.iter().flat_map(|folder| check_in(house, folder)).collect()
}

fn check_in(house: &House, folder: &str) -> Vec<Finding> {
    let published = || house.tree.rust().filter(|(file, _)| file.path.starts_with(folder));
    let shown: String = published().flat_map(|(file, _)| examples(&file.text)).collect();
    let mut findings = Vec::new();
    for (file, rust) in published() {
        let mut doc = "";
        for (at, line) in file.text.lines().enumerate() {
            if line.trim_start().starts_with("///") {
                doc = if line.contains("```") || doc == FENCE { FENCE } else { "///" };
                continue;
            }
            // Between a comment and its item stand attributes alone.
            let Some((kind, name)) = item(line).filter(|_| !rust.is_test(at + 1)) else {
                doc = if line.is_empty() || line.contains(['{', '}']) { "" } else { doc };
                continue;
            };
            let is_method = line.starts_with(' ');
            if doc != FENCE && !(is_method && is_called(&shown, name)) {
                let message =
                    format!("{kind} `{name}` stands in no example; three lines that assert something will do");
                findings.push(Finding::new(&file.path, at + 1, message));
            }
            doc = "";
        }
    }
    findings
}

/// The lines of the fenced blocks in comments, without their slashes.
fn examples(text: &str) -> impl Iterator<Item = String> + '_ {
    let mut inside = false;
    text.lines().filter_map(move |line| {
        let line = line.trim_start();
        let line = line.strip_prefix("///").or_else(|| line.strip_prefix("//!"))?;
        if line.trim_start().starts_with(FENCE) {
            inside = !inside;
            return None;
        }
        inside.then(|| format!("{line}\n"))
    })
}

/// Kind and name of a public item. A method is one only where `impl` has it, which is where it is indented by four.
fn item(line: &str) -> Option<(&str, &str)> {
    let method =
        line.strip_prefix("    ").filter(|rest| rest.starts_with("pub fn ") || rest.starts_with("pub const fn "));
    let rest = method.unwrap_or(line).strip_prefix("pub ")?;
    let (kind, rest) = rest.strip_prefix("const ").unwrap_or(rest).split_once(' ')?;
    let name = rest.split(|letter: char| !letter.is_alphanumeric() && letter != '_').next()?;
    KINDS.contains(&kind).then_some((kind, name))
}

/// Whether a method is named with what it is a method of in front.
fn is_called(shown: &str, name: &str) -> bool {
    let ends = |rest: &str| !rest.starts_with(|letter: char| letter.is_alphanumeric() || letter == '_');
    [".", "::"].iter().any(|before| {
        let call = format!("{before}{name}");
        shown.match_indices(&call).any(|(at, _)| ends(&shown[at + call.len()..]))
    })
}

const PUBLISHED: &[&str] = &["crates/jose/src/", "crates/verify/src/"];
const KINDS: &[&str] = &["fn", "struct", "enum", "trait", "type"];
const FENCE: &str = "```";
