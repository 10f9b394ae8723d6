//! What the system's package manager brings: on Debian it is installed by name, elsewhere named.

use super::kotlin;
use super::postgres::Postgres;
use crate::command::{Run, which};
use anyhow::{Result, bail};
use std::path::Path;

/// The names under which a Chromium is known.
pub(crate) const CHROMIUM: &[&str] = &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Something the tests need: what it is for, Debian's names for it, and whether it is there.
type Need = (&'static str, &'static [&'static str], fn() -> bool);

const NEEDS: &[Need] = &[
    ("a C compiler", &["gcc", "libc6-dev"], || which(&["cc", "gcc", "clang"]).is_some()),
    ("Chromium, for the browser walk", &["chromium"], || which(CHROMIUM).is_some()),
    ("PostgreSQL, for the store's tests", &["postgresql"], || Postgres::binaries().is_ok()),
    ("curl, for the commands that the documents show", &["curl"], || which(&["curl"]).is_some()),
    ("nginx, for the tests behind a proxy", &["nginx-light"], || which(&["nginx"]).is_some()),
    ("Caddy, for the same tests", &["caddy"], || which(&["caddy"]).is_some()),
    ("a Secret Service, for the sample apps of the desktop", &["dbus", "gnome-keyring"], || {
        which(&["dbus-run-session"]).is_some() && which(&["gnome-keyring-daemon"]).is_some()
    }),
    ("JNA, for the Kotlin of the app's core", &["libjna-java"], kotlin::has_jna),
    ("npm, for the client libraries", &["npm"], || which(&["npm"]).is_some()),
    ("Python 3 with venv, for the client libraries", &["python3", "python3-venv"], has_venv),
];

/// Installs what is missing, or says what to install.
pub(crate) fn install_missing() -> Result<()> {
    let missing: Vec<&Need> = NEEDS.iter().filter(|(.., there)| !there()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = missing.iter().flat_map(|(_, packages, _)| packages.iter().copied()).collect();
    if which(&["apt-get"]).is_none() || !is_root() {
        let wanted: Vec<&str> = missing.iter().map(|(what, ..)| *what).collect();
        bail!(
            "this machine lacks {}. Install them and try again; on Debian, as root: apt-get install {}",
            wanted.join("; "),
            packages.join(" ")
        );
    }
    println!("setup: installing {}", packages.join(", "));
    apt_get(&packages)?;
    if let Some((what, ..)) = NEEDS.iter().find(|(.., there)| !there()) {
        bail!("still missing after its installation: {what}");
    }
    Ok(())
}

/// Installs packages by name.
pub(crate) fn apt_get(packages: &[&str]) -> Result<()> {
    let apt_get =
        |arguments: &[&str]| Run::new(Path::new("/"), "apt-get", arguments).env("DEBIAN_FRONTEND", "noninteractive");
    apt_get(&["update", "-q"]).loudly()?;
    let install = ["install", "-q", "-y", "--no-install-recommends"];
    apt_get(&[&install[..], packages].concat()).loudly()
}

/// Whether this process may do anything.
pub(crate) fn is_root() -> bool {
    Run::new(Path::new("/"), "id", &["-u"]).output().is_ok_and(|id| id.trim() == "0")
}

fn has_venv() -> bool {
    Run::new(Path::new("/"), "python3", &["-c", "import ensurepip, venv"]).succeeds()
}
