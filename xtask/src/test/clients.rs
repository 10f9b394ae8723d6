//! The tests outside cargo: client libraries that nobody here wrote, and the walk in a browser.

use super::{Session, Tools, bindings};
use crate::command::Run;
use anyhow::{Context as _, Result, bail};
use std::path::Path;

/// The client libraries of npm and PyPI, against the release binary; and their JOSE libraries against ours.
pub(crate) fn clients(session: &mut Session) -> Result<()> {
    node_tests(session, "tests/clients")?;
    let environment = Tools::find(&session.project)?.environment(&session.project);
    let arguments = ["test", "-p", "vestibule-jose", "--test", "it", "oracles::", "--", "--ignored"];
    // The same inputs each time, unless others are asked for: what must pass before a change lands says the same twice.
    let seed = std::env::var_os(SEED).unwrap_or_else(|| "5eed".into());
    for provider in ["aws-lc", "rustcrypto"] {
        let run = Run::cargo(&session.project.root, &arguments).envs(&environment);
        run.env("VESTIBULE_JOSE_PROVIDER", provider).env(SEED, &seed).loudly()?;
    }
    Ok(())
}

/// The walk in headless Chromium.
pub(crate) fn browser(session: &mut Session) -> Result<()> {
    node_tests(session, "tests/browser")
}

/// The core of apps in other languages; and two sample apps over a real Secret Service, each in a process of its own. All stand
/// in workspaces of their own.
pub(crate) fn desktop(session: &mut Session) -> Result<()> {
    bindings::run(&session.project)?;
    let tools = Tools::find(&session.project)?;
    let target = session.project.target.join("keyring");
    let folder = session.project.root.join("crates/native/keyring");
    let shown = target.display().to_string();
    for command in [&["build", "--examples"][..], &["test"]] {
        Run::cargo(&folder, &[command, &["--locked", "--target-dir", &shown]].concat()).loudly()?;
    }
    // A home of its own: nobody's secrets are touched.
    let home = target.join("home");
    if home.exists() {
        std::fs::remove_dir_all(&home)?;
    }
    std::fs::create_dir_all(&home)?;
    let run = Run::new(&session.project.root.join("tests/desktop"), "dbus-run-session", &["--", "sh", "-c", UNLOCKED]);
    let run = run.envs(&tools.environment(&session.project));
    let folders = ["HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"].map(|name| (name, home.display().to_string()));
    let run = folders.into_iter().fold(run, |run, (name, folder)| run.env(name, folder));
    run.env("VESTIBULE_DESKTOP", target.join("debug/examples")).loudly()
}

fn node_tests(session: &mut Session, name: &str) -> Result<()> {
    let tools = Tools::find(&session.project)?;
    let folder = session.project.root.join(name);
    for binary in ["vestibule", "vestibule-samples"] {
        if !session.project.release(binary).is_file() {
            bail!("the release binary {binary} is missing; run `cargo xtask test --only release`");
        }
    }
    if !session.project.example("verify-api").is_file() {
        bail!("the example verify-api is missing; run `cargo xtask test --only build`");
    }
    let mut environment = tools.environment(&session.project);
    environment.extend(session.postgres()?);
    let files = names(&folder)?;
    // Node passes when it finds no test at all; a folder without tests is a mistake.
    if !files.iter().any(|file| file.ends_with(".test.mjs")) {
        bail!("{name} holds no test (*.test.mjs)");
    }
    // Two at a time on any machine, and no test may hang the run.
    let arguments = ["--test", "--test-reporter=spec", "--test-concurrency=2", "--test-timeout=300000"];
    Run::new(&folder, &tools.node, &arguments).envs(&environment).loudly()?;
    if files.iter().any(|file| file.starts_with("test_") && file.ends_with(".py")) {
        Run::new(&folder, &tools.python, &["-m", "unittest", "discover", "-v"]).envs(&environment).loudly()?;
    }
    Ok(())
}

/// The files of a folder and of those directly below it, fetched packages apart.
fn names(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("{} is missing", folder.display()))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_dir() && name != "node_modules" {
            let below = std::fs::read_dir(entry.path())?.flatten();
            names.extend(below.map(|file| file.file_name().to_string_lossy().into_owned()));
        }
        names.push(name);
    }
    Ok(names)
}

/// An empty password makes and unlocks the collection.
const UNLOCKED: &str = "printf '\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null && \
    exec node --test --test-reporter=spec --test-timeout=120000";

const SEED: &str = "VESTIBULE_ORACLE_SEED";
