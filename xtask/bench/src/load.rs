//! The load generator: one thread, many connections, each asks again as soon as it has its answer.

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use tokio::task::LocalSet;

use crate::http::{Answer, Connection};
use crate::process::{Process, own_cpu};

/// What one connection says, and what it thinks of the answers.
pub(crate) trait Script: 'static {
    /// The next request.
    fn request(&mut self) -> &[u8];
    /// Looks at its answer; an error ends the run.
    fn answered(&mut self, answer: Answer<'_>) -> Result<()>;
}

/// What was seen while it was measured.
#[derive(Clone, Debug, Default)]
pub(crate) struct Measure {
    pub(crate) requests: u64,
    pub(crate) seconds: f64,
    /// The server's processor time.
    pub(crate) server: Duration,
    /// The generator's.
    pub(crate) generator: Duration,
    /// In microseconds.
    pub(crate) latencies: Vec<u32>,
}

/// Who is told when, and what comes of it.
#[derive(Default)]
struct State {
    measuring: Cell<bool>,
    over: Cell<bool>,
    requests: Cell<u64>,
    latencies: RefCell<Vec<u32>>,
}

/// Runs one script per connection for `duration` after a short warm-up, and gives the scripts back.
pub(crate) fn run<S: Script>(server: &Process, scripts: Vec<S>, duration: Duration) -> Result<(Measure, Vec<S>)> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    LocalSet::new().block_on(&runtime, async {
        let state = Rc::new(State::default());
        let mut tasks = Vec::new();
        for script in scripts {
            tasks.push(tokio::task::spawn_local(repeat(server.address, script, Rc::clone(&state))));
        }
        tokio::time::sleep(duration / 5).await;
        let (begun, server_before, own_before) = (Instant::now(), server.cpu()?, own_cpu()?);
        state.measuring.set(true);
        tokio::time::sleep(duration).await;
        state.measuring.set(false);
        let measure = Measure {
            requests: state.requests.get(),
            seconds: begun.elapsed().as_secs_f64(),
            server: server.cpu()? - server_before,
            generator: own_cpu()? - own_before,
            latencies: state.latencies.take(),
        };
        state.over.set(true);
        let mut scripts = Vec::new();
        for task in tasks {
            scripts.push(task.await??);
        }
        Ok((measure, scripts))
    })
}

async fn repeat<S: Script>(address: SocketAddr, mut script: S, state: Rc<State>) -> Result<S> {
    let mut connection = Connection::open(address).await?;
    let mut asked = Instant::now();
    while !state.over.get() {
        let answer = connection.ask(script.request()).await?;
        script.answered(answer).context("under load")?;
        let answered = Instant::now();
        if state.measuring.get() {
            state.requests.set(state.requests.get() + 1);
            let latency = u32::try_from((answered - asked).as_micros()).unwrap_or(u32::MAX);
            state.latencies.borrow_mut().push(latency);
        }
        asked = answered;
    }
    Ok(script)
}

impl Measure {
    /// Both together: rounds of the same.
    pub(crate) fn with(mut self, other: Measure) -> Measure {
        self.requests += other.requests;
        self.seconds += other.seconds;
        self.server += other.server;
        self.generator += other.generator;
        self.latencies.extend(other.latencies);
        self
    }

    /// Requests per second.
    pub(crate) fn rate(&self) -> f64 {
        self.requests as f64 / self.seconds
    }

    /// Microseconds of the server's processor time per request.
    pub(crate) fn cost(&self) -> f64 {
        self.server.as_secs_f64() * 1e6 / self.requests as f64
    }

    /// Microseconds of the generator's.
    pub(crate) fn generator_cost(&self) -> f64 {
        self.generator.as_secs_f64() * 1e6 / self.requests as f64
    }

    /// The latency, in milliseconds, that this part of the requests kept under.
    pub(crate) fn quantile(&self, part: f64) -> f64 {
        let mut sorted = self.latencies.clone();
        sorted.sort_unstable();
        let index = (sorted.len() as f64 * part) as usize;
        sorted.get(index.min(sorted.len().saturating_sub(1))).map_or(0.0, |micros| f64::from(*micros) / 1e3)
    }
}

/// The same request again and again; the answer must have this status.
pub(crate) struct Fixed {
    pub(crate) request: Vec<u8>,
    pub(crate) status: u16,
}

impl Script for Fixed {
    fn request(&mut self) -> &[u8] {
        &self.request
    }

    fn answered(&mut self, answer: Answer<'_>) -> Result<()> {
        answer.expect(self.status)
    }
}
