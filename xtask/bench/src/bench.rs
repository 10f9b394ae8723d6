//! One run from the empty directory to the table.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fs;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::cases;
use crate::http::{Connection, get};
use crate::limits::Limits;
use crate::load::{self, Fixed, Measure, Script};
use crate::machine::Machine;
use crate::options::Options;
use crate::parts::Pieces;
use crate::process::Process;
use crate::provider::{Client, Provider, target_directory};
use crate::report::{self, Parts, Row, Timing};

/// What the cases work with.
pub(crate) struct Bench<'a> {
    pub(crate) options: &'a Options,
    pub(crate) machine: Machine,
    pub(crate) limits: Limits,
    pub(crate) provider: Provider,
    pub(crate) server: Process,
    pub(crate) service: Client,
    pub(crate) app: Client,
    pub(crate) rows: Vec<Row>,
    pub(crate) timings: Vec<Timing>,
    pub(crate) parts: Vec<Parts>,
    pieces: Option<Pieces>,
    bare: BTreeMap<usize, Process>,
}

/// A case and the bare handler, measured in turn.
pub(crate) struct Paired<S> {
    pub(crate) bare: Measure,
    pub(crate) ours: Measure,
    pub(crate) scripts: Vec<S>,
}

/// Measures what the options ask for.
pub(crate) fn run(options: &Options) -> Result<()> {
    let target = target_directory()?;
    let provider = Provider::new(options.dir.clone().unwrap_or_else(|| target.join("bench")))?;
    let machine = Machine::look(&provider.directory)?;
    eprintln!("measuring the limits");
    let limits = Limits::measure(&provider.directory, machine.cores, options.duration() / 2)?;
    let (service, app) = (provider.add_service()?, provider.add_app()?);
    provider.add_person(cases::PERSON)?;
    // The database exists from here on, with its keys.
    let server = provider.serve()?;
    let (rows, timings, parts, bare) = (Vec::new(), Vec::new(), Vec::new(), BTreeMap::new());
    let pieces = None;
    let mut bench =
        Bench { options, machine, limits, provider, server, service, app, rows, timings, parts, pieces, bare };
    for case in cases::CASES.iter().filter(|case| options.wants(case.name)) {
        eprintln!("measuring {}", case.name);
        (case.run)(&mut bench).with_context(|| case.name)?;
    }
    bench.server.stop()?;
    let Bench { machine, limits, rows, timings, parts, .. } = bench;
    let report = report::Report { machine, limits, rows, timings, parts };
    println!("{}", report.table());
    let svg = options.svg.clone().unwrap_or_else(|| target.join("bench.svg"));
    fs::write(&svg, report.svg()).with_context(|| svg.display().to_string())?;
    println!("picture: {}", svg.display());
    if let Some(json) = &options.json {
        fs::write(json, format!("{:#}\n", report.json())).with_context(|| json.display().to_string())?;
    }
    Ok(())
}

impl Bench<'_> {
    /// Measures the scripts and a bare handler whose answers have `bytes` bytes, in turn: what others do on the
    /// machine meanwhile then touches both.
    pub(crate) fn paired<S: Script>(&mut self, bytes: usize, mut scripts: Vec<S>) -> Result<Paired<S>> {
        let duration = self.options.duration();
        let (mut ours, mut bare) = (Measure::default(), Measure::default());
        for _ in 0..self.options.rounds() {
            bare = bare.with(self.bare(bytes, scripts.len())?);
            let (measure, back) = load::run(&self.server, scripts, duration)?;
            (ours, scripts) = (ours.with(measure), back);
        }
        Ok(Paired { bare, ours, scripts })
    }

    /// The single pieces of the product's code, measured when somebody first asks.
    pub(crate) fn pieces(&mut self) -> Result<&Pieces> {
        match &mut self.pieces {
            Some(pieces) => Ok(pieces),
            none => Ok(none.insert(Pieces::measure(&self.provider.directory, self.options)?)),
        }
    }

    /// The answer to one request, on a connection of its own.
    pub(crate) fn ask(&self, request: &[u8]) -> Result<(u16, Vec<u8>)> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let mut connection = Connection::open(self.server.address).await?;
            let answer = connection.ask(request).await?;
            Ok((answer.status, answer.body.to_vec()))
        })
    }

    fn bare(&mut self, bytes: usize, connections: usize) -> Result<Measure> {
        let server = match self.bare.entry(bytes) {
            Entry::Occupied(running) => running.into_mut(),
            Entry::Vacant(free) => {
                let mut command = Command::new(std::env::current_exe()?);
                free.insert(Process::start(command.args(["bare", &bytes.to_string()]))?)
            }
        };
        let scripts = (0..connections).map(|_| Fixed { request: get(server.address, "/"), status: 200 }).collect();
        Ok(load::run(server, scripts, self.options.duration())?.0)
    }
}
