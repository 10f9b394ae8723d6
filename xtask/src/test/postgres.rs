//! A PostgreSQL of the test run's own: a fresh cluster in a temporary directory, on a free port of the loopback
//! interface, stopped and removed at the end, whether or not another server runs on the machine.

use super::debian::is_root;
use crate::command::{Run, which};
use anyhow::{Context as _, Result, bail};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::time::{Duration, Instant};

/// A running server.
pub(crate) struct Postgres {
    user: Option<String>,
    folder: PathBuf,
    binaries: PathBuf,
    port: u16,
    server: Option<Child>,
}

impl Postgres {
    /// Makes a cluster and starts its server.
    pub(crate) fn start() -> Result<Postgres> {
        let binaries = Postgres::binaries()?;
        // initdb refuses root, so root lends the cluster to an ordinary user.
        let user = if is_root() { Some(ordinary_user()?) } else { None };
        remove_abandoned();
        let folder = std::env::temp_dir().join(format!("{FOLDER}{}", std::process::id()));
        let mut postgres = Postgres { user, folder, binaries, port: 0, server: None };
        std::fs::create_dir(&postgres.folder)
            .with_context(|| format!("cannot create {}", postgres.folder.display()))?;
        if let Some(user) = &postgres.user {
            let uid = id(user, "-u")?;
            let gid = id(user, "-g")?;
            std::os::unix::fs::chown(&postgres.folder, Some(uid), Some(gid)).context("cannot give the cluster away")?;
        }
        let data = postgres.data();
        let initdb = ["-D", &data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"];
        postgres.run("initdb", &initdb)?.output()?;
        for attempt in 1..=3 {
            match postgres.serve() {
                Ok(()) => break,
                Err(error) if attempt == 3 => return Err(error),
                // Somebody took the port between its choice and its use.
                Err(_) => continue,
            }
        }
        println!("PostgreSQL listens on port {}", postgres.port);
        Ok(postgres)
    }

    /// The variables under which tests find the server, its programs and the user they must run as.
    pub(crate) fn environment(&self) -> Vec<(String, String)> {
        let mut named = vec![
            ("VESTIBULE_TEST_POSTGRES".to_owned(), format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)),
            ("VESTIBULE_TEST_POSTGRES_BIN".to_owned(), self.binaries.to_string_lossy().into_owned()),
        ];
        named.extend(self.user.clone().map(|user| ("VESTIBULE_TEST_POSTGRES_USER".to_owned(), user)));
        named
    }

    /// The folder with initdb and postgres; Debian keeps it off the `PATH`. The newest wins.
    pub(crate) fn binaries() -> Result<PathBuf> {
        let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
        let mut folders: Vec<(u32, PathBuf)> = versions
            .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
            .filter(|(_, folder)| folder.join("initdb").is_file() && folder.join("postgres").is_file())
            .collect();
        folders.sort();
        let on_path = || which(&["initdb"]).and_then(|file| Some(file.parent()?.to_owned()));
        folders.pop().map(|(_, folder)| folder).or_else(on_path).context("PostgreSQL's initdb is missing")
    }

    fn serve(&mut self) -> Result<()> {
        self.port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let data = self.data();
        let socket = format!("unix_socket_directories={}", self.folder.display());
        let port = format!("port={}", self.port);
        let mut arguments = vec!["-D", &data, "-c", &port, "-c", &socket];
        for setting in SETTINGS {
            arguments.extend(["-c", setting]);
        }
        let log = std::fs::File::create(self.log()).context("cannot create the server's log")?;
        let mut command = self.run("postgres", &arguments)?.into_command();
        self.server = Some(command.stdout(log.try_clone()?).stderr(log).spawn().context("cannot start postgres")?);
        self.wait()
    }

    fn wait(&mut self) -> Result<()> {
        let begun = Instant::now();
        let port = self.port.to_string();
        while begun.elapsed() < PATIENCE {
            let ended = self.server.as_mut().map(Child::try_wait).transpose()?.flatten();
            if let Some(status) = ended {
                self.server = None;
                let said = std::fs::read_to_string(self.log()).unwrap_or_default();
                bail!("PostgreSQL ended with {status}: {}", said.trim());
            }
            let ready = ["-q", "-h", "127.0.0.1", "-p", &port, "-U", "postgres"];
            if Run::new(&self.folder, self.binaries.join("pg_isready"), &ready).succeeds() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        bail!("PostgreSQL did not answer within {} seconds", PATIENCE.as_secs());
    }

    /// One of PostgreSQL's programs, as the cluster's owner.
    fn run(&self, program: &str, arguments: &[&str]) -> Result<Run> {
        let program = self.binaries.join(program);
        let Some(user) = &self.user else { return Ok(Run::new(&self.folder, program, arguments)) };
        let setpriv = which(&["setpriv"]).context("setpriv (package util-linux) is missing")?;
        let uid = format!("--reuid={}", id(user, "-u")?);
        let gid = format!("--regid={}", id(user, "-g")?);
        let program = program.to_string_lossy();
        // The server goes when this command goes, however it goes.
        let before = [uid.as_str(), gid.as_str(), "--clear-groups", "--pdeathsig=INT", "--", &program];
        Ok(Run::new(&self.folder, setpriv, &[&before[..], arguments].concat()).env("HOME", &self.folder))
    }

    fn data(&self) -> String {
        self.folder.join("data").to_string_lossy().into_owned()
    }

    fn log(&self) -> PathBuf {
        self.folder.join("log")
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Some(mut server) = self.server.take() {
            let data = self.data();
            let stopped = self.run("pg_ctl", &["stop", "-D", &data, "-m", "fast", "-t", "20"]).is_ok_and(Run::succeeds);
            if !stopped {
                let _ = server.kill();
            }
            let _ = server.wait();
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A run that was killed could not remove its cluster; the server went with it, the folder did not.
fn remove_abandoned() {
    for entry in std::fs::read_dir(std::env::temp_dir()).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let process = name.to_str().and_then(|name| name.strip_prefix(FOLDER)).and_then(|id| id.parse::<u32>().ok());
        let alive = |process: u32| Path::new("/proc").join(process.to_string()).exists();
        if process.is_some_and(|process| Path::new("/proc/self").exists() && !alive(process)) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

fn ordinary_user() -> Result<String> {
    let known = ["postgres", "nobody"].into_iter().find(|user| id(user, "-u").is_ok());
    known.map(str::to_owned).context("neither the user postgres nor nobody exists, and initdb refuses root")
}

fn id(user: &str, which: &str) -> Result<u32> {
    let text = Run::new(Path::new("/"), "id", &[which, user]).output()?;
    text.trim().parse().with_context(|| format!("`id {which} {user}` answered «{}»", text.trim()))
}

const FOLDER: &str = "vestibule-postgres-";

const PATIENCE: Duration = Duration::from_secs(30);

/// The cluster is thrown away, so nothing is synced to disk; what is answered is still written, so that a server
/// stopped at once (but not a machine) loses nothing.
const SETTINGS: &[&str] = &[
    "listen_addresses=127.0.0.1",
    "fsync=off",
    "full_page_writes=off",
    "max_connections=500",
    "shared_buffers=128MB",
    "max_locks_per_transaction=512",
    "max_wal_size=1GB",
];
