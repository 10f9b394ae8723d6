//! Each rule broken once.

use crate::fixture::Fixture;

/// Breaks the healthy house and expects exactly this rule, at this place.
#[track_caller]
fn breaks(rule: &str, place: &str, name: &str, break_it: impl FnOnce(&Fixture)) {
    let fixture = Fixture::healthy(name);
    break_it(&fixture);
    let verdict = fixture.tidy();
    assert!(!verdict.passed, "tidy passed:\n{}", verdict.text);
    assert_eq!(verdict.rules(), [rule], "{}", verdict.text);
    let said = format!("tidy [{rule}] {place}: ");
    assert!(verdict.text.contains(&said), "«{said}» is not in:\n{}", verdict.text);
}

#[track_caller]
fn holds(name: &str, change: impl FnOnce(&Fixture)) {
    let fixture = Fixture::healthy(name);
    change(&fixture);
    let verdict = fixture.tidy();
    assert!(verdict.passed, "{}", verdict.text);
}

#[test]
fn a_healthy_house_passes() {
    holds("healthy", |_| {});
}

#[test]
fn web_cannot_reach_store() {
    breaks("arrow", "crates/web/Cargo.toml:11", "web-store", |house| {
        house.append("crates/web/Cargo.toml", "store = { package = \"vestibule-store\", path = \"../store\" }\n");
    });
}

#[test]
fn not_even_in_its_tests() {
    breaks("arrow", "crates/web/Cargo.toml:12", "web-store-dev", |house| {
        let dependency = "[dev-dependencies]\nstore = { package = \"vestibule-store\", path = \"../store\" }\n";
        house.append("crates/web/Cargo.toml", dependency);
    });
}

#[test]
fn a_crate_stands_in_the_table() {
    breaks("arrow", "crates/cellar/Cargo.toml:1", "cellar", |house| {
        let manifest =
            "[package]\nname = \"vestibule-cellar\"\nversion = \"0.1.0\"\nedition = \"2024\"\nlicense = \"MIT\"\n";
        house.write("crates/cellar/Cargo.toml", manifest);
        house.write("crates/cellar/src/lib.rs", "//! A\n//! B\n//! C\n");
    });
}

#[test]
fn only_web_knows_axum() {
    breaks("technology", "crates/idp/Cargo.toml:11", "axum", |house| {
        house.other("axum", "axum", "0.8.0", "MIT");
        house.uses("idp", "axum", "axum");
    });
    holds("axum-web", |house| {
        house.other("axum", "axum", "0.8.0", "MIT");
        house.uses("web", "axum", "axum");
    });
}

#[test]
fn pure_crates_have_no_clock() {
    breaks("pure", "crates/oidc/src/rules.rs:2", "clock", |house| {
        house.write("crates/oidc/src/rules.rs", "use std::{\n    time::{Duration, SystemTime},\n};\n");
    });
}

#[test]
fn pure_crates_have_no_runtime_and_no_io() {
    for (name, code) in [
        ("tokio", "fn f() { tokio::spawn(g()); }\n"),
        ("fs", "fn f() { let _ = std::fs::read(\"a\"); }\n"),
        ("async", "async fn f() {}\n"),
        ("socket", "use std::net::TcpStream;\n"),
    ] {
        breaks("pure", "crates/jose/src/rules.rs:1", name, |house| house.write("crates/jose/src/rules.rs", code));
    }
}

#[test]
fn pure_crates_may_speak_of_the_clock_in_comments_and_read_vectors_in_tests() {
    holds("pure-tests", |house| {
        let code = "// tokio, SystemTime\nfn f() -> &'static str { \"std::fs\" }\n#[cfg(test)]\nmod tests {\n    use std::fs;\n}\n";
        house.write("crates/jose/src/rules.rs", code);
    });
}

