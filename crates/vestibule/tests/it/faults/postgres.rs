//! A PostgreSQL of the test's own, with everything synced, to be stopped at once.

#![allow(clippy::disallowed_methods, reason = "the test command says by the environment where PostgreSQL is")]

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// A cluster in a temporary directory; it ends with the value.
pub(super) struct Cluster {
    binaries: PathBuf,
    user: Option<String>,
    folder: PathBuf,
    port: u16,
}

impl Cluster {
    /// Makes it and starts it, as whoever `cargo xtask test` says (initdb refuses root).
    pub(super) fn start() -> Self {
        let variable = |name: &str| std::env::var(name).ok();
        let binaries = variable("VESTIBULE_TEST_POSTGRES_BIN").expect("run `cargo xtask test`, which names PostgreSQL");
        let folder = std::env::temp_dir().join(format!("vestibule-faults-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("a directory");
        let user = variable("VESTIBULE_TEST_POSTGRES_USER");
        if let Some(user) = &user {
            let given = Command::new("chown").arg(user).arg(&folder).status().expect("chown runs");
            assert!(given.success(), "the cluster cannot be given to {user}");
        }
        let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port();
        let cluster = Self { binaries: binaries.into(), user, folder, port };
        cluster.run("initdb", &["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"]);
        cluster.again();
        cluster
    }

    /// Where it is.
    pub(super) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Stops it without a last checkpoint: what was not synced by then, recovery does not find.
    pub(super) fn stop_at_once(&self) {
        self.run("pg_ctl", &["stop", "-m", "immediate", "-w"]);
    }

    /// Starts it; it recovers first.
    pub(super) fn again(&self) {
        let (port, folder) = (self.port, self.folder.display());
        let options = format!("-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder}");
        let log = self.folder.join("log");
        self.run("pg_ctl", &["start", "-w", "-l", &log.to_string_lossy(), "-o", &options]);
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        assert!(self.attempt(program, arguments), "{arguments:?}: {}", self.log());
    }

    fn attempt(&self, program: &str, arguments: &[&str]) -> bool {
        let program = self.binaries.join(program);
        let mut command = match &self.user {
            Some(user) => {
                let mut command = Command::new("setpriv");
                let [uid, gid] = ["-u", "-g"].map(|which| id(user, which));
                command.arg(format!("--reuid={uid}")).arg(format!("--regid={gid}")).args(["--clear-groups", "--"]);
                command.arg(program);
                command
            }
            None => Command::new(program),
        };
        let data = self.folder.join("data");
        command.args(arguments).arg("-D").arg(data).current_dir(&self.folder).env("HOME", &self.folder);
        // The server must not hold a pipe of the test's.
        command.stdout(Stdio::null()).stderr(Stdio::null()).status().expect("it runs").success()
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = self.attempt("pg_ctl", &["stop", "-m", "immediate", "-w"]);
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn id(user: &str, which: &str) -> String {
    let output = Command::new("id").args([which, user]).output().expect("id runs");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}
