//! `doctor`: what is right, and each thing that can be wrong.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::Value;

use crate::program::{command, done, fresh, run};

#[test]
fn a_healthy_house_has_no_fault() {
    let directory = house("doctor-good");
    let text = done(&directory, &["doctor"]);
    assert!(text.lines().all(|line| line.starts_with("✓ ")), "{text}");
    for what in [
        "configuration",
        "public_url",
        "clock",
        "data directory",
        "master key",
        "database",
        "schema",
        "signing keys: ES256, RS256",
        "sealed keys",
    ] {
        assert!(text.contains(&format!("✓ {what}")), "{what}\n{text}");
    }
}

#[test]
fn each_fault_is_found_with_what_to_do_and_status_1() {
    let directory = house("doctor-faults");
    let data = directory.join("vestibule-data");
    let chmod =
        |path: &Path, mode| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("chmod");

    chmod(&data, 0o755);
    assert_eq!(faults(&directory, &[]), ["data directory"]);
    chmod(&data, 0o700);

    let key = data.join("master.key");
    chmod(&key, 0o640);
    assert_eq!(faults(&directory, &[]), ["master key"]);
    chmod(&key, 0o600);
    std::fs::rename(&key, data.join("away")).expect("renamed");
    assert_eq!(faults(&directory, &[]), ["master key"]);
    assert!(!key.exists(), "doctor makes nothing");
    std::fs::rename(data.join("away"), &key).expect("renamed");
    assert_eq!(faults(&directory, &[("VESTIBULE_MASTER_KEY", &"A".repeat(43))]), ["sealed keys"]);
    assert_eq!(faults(&directory, &[("VESTIBULE_LISTEN", "nowhere")]), ["configuration"]);
    assert_eq!(faults(&directory, &[("VESTIBULE_DATA_DIR", "none")]), ["data directory"]);
    assert_eq!(faults(&directory, &[("VESTIBULE_DATABASE_URL", "sqlite:new.db")]), ["schema"]);
    assert_eq!(faults(&directory, &[("VESTIBULE_DATABASE_URL", "postgres://x@127.0.0.1:1/x")]), ["database"]);

    std::fs::write(data.join("broken.db"), "this is no database, whatever its name says".repeat(100)).expect("written");
    chmod(&data.join("broken.db"), 0o600);
    assert_eq!(faults(&directory, &[("VESTIBULE_DATABASE_URL", "sqlite:broken.db")]), ["database"]);
    assert_eq!(faults(&directory, &[]), [""; 0]);
}

/// The names of what was found wrong. Each says what to do, and the status is 1 where there is one.
fn faults(directory: &Path, variables: &[(&str, &str)]) -> Vec<String> {
    let output =
        command(directory).args(["doctor", "--json"]).envs(variables.iter().copied()).output().expect("it runs");
    let findings: Vec<Value> = serde_json::from_slice(&output.stdout).expect("JSON");
    let faults: Vec<_> = findings.iter().filter(|finding| finding["good"] == false).collect();
    assert_eq!(output.status.code(), Some(i32::from(!faults.is_empty())), "{faults:?}");
    assert!(faults.iter().all(|fault| fault["do"].is_string()), "{faults:?}");
    faults.iter().map(|fault| fault["check"].as_str().unwrap_or_default().to_owned()).collect()
}

fn house(name: &str) -> std::path::PathBuf {
    let directory = fresh(name);
    assert_eq!(run(&directory, &["migrate"]).status.code(), Some(0));
    directory
}
