//! Sign-ins with a password, as many as the pool takes, and who else is still answered meanwhile.

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Result, ensure};
use tokio::task::LocalSet;
use tokio::time::{Instant, sleep, sleep_until};

use super::PERSON;
use crate::bench::Bench;
use crate::browser::Browser;
use crate::http::{Connection, get};
use crate::limits::argon2id_together;
use crate::provider::Client;
use crate::report::{Bar, Row};

/// What was seen while it was measured.
#[derive(Default)]
struct Seen {
    measuring: Cell<bool>,
    over: Cell<bool>,
    sign_ins: Cell<u64>,
    requests: Cell<u64>,
    /// Of the key set, in milliseconds.
    latencies: RefCell<Vec<f64>>,
}

pub(super) fn run(bench: &mut Bench<'_>) -> Result<()> {
    let duration = bench.options.duration() * 2;
    let (mut argon2, mut cpu, mut pool, mut seconds) = (Duration::ZERO, Duration::ZERO, Duration::ZERO, 0.0);
    let seen = Rc::new(Seen::default());
    for _ in 0..bench.options.rounds() {
        let cost = argon2id_together(bench.machine.cores, duration / 4)?;
        let before = seen.sign_ins.get();
        let (total, threads, time) = storm(bench, &seen, duration)?;
        argon2 += Duration::from_secs_f64(cost / 1e6 * (seen.sign_ins.get() - before) as f64);
        (cpu, pool, seconds) = (cpu + total, pool + threads, seconds + time);
    }
    let sign_ins = seen.sign_ins.get();
    ensure!(sign_ins > 0, "nobody signed in");
    let share = argon2.as_secs_f64() / cpu.as_secs_f64();
    let each = cpu.as_secs_f64() * 1e3 / sign_ins as f64;
    let note = format!(
        "{sign_ins} sign-ins at {:.0}/s, {each:.1} ms of the server's each in {:.1} requests; Argon2id alone {:.1} ms; \
         by the threads' own accounting {:.3}",
        sign_ins as f64 / seconds,
        seen.requests.get() as f64 / sign_ins as f64,
        argon2.as_secs_f64() * 1e3 / sign_ins as f64,
        pool.as_secs_f64() / cpu.as_secs_f64(),
    );
    bench.rows.push(Row::new(
        "passwords",
        "share of the server's CPU in Argon2id",
        share,
        Bar::at_least(0.95, ""),
        note,
    ));
    let mut latencies = seen.latencies.take();
    latencies.sort_unstable_by(f64::total_cmp);
    ensure!(!latencies.is_empty(), "the key set was never asked for");
    let at = |part: f64| latencies[((latencies.len() as f64 * part) as usize).min(latencies.len() - 1)];
    let note = format!("{} requests; median {:.2} ms, slowest {:.1} ms", latencies.len(), at(0.5), at(1.0));
    bench.rows.push(Row::new(
        "passwords",
        "p99 of 50 JWKS requests/s meanwhile",
        at(0.99),
        Bar::at_most(20.0, " ms"),
        note,
    ));
    Ok(())
}

/// The processor time of the server and of its password threads, and the seconds.
fn storm(bench: &Bench<'_>, seen: &Rc<Seen>, duration: Duration) -> Result<(Duration, Duration, f64)> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let host = bench.server.address;
    seen.over.set(false);
    LocalSet::new().block_on(&runtime, async {
        let mut tasks = Vec::new();
        for _ in 0..bench.machine.cores * PEOPLE {
            tasks.push(tokio::task::spawn_local(sign_in(host, bench.app.clone(), Rc::clone(seen))));
        }
        for n in 0..READERS {
            tasks.push(tokio::task::spawn_local(read(host, n, Rc::clone(seen))));
        }
        sleep(duration / 5).await;
        let (begun, before, pool) = (Instant::now(), bench.server.cpu()?, bench.server.cpu_of_threads("password")?);
        seen.measuring.set(true);
        sleep(duration).await;
        seen.measuring.set(false);
        let spent = (bench.server.cpu()? - before, bench.server.cpu_of_threads("password")? - pool);
        let seconds = begun.elapsed().as_secs_f64();
        seen.over.set(true);
        for task in tasks {
            task.await??;
        }
        Ok((spent.0, spent.1, seconds))
    })
}

/// One after the other, each in a browser that has never been here.
async fn sign_in(host: SocketAddr, client: Client, seen: Rc<Seen>) -> Result<()> {
    let mut browser = Browser::open(host).await?;
    while !seen.over.get() {
        browser.forget();
        let before = browser.requests;
        browser.sign_in(&client, PERSON).await?;
        if seen.measuring.get() {
            seen.sign_ins.set(seen.sign_ins.get() + 1);
            seen.requests.set(seen.requests.get() + browser.requests - before);
        }
    }
    Ok(())
}

/// Asks for the key set at fixed times, whether the last answer came or not: the wait of a late one counts too.
async fn read(host: SocketAddr, n: u32, seen: Rc<Seen>) -> Result<()> {
    let mut connection = Connection::open(host).await?;
    let request = get(host, "/.well-known/jwks.json");
    let mut due = Instant::now() + PACE * n;
    while !seen.over.get() {
        sleep_until(due).await;
        connection.ask(&request).await?.expect(200)?;
        if seen.measuring.get() {
            seen.latencies.borrow_mut().push(due.elapsed().as_secs_f64() * 1e3);
        }
        due += PACE * READERS;
    }
    Ok(())
}

/// People who sign in at once, per core: enough that none of the pool's threads waits.
const PEOPLE: usize = 4;
/// 50 requests a second, from as many connections.
const PACE: Duration = Duration::from_millis(20);
const READERS: u32 = 10;
