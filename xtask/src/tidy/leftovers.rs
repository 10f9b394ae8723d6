//! What is not done is written in an issue, not in the code; nothing made for debugging stays.

use super::{Finding, House};
use crate::paths;

/// Reminders in comments of any source, and macros for debugging in Rust.
pub(crate) fn check(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &house.tree.files {
        if let Some(rust) = &file.rust {
            for (line, text) in &rust.comments {
                findings.extend(
                    reminder(text).map(|word| Finding::new(&file.path, *line, format!("«{word}» in a comment"))),
                );
            }
            for (line, code) in rust.lines() {
                let left = MACROS.iter().find(|name| calls(code, name));
                findings.extend(left.map(|name| Finding::new(&file.path, line, format!("`{name}!` is left over"))));
            }
        } else if SOURCES.iter().any(|end| file.path.ends_with(end)) {
            for (index, text) in file.text.lines().enumerate() {
                findings.extend(
                    reminder(text).map(|word| Finding::new(&file.path, index + 1, format!("«{word}» is left over"))),
                );
            }
        }
    }
    findings
}

fn reminder(text: &str) -> Option<&'static str> {
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    REMINDERS.iter().find(|word| words.contains(word)).copied()
}

fn calls(code: &str, name: &str) -> bool {
    paths::named(code).iter().any(|path| path.contains(name)) && code.contains(&format!("{name}!"))
}

const REMINDERS: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X"), concat!("HA", "CK")];
const MACROS: &[&str] = &["dbg", "todo", "unimplemented"];
const SOURCES: &[&str] = &[".toml", ".html", ".css", ".js", ".mjs", ".py", ".sql", ".ftl", ".yml", ".yaml"];
