//! Of what a figure is made up.

use serde_json::{Value, json};

/// What was measured as a whole, and its parts; all in microseconds of the server's processor time.
#[derive(Clone, Debug)]
pub(crate) struct Parts {
    pub(crate) case: &'static str,
    /// The whole.
    pub(crate) whole: f64,
    /// One raw verification of ES256 in the same run.
    pub(crate) verify: f64,
    /// Each by what it is.
    pub(crate) parts: Vec<(&'static str, f64)>,
}

impl Parts {
    /// What none of the parts alone accounts for.
    fn left(&self) -> f64 {
        self.whole - self.parts.iter().map(|(_, micros)| micros).sum::<f64>()
    }

    fn rows(&self) -> impl Iterator<Item = (&'static str, f64)> {
        self.parts.iter().copied().chain([("left over, seen in no part alone", self.left())])
    }

    pub(super) fn json(&self) -> Value {
        let parts = self.rows().map(|(name, micros)| json!({ "part": name, "us": micros }));
        json!({ "case": self.case, "us": self.whole, "verify_us": self.verify, "parts": parts.collect::<Vec<_>>() })
    }
}

/// The tables in Markdown; nothing where nothing was taken apart.
pub(super) fn table(all: &[Parts]) -> String {
    let mut text = String::new();
    for parts in all {
        let Parts { case, whole, verify, .. } = parts;
        text.push_str(&format!("\n| {case}: what a proof adds | µs | of a verification |\n|---|---:|---:|\n"));
        for (name, micros) in parts.rows() {
            text.push_str(&format!("| {name} | {micros:.1} | {:.3} |\n", micros / verify));
        }
        text.push_str(&format!("| together | {whole:.1} | {:.2} |\n", whole / verify));
    }
    text
}
