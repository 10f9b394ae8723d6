//! Sign-ins with a password, as many as the pool takes, and who else is still answered meanwhile.

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
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

/// What a storm of sign-ins cost the server.
#[derive(Default)]
struct Spent {
    /// Its processor time.
    cpu: Duration,
    /// That of its password threads.
    pool: Duration,
    /// How often it ran Argon2id, as it counts itself.
    runs: u64,
    seconds: f64,
}

pub(super) fn run(bench: &mut Bench<'_>) -> Result<()> {
    share(bench)?;
    others_meanwhile(bench)
}

/// Sign-ins alone: how much of the processor time is Argon2id.
fn share(bench: &mut Bench<'_>) -> Result<()> {
    let duration = bench.options.duration();
    let (mut argon2, mut all) = (Duration::ZERO, Spent::default());
    let seen = Rc::new(Seen::default());
    for _ in 0..bench.options.rounds() {
        // Beside each storm, since what one run costs depends on what others on the machine do.
        let before = argon2id_together(bench.machine.cores, duration / 2)?;
        let spent = storm(bench, &seen, duration, 0)?;
        let cost = (before + argon2id_together(bench.machine.cores, duration / 2)?) / 2.0;
        argon2 += Duration::from_secs_f64(cost / 1e6 * spent.runs as f64);
        let Spent { cpu, pool, runs, seconds } = all;
        all = Spent {
            cpu: cpu + spent.cpu,
            pool: pool + spent.pool,
            runs: runs + spent.runs,
            seconds: seconds + spent.seconds,
        };
    }
    ensure!(all.runs > 0, "nobody signed in");
    let (share, runs) = (argon2.as_secs_f64() / all.cpu.as_secs_f64(), all.runs as f64);
    let note = format!(
        "{} runs of Argon2id at {:.0}/s, {:.2} ms each alone; the server spent {:.2} ms per run and {:.1} requests; \
         its password threads took {:.3} of that",
        all.runs,
        runs / all.seconds,
        argon2.as_secs_f64() * 1e3 / runs,
        all.cpu.as_secs_f64() * 1e3 / runs,
        seen.requests.get() as f64 / seen.sign_ins.get().max(1) as f64,
        all.pool.as_secs_f64() / all.cpu.as_secs_f64(),
    );
    bench.rows.push(Row::new("passwords", "share of Argon2id in server CPU", share, Bar::at_least(0.95, ""), note));
    Ok(())
}

/// The key set asked for 50 times a second while the pool is full.
fn others_meanwhile(bench: &mut Bench<'_>) -> Result<()> {
    let seen = Rc::new(Seen::default());
    storm(bench, &seen, bench.options.duration() * 2 * bench.options.rounds(), READERS)?;
    let mut latencies = seen.latencies.take();
    latencies.sort_unstable_by(f64::total_cmp);
    ensure!(!latencies.is_empty(), "the key set was never asked for");
    let at = |part: f64| latencies[((latencies.len() as f64 * part) as usize).min(latencies.len() - 1)];
    let note = format!("{} requests; median {:.2} ms, slowest {:.1} ms", latencies.len(), at(0.5), at(1.0));
    let bar = Bar::at_most(20.0, " ms");
    bench.rows.push(Row::new("passwords", "p99 of 50 JWKS requests/s beside", at(0.99), bar, note));
    Ok(())
}

/// As many sign-ins as the pool takes, and `readers` who ask for the key set meanwhile.
fn storm(bench: &Bench<'_>, seen: &Rc<Seen>, duration: Duration, readers: u32) -> Result<Spent> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let host = bench.server.address;
    seen.over.set(false);
    LocalSet::new().block_on(&runtime, async {
        let mut tasks = Vec::new();
        for _ in 0..bench.machine.cores * PEOPLE {
            tasks.push(tokio::task::spawn_local(sign_in(host, bench.app.clone(), Rc::clone(seen))));
        }
        for n in 0..readers {
            tasks.push(tokio::task::spawn_local(read(host, n, Rc::clone(seen))));
        }
        sleep(duration / 5).await;
        let runs = argon2_runs(host).await?;
        let (begun, cpu, pool) = (Instant::now(), bench.server.cpu()?, bench.server.cpu_of_threads("password")?);
        seen.measuring.set(true);
        sleep(duration).await;
        seen.measuring.set(false);
        let (cpu, pool) = (bench.server.cpu()? - cpu, bench.server.cpu_of_threads("password")? - pool);
        let spent = Spent { cpu, pool, runs: argon2_runs(host).await? - runs, seconds: begun.elapsed().as_secs_f64() };
        seen.over.set(true);
        for task in tasks {
            task.await??;
        }
        Ok(spent)
    })
}

/// How often the server has run Argon2id, from its metrics.
async fn argon2_runs(host: SocketAddr) -> Result<u64> {
    let mut connection = Connection::open(host).await?;
    let answer = connection.ask(&get(host, "/metrics")).await?;
    answer.expect(200)?;
    let text = std::str::from_utf8(answer.body)?;
    let line = text.lines().find_map(|line| line.strip_prefix("vestibule_argon2_runs_total "));
    line.context("the metrics do not count the runs of Argon2id")?.trim().parse().context("a number of runs")
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
