//! SQL text stands only in `store`.

use super::{Finding, House};

/// String literals that read as SQL, and `.sql` files, in any crate but `store`.
pub(crate) fn check(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    let elsewhere = |path: &str| path.starts_with("crates/") && !path.starts_with("crates/store/");
    for file in house.tree.files.iter().filter(|file| elsewhere(&file.path)) {
        if file.path.ends_with(".sql") {
            findings.push(Finding::new(&file.path, 1, "SQL stands only in crates/store"));
        }
        for (line, text) in file.rust.iter().flat_map(|rust| &rust.strings) {
            if let Some(words) = looks_like_sql(text) {
                findings.push(Finding::new(&file.path, *line, format!("SQL («{words}») stands only in crates/store")));
            }
        }
    }
    findings
}

/// The words that give a statement away: capitals anywhere, small letters only where the text begins with them
/// (a sentence may well say «select»).
fn looks_like_sql(text: &str) -> Option<&'static str> {
    let start = text.trim_start().to_ascii_uppercase();
    STATEMENTS.iter().find_map(|(first, then)| {
        let capitals = text.split_once(first).is_some_and(|(_, rest)| rest.contains(then));
        let small = start.strip_prefix(first).is_some_and(|rest| rest.contains(then));
        (capitals || (small && *first != "SELECT ")).then_some(*first)
    })
}

/// The beginning of a statement and what must follow.
const STATEMENTS: &[(&str, &str)] = &[
    ("SELECT ", ""),
    ("INSERT INTO ", ""),
    ("UPDATE ", " SET "),
    ("DELETE FROM ", ""),
    ("CREATE TABLE ", ""),
    ("CREATE INDEX ", ""),
    ("CREATE UNIQUE INDEX ", ""),
    ("CREATE SCHEMA ", ""),
    ("CREATE DATABASE ", ""),
    ("DROP TABLE ", ""),
    ("DROP SCHEMA ", ""),
    ("ALTER TABLE ", ""),
    ("PRAGMA ", ""),
    ("BEGIN IMMEDIATE", ""),
    ("TRUNCATE TABLE ", ""),
];

#[cfg(test)]
mod tests {
    use super::looks_like_sql;

    #[test]
    fn statements_are_known_and_sentences_are_not() {
        for sql in [
            "SELECT 1",
            "  insert into t values (1)",
            "update t set a = 1",
            "\n    DELETE FROM t",
            "pragma user_version",
        ] {
            assert!(looks_like_sql(sql).is_some(), "{sql}");
        }
        for text in [
            "select an account from the list",
            "Update your password",
            "a setting",
            "UPDATE",
            "please insert into the box",
        ] {
            assert!(looks_like_sql(text).is_none(), "{text}");
        }
    }
}