#[test]
fn sql_stands_only_in_store() {
    let code = "const Q: &str =\n    \"SELECT id FROM users\";\n";
    breaks("sql", "crates/idp/src/users.rs:2", "sql", |house| house.write("crates/idp/src/users.rs", code));
    breaks("sql", "crates/web/q.sql:1", "sql-file", |house| house.write("crates/web/q.sql", "select 1;\n"));
    holds("sql-store", |house| house.write("crates/store/src/users.rs", code));
}

#[test]
fn the_database_kind_is_decided_in_the_facade() {
    let code = "fn f(db: Db) {\n    match db {\n        Db::Sqlite(_) => {}\n        Db::Other => {}\n    }\n}\n";
    breaks("database-kind", "crates/store/src/users.rs:3", "kind", |house| {
        house.write("crates/store/src/users.rs", code);
    });
    holds("kind-facade", |house| house.write("crates/store/src/db/mod.rs", code));
}

#[test]
fn only_the_binary_reads_the_environment() {
    let code = "use std::env;\nfn f() { let _ = env::var(\"A\"); }\n";
    breaks("environment", "crates/idp/src/settings.rs:1", "env", |house| {
        house.write("crates/idp/src/settings.rs", code);
    });
    holds("env-binary", |house| house.write("crates/vestibule/src/settings.rs", code));
}

#[test]
fn a_grant_never_imports_a_grant() {
    for (name, code) in [
        ("grant-super", "use super::{registry, refresh::Hooks};\n"),
        ("grant-crate", "fn f() { crate::grants::refresh::claim(); }\n"),
    ] {
        breaks("siblings", "crates/idp/src/grants/code.rs:1", name, |house| {
            house.write("crates/idp/src/grants/mod.rs", "mod code;\nmod refresh;\n");
            house.write("crates/idp/src/grants/refresh.rs", "use super::Registry;\n");
            house.write("crates/idp/src/grants/code.rs", code);
        });
    }
}

#[test]
fn a_factor_never_a_factor_and_a_page_never_a_page() {
    breaks("siblings", "crates/idp/src/factors/totp/mod.rs:1", "factor", |house| {
        house.write("crates/idp/src/factors/password.rs", "");
        house.write("crates/idp/src/factors/totp/mod.rs", "use crate::factors::password;\n");
    });
    breaks("siblings", "crates/web/src/pages/signin/form.rs:1", "page", |house| {
        house.write("crates/web/src/pages/consent.rs", "");
        house.write("crates/web/src/pages/signin/form.rs", "use super::super::consent::Scope;\n");
    });
}

#[test]
fn what_pages_share_says_so() {
    holds("shared", |house| {
        house.write("crates/web/src/pages/layout.rs", "// tidy: shared because every page stands in it\n");
        house.write("crates/web/src/pages/signin.rs", "use super::layout::Frame;\n");
    });
}

#[test]
fn a_crate_begins_with_a_comment() {
    breaks("module-comment", "crates/idp/src/lib.rs:1", "comment", |house| {
        house.write("crates/idp/src/lib.rs", "//! Too short.\n//!\n//! Still.\n");
    });
}

#[test]
fn only_lock_files_name_a_registry() {
    let host = ["registry.npm", "js.org"].concat();
    breaks("registry", "docs/setup.md:2", "host", |house| {
        house.write("docs/setup.md", &format!("# Setup\nnpm from {host}\n"));
    });
    holds("host-lock", |house| {
        house.write("tests/clients/package-lock.json", &format!("{{\"resolved\": \"https://{host}/a\"}}"));
    });
}

#[test]
fn a_long_file_says_why() {
    let long = "fn f() {}\n".repeat(701);
    breaks("length", "crates/idp/src/long.rs:701", "long", |house| house.write("crates/idp/src/long.rs", &long));
    holds("long-reason", |house| {
        house.write("crates/idp/src/long.rs", &format!("// tidy: long because it is one table\n{long}"));
    });
}

