//! Answers whose times must not tell anything apart.

use std::time::Duration;

use serde_json::{Value, json};

/// How long one kind of answer took; times in milliseconds.
#[derive(Clone, Debug)]
pub(crate) struct Timing {
    form: &'static str,
    about: &'static str,
    median: f64,
    /// The quartiles: half of all times lie between them.
    between: (f64, f64),
    /// The median as a multiple of the first kind's.
    ratio: f64,
}

impl Timing {
    /// `first` is the median that this one is held against.
    pub(crate) fn new(form: &'static str, about: &'static str, times: &[Duration], first: f64) -> Self {
        let median = quantile(times, 0.5);
        Self { form, about, median, between: (quantile(times, 0.25), quantile(times, 0.75)), ratio: median / first }
    }

    /// In milliseconds.
    pub(crate) fn median(times: &[Duration]) -> f64 {
        quantile(times, 0.5)
    }

    pub(super) fn json(&self) -> Value {
        json!({
            "form": self.form,
            "account": self.about,
            "median_ms": self.median,
            "quartiles_ms": [self.between.0, self.between.1],
            "ratio": self.ratio,
        })
    }
}

/// The table in Markdown; nothing where nothing was measured.
pub(super) fn table(timings: &[Timing]) -> String {
    if timings.is_empty() {
        return String::new();
    }
    let mut text = "\n| form | account | median | half of all between | ratio |\n|---|---|---:|---:|---:|\n".to_owned();
    for Timing { form, about, median, between: (low, high), ratio } in timings {
        text.push_str(&format!("| {form} | {about} | {median:.2} ms | {low:.2} and {high:.2} ms | {ratio:.3} |\n"));
    }
    text
}

fn quantile(times: &[Duration], part: f64) -> f64 {
    let mut sorted: Vec<f64> = times.iter().map(|time| time.as_secs_f64() * 1e3).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted.get((sorted.len() as f64 * part) as usize).copied().unwrap_or_default()
}
