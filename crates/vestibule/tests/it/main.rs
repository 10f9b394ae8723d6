//! The binary as others meet it: started, asked over TCP, stopped by a signal.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};

struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(data_dir: &PathBuf) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_vestibule"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
            .arg(data_dir)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
        let address = line.trim().strip_prefix("listening on http://").expect("the announcement").to_owned();
        Self { child, address }
    }

    fn ask(&self, head: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        // The server may answer and close before it has read all of a head that is too large.
        let _ = stream.write_all(head.as_bytes());
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn get(&self, path: &str) -> String {
        self.ask(&format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
    }

    fn terminate(mut self) -> ExitStatus {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().expect("kill runs").success());
        self.child.wait().expect("it ends")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn fresh(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&path);
    path
}

#[test]
fn health_readiness_and_what_is_not_built_yet() {
    let server = Server::start(&fresh("health"));
    for (path, status) in [("/healthz", "200"), ("/readyz", "200"), ("/nowhere", "404"), ("/assets/none", "404")] {
        let answer = server.get(path);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{path}: {answer}");
        assert!(answer.contains("\r\nvestibule-trace: "), "{path}: {answer}");
    }
}

/// DESIGN §6: a request head of more than 32 KiB is answered with 431 (RFC 6585 §5).
#[test]
fn a_head_that_is_too_large_is_431() {
    let server = Server::start(&fresh("head"));
    let long = "a".repeat(40 * 1024);
    let answer = server.ask(&format!("GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: {long}\r\n\r\n"));
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    let fits = "a".repeat(16 * 1024);
    let answer =
        server.ask(&format!("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Long: {fits}\r\n\r\n"));
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
}

#[test]
fn sigterm_ends_it_with_0_and_it_starts_again_on_the_same_data() {
    let data = fresh("again");
    for _ in 0..2 {
        let server = Server::start(&data);
        assert!(server.get("/readyz").starts_with("HTTP/1.1 200 "));
        assert_eq!(server.terminate().code(), Some(0));
    }
}

#[test]
fn an_impossible_database_is_said_in_one_line_with_status_2() {
    let output = Command::new(env!("CARGO_BIN_EXE_vestibule"))
        .args(["serve", "--listen", "127.0.0.1:0", "--database", "mysql://x", "--data-dir"])
        .arg(fresh("database"))
        .output()
        .expect("the binary runs");
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.starts_with("vestibule: ") && text.trim_end().lines().count() == 1, "{text}");
}