#[test]
fn the_languages_have_the_same_keys() {
    breaks("catalogue", "crates/web/locales/en/main.ftl:2", "keys", |house| {
        house.write("crates/web/locales/en/main.ftl", "hello = Hello\nbye = Goodbye\n");
        house.write("crates/web/locales/de/main.ftl", "hello = Hallo\n");
    });
}

#[test]
fn nothing_is_left_over() {
    let reminder = ["// TO", "DO: later\n"].concat();
    breaks("leftover", "crates/idp/src/a.rs:1", "reminder", |house| house.write("crates/idp/src/a.rs", &reminder));
    let code = "fn f() {\n    dbg!(1);\n}\n";
    breaks("leftover", "crates/idp/src/a.rs:2", "debugging", |house| house.write("crates/idp/src/a.rs", code));
}

#[test]
fn what_jose_publishes_is_shown_at_work() {
    let type_alone = "/// A key.\n#[derive(Debug)]\npub struct Key;\n";
    breaks("example", "crates/jose/src/key.rs:3", "example", |house| house.write("crates/jose/src/key.rs", type_alone));
    let shown = "/// A key.\n///\n/// ```\n/// jose::Key::new();\n/// ```\npub struct Key;\n\nimpl Key {\n    /// One.\n    pub fn new() {}\n";
    let rest = "\n    /// Another.\n    pub fn other() {}\n}\n";
    breaks("example", "crates/jose/src/key.rs:13", "example-method", |house| {
        house.write("crates/jose/src/key.rs", &format!("{shown}{rest}"));
    });
    holds("example-shown", |house| house.write("crates/jose/src/key.rs", &format!("{shown}}}\n")));
}

#[test]
fn licences_are_allowed() {
    breaks("licence", "Cargo.lock:6", "licence", |house| {
        house.other("helper", "helper", "1.0.0", "GPL-3.0-only");
        house.uses("idp", "helper", "helper");
    });
}

/// A workspace beside the house's that uses a crate of this licence.
fn beside(house: &Fixture, name: &str, licence: &str) {
    house.other(name, name, "1.0.0", licence);
    house.write("crates/native/Cargo.toml", "[package]\nname = \"vestibule-native\"\nversion = \"0.1.0\"\nedition = \"2024\"\nlicense = \"MIT\"\n\n[dependencies]\n");
    house.write("crates/native/src/lib.rs", "//! A\n//! B\n//! C\n");
    let folder = format!("crates/native/{name}");
    let manifest = format!(
        "[workspace]\n[package]\nname = \"vestibule-native-{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
         license = \"MIT\"\n[dependencies]\n{name} = {{ path = \"../../../others/{name}\" }}\n"
    );
    house.write(&format!("{folder}/Cargo.toml"), &manifest);
    house.write(&format!("{folder}/src/lib.rs"), "//! A\n//! B\n//! C\n");
}

/// docs/adr/0007-bindings.md: one licence more, in one place.
#[test]
fn licences_are_allowed_in_the_workspaces_beside() {
    holds("beside", |house| {
        beside(house, "bindings", "MPL-2.0");
        beside(house, "keyring", "MIT");
    });
    breaks("licence", "crates/native/keyring/Cargo.lock:6", "beside-keyring", |house| {
        beside(house, "bindings", "MPL-2.0");
        beside(house, "keyring", "MPL-2.0");
    });
    breaks("licence", "crates/native/bindings/Cargo.lock:6", "beside-bindings", |house| {
        beside(house, "bindings", "MPL-2.0 AND GPL-3.0-only");
        beside(house, "keyring", "MIT");
    });
    breaks("licence", "crates/native/bindings/Cargo.toml:1", "beside-unused", |house| {
        beside(house, "bindings", "MIT");
        beside(house, "keyring", "MIT");
    });
    breaks("licence", "Cargo.lock:6", "beside-inside", |house| {
        beside(house, "bindings", "MPL-2.0");
        beside(house, "keyring", "MIT");
        house.other("helper", "helper", "1.0.0", "MPL-2.0");
        house.uses("idp", "helper", "helper");
    });
}

