//! The one table of the arrows: which crate of ours may use which, and who owns which technology.

/// A crate of ours and the crates of ours it may use.
pub(crate) struct Row {
    /// The package's name without `vestibule-`.
    pub(crate) name: &'static str,
    /// What it may use, tests apart.
    pub(crate) may_use: &'static [&'static str],
    /// Whether its own tests may use the test kit.
    pub(crate) testkit: bool,
}

/// The arrows. A crate that does not stand here may not exist.
pub(crate) const CRATES: &[Row] = &[
    row("jose", &[], false),
    row("oidc", &["jose"], false),
    row("store", &["oidc"], true),
    row("idp", &["store", "oidc", "webauthn", "jose"], true),
    row("webauthn", &["jose"], false),
    row("toolbox", &["oidc", "jose"], false),
    row("tools-wasm", &["toolbox", "jose"], false),
    row("tools-unpack", &[], false),
    row("web", &["idp", "toolbox", "oidc", "jose"], true),
    row("vestibule", &["web", "idp", "toolbox", "store", "oidc", "verify", "jose"], true),
    row("verify", &["jose"], true),
    row("native", &["jose", "verify"], true),
    row("samples", &[], false),
    row("testkit", &["web", "idp", "store", "oidc", "verify", "jose", "testkit-macros"], false),
    row("testkit-macros", &[], false),
    row("bench", &[], false),
    row("bench-parts", &["idp", "store", "oidc", "jose"], false),
    row("xtask", &["tools-unpack"], false),
];

/// Crates of others that only some of ours may use, with the reason.
pub(crate) const OWNED: &[(&[&str], &[&str], &str)] = &[
    (
        &["axum", "axum-core", "axum-extra"],
        &["web", "verify", "samples", "testkit", "bench"],
        "web is the only product crate that knows axum; verify has an extractor for APIs that do",
    ),
    (
        &["rusqlite", "libsqlite3-sys", "sqlx", "sqlx-core", "tokio-postgres"],
        &["store", "bench"],
        "store is the only crate that knows a database driver",
    ),
    (
        &["tokio"],
        &["store", "idp", "web", "vestibule", "verify", "native", "samples", "testkit", "bench", "bench-parts"],
        "the pure crates have no runtime",
    ),
    (
        &["http", "http-body", "http-body-util", "hyper", "hyper-util", "tower", "tower-http"],
        &["web", "vestibule", "verify", "samples", "testkit", "bench"],
        "HTTP types stay out of the rules, the store and the use cases",
    ),
    (&["askama", "fluent-bundle", "unic-langid"], &["web", "samples"], "pages belong to web"),
    (
        &["clap", "clap_complete", "clap_mangen"],
        &["vestibule", "samples", "bench"],
        "the command line belongs to the binary",
    ),
    (&["toml"], &["vestibule", "xtask"], "configuration belongs to the binary"),
    (
        &["anyhow"],
        &["vestibule", "samples", "testkit", "bench", "bench-parts", "xtask"],
        "libraries return typed errors",
    ),
    (&["openidconnect", "oauth2", "reqwest"], &["samples"], "the sample apps' libraries stay out of the product"),
];

/// The crates without a runtime, a clock and I/O.
pub(crate) const PURE: &[&str] = &["jose", "oidc", "webauthn", "toolbox", "tools-wasm", "tools-unpack"];

/// The packages that may read the environment; all others are told by typed settings.
pub(crate) const READ_ENVIRONMENT: &[&str] = &["vestibule", "samples", "testkit", "bench", "bench-parts", "xtask"];

/// The row of a package, by its full name.
pub(crate) fn row_of(package: &str) -> Option<&'static Row> {
    CRATES.iter().find(|row| row.name == short(package))
}

/// A package's name as the table writes it.
pub(crate) fn short(package: &str) -> &str {
    package.strip_prefix("vestibule-").unwrap_or(package)
}

const fn row(name: &'static str, may_use: &'static [&'static str], testkit: bool) -> Row {
    Row { name, may_use, testkit }
}

/// Workspaces of their own that ship code, and the licences that are allowed there alone (docs/adr/0007-bindings.md).
pub(crate) const BESIDE: &[(&str, &[&str])] =
    &[("crates/native/bindings", &["MPL-2.0"]), ("crates/native/keyring", &[])];
