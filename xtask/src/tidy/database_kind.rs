//! A `match` on the database kind stands only in `store/src/db/`.

use super::{Finding, House};

/// Patterns that name one of the two databases, outside the façade. Building such a value is no decision.
pub(crate) fn check(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, rust) in house.tree.rust() {
        let facade = file.path.starts_with("crates/store/src/db/") || file.path == "crates/store/src/db.rs";
        if facade || !file.path.starts_with("crates/") || file.is_test() {
            continue;
        }
        for (line, code) in rust.lines().filter(|(line, _)| !rust.is_test(*line)) {
            if is_decision(code) {
                findings.push(Finding::new(
                    &file.path,
                    line,
                    "a decision on the database kind stands only in crates/store/src/db",
                ));
            }
        }
    }
    findings
}

fn is_decision(code: &str) -> bool {
    VARIANTS.iter().any(|variant| {
        let Some((before, after)) = code.split_once(variant) else { return false };
        if after.starts_with(|c: char| c.is_alphanumeric() || c == '_') {
            return false;
        }
        let arm = after.contains("=>") && !before.contains("=>");
        let test = before.contains("let ")
            && before.trim_end().ends_with(|c: char| c.is_alphanumeric())
            && after.contains(" = ");
        let compared =
            before.contains("==") || before.contains("!=") || before.contains("matches!(") || after.contains("==");
        arm || test || compared
    })
}

const VARIANTS: &[&str] = &["::Sqlite", "::SQLite", "::Postgres", "::PostgreSql", "::Pg"];

#[cfg(test)]
mod tests {
    use super::is_decision;

    #[test]
    fn patterns_are_decisions_and_values_are_not() {
        for code in [
            "    Db::Sqlite(pool) => 1,",
            "Kind::Postgres | Kind::Sqlite => 1",
            "if let Db::Sqlite(pool) = db {",
            "if kind == Kind::Postgres {",
            "matches!(kind, Kind::Sqlite)",
        ] {
            assert!(is_decision(code), "{code}");
        }
        for code in [
            "let kind = Kind::Sqlite;",
            "\" \" => Kind::Postgres,",
            "Db::Sqlite(pool)",
            "let e = Error::PgPool { a => b }",
        ] {
            assert!(!is_decision(code), "{code}");
        }
    }
}