#[test]
fn a_banned_crate_is_not_in_the_product() {
    breaks("ban", "Cargo.lock:6", "ban", |house| {
        house.other("openssl", "openssl", "0.10.0", "Apache-2.0");
        house.uses("idp", "openssl", "openssl");
    });
}

#[test]
fn a_banned_crate_is_tolerated_only_below_its_wrapper_and_outside_the_product() {
    let wrapped = |house: &Fixture, user: &str| {
        house.other("rsa", "rsa", "0.9.0", "MIT");
        house.other("wrapper", "wrapper", "1.0.0", "MIT");
        house.append("others/wrapper/Cargo.toml", "rsa = { path = \"../rsa\" }\n");
        house.uses(user, "wrapper", "wrapper");
    };
    holds("wrapped", |house| wrapped(house, "samples"));
    breaks("ban", "Cargo.lock:6", "wrapped-product", |house| wrapped(house, "idp"));
    breaks("ban", "Cargo.lock:6", "unwrapped", |house| {
        house.other("rsa", "rsa", "0.9.0", "MIT");
        house.uses("samples", "rsa", "rsa");
    });
}

#[test]
fn the_product_links_each_crate_once() {
    let twins = |house: &Fixture| {
        house.other("twin1", "twin", "1.2.0", "MIT");
        house.other("twin2", "twin", "2.0.0", "MIT");
        house.uses("idp", "twin1", "twin");
        house.uses("web", "twin2", "twin");
    };
    breaks("duplicate", "Cargo.lock:6", "twins", twins);
    holds("twins-skipped", |house| {
        twins(house);
        house.append("deny.toml", "skip = [{ crate = \"twin@1\", reason = \"web has not followed\" }]\n");
    });
    breaks("duplicate", "deny.toml:16", "stale-skip", |house| {
        house.append("deny.toml", "skip = [{ crate = \"twin@1\", reason = \"web has not followed\" }]\n");
    });
}

#[test]
fn a_direct_dependency_has_its_reason() {
    breaks("reason", "crates/idp/Cargo.toml:11", "reason", |house| {
        house.other("stranger", "stranger", "1.0.0", "MIT");
        house.uses("idp", "stranger", "stranger");
    });
}

#[test]
fn a_threat_names_tests_that_are_there() {
    let claims = |house: &Fixture, text: &str| house.write("docs/THREATS.md", text);
    breaks("threat", "docs/THREATS.md:2", "threat-test", |house| {
        claims(house, "# Threats\n| a | `crates/idp/src/lib.rs` `nobody_wrote_this` |\n");
    });
    breaks("threat", "docs/THREATS.md:1", "threat-file", |house| claims(house, "`crates/idp/src/none.rs` `gone`\n"));
    holds("threat-kept", |house| {
        house.append("crates/idp/src/lib.rs", "#[cfg(test)]\nmod tests {\n    #[test]\n    fn it_holds() {}\n}\n");
        claims(house, "`crates/idp/src/lib.rs` `it_holds`, tests/none without a name\n");
    });
}

#[test]
fn a_file_of_tests_is_a_module() {
    let main = |house: &Fixture, text: &str| house.write("crates/idp/tests/it/main.rs", text);
    breaks("orphan", "crates/idp/tests/it/lost.rs:1", "orphan", |house| {
        main(house, "mod other;\n// mod lost;\n");
        house.write("crates/idp/tests/it/other.rs", "");
        house.write("crates/idp/tests/it/lost.rs", "#[test]\nfn nobody_runs_this() {}\n");
    });
    holds("orphan-found", |house| {
        main(house, "mod lost;\nmod folder;\n");
        house.write("crates/idp/tests/it/lost.rs", "");
        house.write("crates/idp/tests/it/folder/mod.rs", "pub(crate) mod inner;\n");
        house.write("crates/idp/tests/it/folder/inner.rs", "");
    });
}
