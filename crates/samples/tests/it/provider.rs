//! A provider of one's own: `vestibule serve` in a temporary directory, ended with the value.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::time::Duration;

pub(crate) struct Provider {
    child: Child,
    binary: PathBuf,
    folder: PathBuf,
    pub(crate) address: String,
}

impl Provider {
    pub(crate) fn start() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("vestibule-rust-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("vestibule.toml"), "listen = \"127.0.0.1:0\"\ndata_dir = \"data\"\n").unwrap();
        let binary = binary();
        let log = std::fs::File::create(folder.join("log")).unwrap();
        let mut child = command(&binary, &folder)
            .arg("serve")
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("vestibule starts");
        let address = address_of(&mut child);
        let provider = Self { child, binary, folder, address: address.clone().unwrap_or_default() };
        let log = || std::fs::read_to_string(provider.folder.join("log")).unwrap_or_default();
        assert!(address.is_some(), "vestibule serve was not ready within 20 s\n{}", log());
        provider
    }

    pub(crate) fn add_user(&self, email: &str, password: &str) {
        self.cli(&["user", "add", email, "--name", "Ada Lovelace", "--password-stdin", "--verified"], password);
    }

    /// Gives back the registration in the names of RFC 7591.
    pub(crate) fn add_client(&self, arguments: &[&str]) -> serde_json::Value {
        let all = [&["client", "add", "Rust", "--trusted", "--json"], arguments].concat();
        serde_json::from_str(&self.cli(&all, "")).expect("client add --json prints JSON")
    }

    fn cli(&self, arguments: &[&str], input: &str) -> String {
        let pipes = |command: &mut Command| {
            command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()
        };
        let mut child = pipes(&mut command(&self.binary, &self.folder)).unwrap();
        writeln!(child.stdin.take().unwrap(), "{input}").unwrap();
        let done = child.wait_with_output().unwrap();
        assert!(done.status.success(), "vestibule {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// `VESTIBULE_BIN`, or what a plain `cargo build` left beside this test.
fn binary() -> PathBuf {
    if let Some(path) = std::env::var_os("VESTIBULE_BIN") {
        return std::path::absolute(path).unwrap();
    }
    let beside = Path::new(env!("CARGO_BIN_EXE_vestibule-samples")).with_file_name("vestibule");
    assert!(beside.is_file(), "there is no vestibule to test; set VESTIBULE_BIN or run `cargo xtask test`");
    beside
}

fn command(binary: &Path, folder: &Path) -> Command {
    let mut command = Command::new(binary);
    let path = std::env::var_os("PATH").unwrap_or_default();
    command.current_dir(folder).env_clear().env("PATH", path).env("HOME", folder);
    command.env("VESTIBULE_CONFIG", folder.join("vestibule.toml"));
    command
}

fn address_of(child: &mut Child) -> Option<String> {
    let mut lines = BufReader::new(child.stdout.take()?);
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || {
        let mut line = String::new();
        while lines.read_line(&mut line).is_ok_and(|read| read > 0) {
            if let Some(address) = line.trim().strip_prefix("listening on ") {
                let _ = send.send(address.to_owned());
                break;
            }
            line.clear();
        }
        // Whatever else is printed must not fill the pipe.
        let _ = lines.read_to_end(&mut Vec::new());
    });
    receive.recv_timeout(Duration::from_secs(20)).ok()
}
