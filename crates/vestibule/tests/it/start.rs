//! Start and stop.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::program::{Server, command, fresh, refused, run};

#[test]
fn health_readiness_and_what_is_not_built_yet() {
    let server = Server::start(&fresh("health"));
    for (path, status) in [("/healthz", "200"), ("/readyz", "200"), ("/nowhere", "404"), ("/assets/none", "404")] {
        let answer = server.get(path);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{path}: {answer}");
        assert!(answer.contains("\r\nvestibule-trace: "), "{path}: {answer}");
    }
}

#[test]
fn what_is_missing_is_made_and_private() {
    let directory = fresh("private");
    let server = Server::start(&directory);
    let mode = |path: &str| std::fs::metadata(directory.join(path)).expect(path).permissions().mode() & 0o777;
    assert_eq!(mode("vestibule-data"), 0o700);
    assert_eq!(mode("vestibule-data/master.key"), 0o600);
    assert_eq!(mode("vestibule-data/vestibule.db"), 0o600);
    drop(server);
}

#[test]
fn sigterm_ends_it_with_0_and_it_starts_again_on_the_same_data() {
    let directory = fresh("again");
    let key = || std::fs::read(directory.join("vestibule-data/master.key")).expect("the key");
    let mut keys = Vec::new();
    for _ in 0..2 {
        let server = Server::start(&directory);
        assert!(server.get("/readyz").starts_with("HTTP/1.1 200 "));
        // One that says nothing must not hold up the end.
        let _silent = server.connect();
        assert_eq!(server.terminate().code(), Some(0));
        keys.push(key());
    }
    assert_eq!(keys[0], keys[1], "an existing master key stays");
}

#[test]
fn a_master_key_that_others_can_read_or_that_is_damaged_is_refused() {
    let directory = fresh("master-key");
    drop(Server::start(&directory));
    let path = directory.join("vestibule-data/master.key");
    let chmod = |mode| std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("chmod");
    chmod(0o644);
    assert!(serve_refused(&directory).contains("chmod 600"));
    chmod(0o600);
    std::fs::write(&path, "short").expect("written");
    assert!(serve_refused(&directory).contains("master.key does not hold 32 bytes"));
}

#[test]
fn a_master_key_from_the_environment_needs_no_file() {
    let directory = fresh("master-key-variable");
    let mut with_key = command(&directory);
    with_key.env("VESTIBULE_MASTER_KEY", "A".repeat(43));
    drop(Server::start_with(with_key));
    assert!(!directory.join("vestibule-data/master.key").exists());
    let mut wrong = command(&directory);
    wrong.env("VESTIBULE_MASTER_KEY", "A".repeat(42)).args(["serve", "--listen", "127.0.0.1:0"]);
    let message = refused(&mut wrong);
    assert!(message.starts_with("VESTIBULE_MASTER_KEY is not") && !message.contains("AAA"), "{message}");
}

#[test]
fn a_database_under_another_master_key_or_out_of_reach_is_refused() {
    let directory = fresh("master-key-other");
    drop(Server::start(&directory));
    for (variable, value) in [
        ("VESTIBULE_MASTER_KEY", "A".repeat(43)),
        ("VESTIBULE_DATABASE_URL", "postgres://ada:hunter2@127.0.0.1:1/x".to_owned()),
    ] {
        for arguments in [&["serve", "--listen", "127.0.0.1:0"][..], &["user", "list"]] {
            let message = refused(command(&directory).env(variable, &value).args(arguments));
            assert!(message.ends_with("; `vestibule doctor` looks for the cause"), "{message}");
            assert!(!message.contains("hunter2") && !message.contains("AAA"), "{message}");
        }
    }
}

#[test]
fn a_wrong_command_line_is_said_in_one_line() {
    let directory = fresh("command-line");
    let message = refused(command(&directory).args(["serve", "--lisen", "x"]));
    assert!(message.contains("--lisen") && message.ends_with("see vestibule --help"), "{message}");
    refused(command(&directory).arg("no-such-command"));
    refused(&mut command(&directory));
    assert_eq!(run(&directory, &["serve", "--help"]).status.code(), Some(0));
}

fn serve_refused(directory: &Path) -> String {
    refused(command(directory).args(["serve", "--listen", "127.0.0.1:0"]))
}
