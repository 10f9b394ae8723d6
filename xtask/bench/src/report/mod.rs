//! What was measured, as a table, as JSON and as a picture.

mod json;
mod parts;
mod svg;
mod table;
mod timing;

use crate::limits::Limits;
use crate::load::Measure;
use crate::machine::Machine;

pub(crate) use parts::Parts;
pub(crate) use timing::Timing;

/// All of one run.
pub(crate) struct Report {
    pub(crate) machine: Machine,
    pub(crate) limits: Limits,
    pub(crate) rows: Vec<Row>,
    /// What must not differ; no bar, since the noise of the machine is part of it.
    pub(crate) timings: Vec<Timing>,
    pub(crate) parts: Vec<Parts>,
}

/// One figure beside its bar.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) case: &'static str,
    /// What the figure is.
    pub(crate) what: &'static str,
    pub(crate) value: f64,
    pub(crate) bar: Bar,
    /// What else a reader wants to know.
    pub(crate) note: String,
    pub(crate) load: Option<Loaded>,
}

/// What a case under load cost.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Loaded {
    /// Requests per second.
    pub(crate) rate: f64,
    /// The server's processor time per request, in microseconds.
    pub(crate) cost: f64,
    /// What it is held against.
    pub(crate) limit: f64,
    /// The load generator's processor time per request, in microseconds.
    pub(crate) generator: f64,
    /// In milliseconds.
    pub(crate) p99: f64,
}

/// What is asked of a figure.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bar {
    pub(crate) value: f64,
    pub(crate) unit: &'static str,
    pub(crate) side: Side,
}

/// On which side of the bar it is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    AtMost,
    AtLeast,
}

impl Bar {
    pub(crate) fn at_most(value: f64, unit: &'static str) -> Self {
        Self { value, unit, side: Side::AtMost }
    }

    pub(crate) fn at_least(value: f64, unit: &'static str) -> Self {
        Self { value, unit, side: Side::AtLeast }
    }
}

impl Row {
    pub(crate) fn new(case: &'static str, what: &'static str, value: f64, bar: Bar, note: String) -> Self {
        Self { case, what, value, bar, note, load: None }
    }

    /// The server's processor time per request, as a multiple of `limit`.
    pub(crate) fn ratio(case: &'static str, measure: &Measure, limit: f64, bar: f64, note: String) -> Self {
        let row = Self::new(case, "server CPU / limit", measure.cost() / limit, Bar::at_most(bar, "×"), note);
        Self { load: Some(Loaded::of(measure, limit)), ..row }
    }

    /// Requests per second, with the same ratio beside it.
    pub(crate) fn rate(case: &'static str, measure: &Measure, limit: f64, bar: f64, note: String) -> Self {
        let row = Self::new(case, "requests/s", measure.rate(), Bar::at_least(bar, "/s"), note);
        Self { load: Some(Loaded::of(measure, limit)), ..row }
    }

    /// How much of what the bar allows was taken: at most 1 is good, whichever way the bar points.
    pub(crate) fn taken(&self) -> f64 {
        match self.bar.side {
            Side::AtMost => self.value / self.bar.value,
            Side::AtLeast => self.bar.value / self.value,
        }
    }

    pub(crate) fn holds(&self) -> bool {
        self.taken() <= 1.0
    }
}

impl Loaded {
    fn of(measure: &Measure, limit: f64) -> Self {
        let (rate, cost, generator) = (measure.rate(), measure.cost(), measure.generator_cost());
        Self { rate, cost, limit, generator, p99: measure.quantile(0.99) }
    }
}

/// A number with as many digits as it deserves.
pub(crate) fn number(value: f64) -> String {
    match value.abs() {
        1000.0.. => {
            let whole = format!("{value:.0}");
            let (thousands, rest) = whole.split_at(whole.len() - 3);
            format!("{thousands},{rest}")
        }
        100.0.. => format!("{value:.0}"),
        10.0.. => format!("{value:.1}"),
        1.0.. => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}
