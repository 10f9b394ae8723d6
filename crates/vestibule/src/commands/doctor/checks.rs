//! What is looked at, in the order in which one thing rests on another.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use idp::checkup::{Checkup, checkup};
use idp::clock::Clock;
use idp::seal::MasterKey;
use oidc::Time;
use web::look::date;

use super::Finding;
use crate::clock::SystemClock;
use crate::commands::runtime;
use crate::config::{self, Settings};
use crate::{house, master_key};

/// Everything; what rests on something missing is left out.
pub(super) fn all(file: Option<&Path>) -> anyhow::Result<Vec<Finding>> {
    let settings = match config::load(file, &[]) {
        Ok(settings) => settings,
        Err(fault) => return Ok(vec![Finding::refusal(CONFIGURATION, &fault.into())]),
    };
    let mut findings = vec![Finding::good(CONFIGURATION, "good"), public_url(&settings), clock(&settings)];
    let data_dir = house::data_dir(&settings);
    findings.push(directory(&data_dir));
    if !data_dir.is_dir() {
        return Ok(findings);
    }
    let key = match master_key::find(&house::key_file(&settings)) {
        Ok(Some(key)) => {
            findings.push(Finding::good(MASTER_KEY, "there, and nobody else's"));
            Some(key)
        }
        Ok(None) => {
            let cure = "restore it from a backup; where nothing was ever sealed, `vestibule serve` makes one";
            findings.push(Finding::fault(MASTER_KEY, "there is none", cure));
            None
        }
        Err(error) => {
            findings.push(Finding::refusal(MASTER_KEY, &error.into()));
            None
        }
    };
    findings.extend(runtime()?.block_on(database(&settings, &data_dir, key.as_ref())));
    Ok(findings)
}

fn public_url(settings: &Settings) -> Finding {
    match settings.get("public_url") {
        Some(url) if url.starts_with("https:") => {
            Finding::good(PUBLIC_URL, format!("{url} (whether it can be reached was not asked over the network)"))
        }
        Some(url) => Finding::good(PUBLIC_URL, format!("{url} (http: for this machine alone)")),
        None => Finding::good(PUBLIC_URL, "unset: follows the listener; set it before apps elsewhere use it"),
    }
}

/// A clock that stands before this program was written, or before its own files were, makes every token wrong.
fn clock(settings: &Settings) -> Finding {
    let now = SystemClock.now();
    let shown = date::machine(now.seconds());
    let written = std::fs::metadata(house::data_dir(settings)).and_then(|data| data.modified()).ok();
    let written = written.and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
    let written = written.map_or(BUILT, |at| Time::from_seconds(at.as_secs().try_into().unwrap_or(i64::MAX)));
    match now.plus(LEEWAY) < written.max(BUILT) {
        true => Finding::fault("clock", format!("{shown} is in the past"), "set the clock, and keep it right with NTP"),
        false => Finding::good("clock", shown),
    }
}

fn directory(path: &Path) -> Finding {
    let shown = path.display();
    match std::fs::metadata(path) {
        Err(error) => Finding::fault(
            DIRECTORY,
            format!("{shown} cannot be read ({error})"),
            "start `vestibule init` or `vestibule serve`, or correct data_dir",
        ),
        Ok(data) if !data.is_dir() => {
            Finding::fault(DIRECTORY, format!("{shown} is no directory"), "choose another data_dir")
        }
        Ok(data) => match data.permissions().mode() & 0o777 {
            mode if mode & 0o077 != 0 => Finding::fault(
                DIRECTORY,
                format!("{shown} is open to others (mode {mode:03o})"),
                format!("run chmod 700 {shown}"),
            ),
            _ => Finding::good(DIRECTORY, format!("{shown}, nobody else's")),
        },
    }
}

async fn database(settings: &Settings, data_dir: &Path, key: Option<&MasterKey>) -> Vec<Finding> {
    let url = house::required(settings, "database.url");
    match checkup(url, data_dir, key, SystemClock.now()).await {
        Err(fault) => {
            let cure = "start the database, or correct database.url";
            vec![Finding::fault("database", fault.to_string(), cure)]
        }
        Ok(found) => judged(found),
    }
}

fn judged(found: Checkup) -> Vec<Finding> {
    let mut findings = vec![match found.damage.first() {
        None => Finding::good("database", "sound"),
        Some(first) => Finding::fault(
            "database",
            format!("damaged in {} places, first: {first}", found.damage.len()),
            "stop serve and restore a backup",
        ),
    }];
    findings.push(match found.schema_is_current {
        true => Finding::good("schema", "this program's"),
        false => Finding::fault("schema", "not this program's", "start `vestibule serve` or `vestibule migrate` once"),
    });
    findings.extend(found.signing.map(|algs| {
        let missing: Vec<_> = ALWAYS.iter().filter(|alg| !algs.iter().any(|have| have == **alg)).copied().collect();
        match missing.is_empty() {
            true => Finding::good("signing keys", algs.join(", ")),
            false => {
                let seen = format!("none signs {}", missing.join(" and "));
                Finding::fault("signing keys", seen, "start `vestibule serve`, which makes what is missing")
            }
        }
    }));
    findings.extend(found.master_key_opens.map(|opens| match opens {
        true => Finding::good("sealed keys", "the master key opens them"),
        false => Finding::fault(
            "sealed keys",
            "the master key does not open them",
            "restore the master key that belongs to this database",
        ),
    }));
    findings
}

/// Both are always there.
const ALWAYS: [&str; 2] = ["ES256", "RS256"];
const CONFIGURATION: &str = "configuration";
const PUBLIC_URL: &str = "public_url";
const DIRECTORY: &str = "data directory";
const MASTER_KEY: &str = "master key";
/// 2026-01-01T00:00:00Z
const BUILT: Time = Time::from_seconds(1_767_225_600);
const LEEWAY: Duration = Duration::from_secs(60);
