//! A message of any length is signed in constant memory.

use std::io::Write;
use std::process::Stdio;

use crate::program::{command, fresh};

#[test]
fn a_long_message_is_not_held() {
    let directory = fresh("hmac-memory");
    let peak = |mebibytes: usize, arguments: &[&str]| {
        let mut signing = command(&directory);
        let mut child =
            signing.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it starts");
        let mut input = child.stdin.take().expect("piped");
        let piece = vec![b'x'; 1 << 20];
        for _ in 0..mebibytes {
            input.write_all(&piece).expect("it reads");
        }
        // All but the last pipe's worth has been read; the process still waits for the end.
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).expect("its status");
        drop(input);
        child.wait_with_output().expect("it ends");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("the peak");
        line.trim().trim_end_matches(" kB").parse::<usize>().expect("a number")
    };
    for arguments in [
        &["hmac", "sign", "--key", "k"][..],
        &["hmac", "sign", "--key", "k", "--file", "/dev/stdin"],
        &["hmac", "verify", "--key", "k", "--signature", "00112233445566778899"],
        &["jws", "sign", "--secret", SECRET, "--detached"],
        &["jws", "sign", "--secret", SECRET, "--detached", "--unencoded"],
        &["jws", "verify", DETACHED, "--secret", SECRET, "--payload-file", "-"],
    ] {
        let (short, long) = (peak(8, arguments), peak(192, arguments));
        assert!(long < short + 4096 && long < 64 << 10, "{arguments:?}: {short} kB for 8 MiB, {long} kB for 192 MiB");
    }
}

const SECRET: &str = "an example of a secret, of 32 bytes";
/// Of no message that is sent here; that is found out at its end.
const DETACHED: &str = "eyJhbGciOiJIUzI1NiJ9..AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
