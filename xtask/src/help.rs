//! What `cargo xtask help` prints.

/// Prints the commands and what each is for.
pub(crate) fn print() -> anyhow::Result<()> {
    println!("{HELP}");
    Ok(())
}

const HELP: &str = "\
Vestibule's developer commands.

    cargo xtask demo [ARGUMENTS]       build the release binary and start `vestibule demo`
    cargo xtask test                   set up what the tests need, then run all of them
    cargo xtask tidy                   the arrows and invariants, licences, bans, duplicate versions
    cargo xtask tools [--out DIR]      the tools for the browser; with DIR as static files
    cargo xtask bindings               writes the Kotlin and the Swift of the app's core
    cargo xtask bench [ARGUMENTS]      the table of speed, against the release binary
    cargo xtask bench jose [ARGUMENTS] jose against the raw primitives and other libraries, in one thread
    cargo xtask fuzz [TARGETS]         every parser with inputs that a fuzzer makes up; --seconds N for
                                       each target [60], --coverage for the lines reached
    cargo xtask screenshots [LANGUAGE] pictures of every page on sheets, and those of the README, from a real
                                       browser; --samples or --walk for one half
    cargo xtask with-postgres COMMAND  run one command beside a PostgreSQL of its own
    cargo xtask help                   this page

Stages of `test`, in their order; the first that fails ends the run:

    setup     installs by name what is missing (Debian, as root), else says what to install;
              Node and the Python packages go into the target directory
    fmt       cargo fmt --check
    tidy      as above
    clippy    cargo clippy -D warnings
    build     compiles all tests, in the one profile they share
    tests     cargo test, on SQLite and on a PostgreSQL that is started for it
    fuzz      each fuzz target with ten thousand inputs, always the same
    release   the release binaries
    clients   client libraries that nobody here wrote, against the release binary
    browser   the walk in headless Chromium
    desktop   the app's core in other languages, and two sample apps over a Secret Service

    cargo xtask test --only STAGE      one stage (may be repeated)
    cargo xtask test --from STAGE      this stage and all after it

Examples:

    cargo xtask test --from clippy
    cargo xtask with-postgres cargo test -p vestibule-store
    cargo xtask demo --help

CARGO_TARGET_DIR is respected. Nothing is ever written outside the target directory, the folders
node_modules beside a package.json, and a temporary directory that is removed at the end.";
