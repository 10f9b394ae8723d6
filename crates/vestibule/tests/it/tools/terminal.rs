//! What a terminal sees, and what happens where nobody looks any more.

use std::process::{Command, Stdio};

use crate::program::{command, fresh};

/// `script` runs a command on a terminal of its own.
#[test]
#[allow(clippy::disallowed_methods, reason = "the shell finds the machine's own tools where everybody does")]
fn colours_are_on_a_terminal_alone() {
    let directory = fresh("terminal-colours");
    let path = std::env::var("PATH").unwrap_or_default();
    let verify = format!("{} hmac verify --key k --message m --signature 00", env!("CARGO_BIN_EXE_vestibule"));
    let on_a_terminal = |variables: &[(&str, &str)]| {
        let mut script = Command::new("script");
        script.env_clear().env("PATH", &path).env("TERM", "xterm").envs(variables.iter().copied());
        let output = script.args(["-qec", &verify, "/dev/null"]).current_dir(&directory).stdin(Stdio::null()).output();
        let output = output.expect("script runs");
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let (status, said) = on_a_terminal(&[]);
    assert!(status == Some(1) && said.contains("\u{1b}[31mfault\u{1b}[0m: the signature does not match"), "{said:?}");
    for quiet in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        let (status, said) = on_a_terminal(&[quiet]);
        assert!(status == Some(1) && said.contains("fault: the signature") && !said.contains('\u{1b}'), "{said:?}");
    }
    let piped = command(&directory).args(verify.split(' ').skip(1)).output().expect("it runs");
    assert!(!String::from_utf8_lossy(&piped.stdout).contains('\u{1b}'));
}

/// `vestibule … | head -1`: the verdict stands, and no error is made of it.
#[test]
fn whoever_stops_reading_is_no_error() {
    let directory = fresh("terminal-pipe");
    for (arguments, status) in [
        (&["jwk", "generate", "--kty", "EC"][..], 0),
        (&["hmac", "verify", "--key", "k", "--message", "m", "--signature", "00"], 1),
        (&["hmac", "verify", "--key", "k", "--message", "m", "--signature", "00", "--json"], 1),
        (&["man"], 0),
        (&["completions", "bash"], 0),
        (&["config", "schema"], 0),
    ] {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let output = command(&directory).args(arguments).stdout(writer).stderr(Stdio::piped()).spawn();
        let output = output.and_then(std::process::Child::wait_with_output).expect("it ends");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!((output.status.code(), said.as_str()), (Some(status), ""), "{arguments:?}");
    }
}
