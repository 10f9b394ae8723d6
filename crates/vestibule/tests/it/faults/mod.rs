//! `kill -9` at random moments under load: what was answered is there afterwards, and no answered token is unknown.

mod load;
mod postgres;
mod unsynced;

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::program::{command, fresh};
use load::{Load, announced};
use postgres::Cluster;
use unsynced::Unsynced;

/// The process dies; what it had written, the kernel still has.
#[test]
fn fifty_kills_lose_nothing() {
    let directory = fresh("kills");
    fifty_times(&directory, &|| command(&directory), &|| {});
}

/// The machine dies: what was not synced is gone, too.
#[test]
fn fifty_power_failures_lose_nothing() {
    let directory = fresh("power-failures");
    let unsynced = Unsynced::under(&directory);
    let prepared = || {
        let mut command = command(&directory);
        unsynced.prepare(&mut command);
        command
    };
    let undone = std::cell::Cell::new(0);
    fifty_times(&directory, &prepared, &|| undone.set(undone.get() + unsynced.take_back()));
    assert!(undone.get() > 0, "no kill ever met an unsynced write: the shim does nothing");
}

/// The database's machine dies with the program: PostgreSQL comes back with what it had synced.
#[test]
fn a_postgres_that_is_stopped_at_once_loses_nothing() {
    let directory = fresh("postgres-stops");
    let cluster = Cluster::start();
    let file = format!("[database]\nurl = \"{}\"\n", cluster.url());
    std::fs::write(directory.join("vestibule.toml"), file).expect("a configuration");
    let stop = || {
        cluster.stop_at_once();
        cluster.again();
    };
    times(STOPS, &directory, &|| command(&directory), &stop);
}

fn fifty_times(directory: &Path, prepared: &dyn Fn() -> Command, after_kill: &dyn Fn()) {
    times(ROUNDS, directory, prepared, after_kill);
}

fn times(rounds: u32, directory: &Path, prepared: &dyn Fn() -> Command, after_kill: &dyn Fn()) {
    let (mut server, mut address) = start(prepared());
    let mut load = Load::begin(directory, &address);
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for round in 0..rounds {
        load.run(&address, || {
            std::thread::sleep(Duration::from_millis(20 + random.below(130)));
            // SIGKILL, and nothing else: `Child::kill` on Unix.
            server.kill().expect("it runs");
            server.wait().expect("it ends");
        });
        after_kill();
        integrity(directory, round);
        (server, address) = start(prepared());
        load.check(&address, round);
    }
    let _ = server.kill();
    let _ = server.wait();
    assert!(load.answered() > u64::from(rounds) * 10, "only {} answers came: no load to speak of", load.answered());
}

fn start(mut command: Command) -> (Child, String) {
    let mut child = command
        // One issuer for all its lives, whatever the port.
        .args(["serve", "--listen", "127.0.0.1:0", "--public-url", "http://localhost:9"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary starts");
    let address = announced(child.stdout.take().expect("piped"));
    (child, address)
}

/// The house's own check, the database's integrity included, over what was left.
fn integrity(directory: &Path, round: u32) {
    let done = crate::program::run(directory, &["doctor", "--json"]);
    let text = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "round {round}: {text}{}", String::from_utf8_lossy(&done.stderr));
}

/// xorshift64: enough to choose moments, and the same ones on every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

const ROUNDS: u32 = 50;
/// Each takes PostgreSQL a recovery.
const STOPS: u32 = 20;
