//! How often requests were let in and were not, and why.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::reason::Reason;
use crate::sets::Counts;

pub(crate) struct Counters {
    let_in: AtomicU64,
    denied: Vec<AtomicU64>,
}

impl Default for Counters {
    fn default() -> Self {
        Self { let_in: AtomicU64::new(0), denied: Reason::ALL.iter().map(|_| AtomicU64::new(0)).collect() }
    }
}

impl Counters {
    pub(crate) fn count(&self, denied: Option<Reason>) {
        let counter = match denied {
            Some(reason) => &self.denied[reason as usize],
            None => &self.let_in,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn of(&self, reason: Reason) -> u64 {
        self.denied[reason as usize].load(Ordering::Relaxed)
    }

    pub(crate) fn let_in(&self) -> u64 {
        self.let_in.load(Ordering::Relaxed)
    }

    /// In the text form of Prometheus. Reasons stand there from the beginning, so that a first failure is a change.
    pub(crate) fn render(&self, issuer: &str, keys: Counts, failing: bool) -> String {
        let issuer = issuer.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        let mut text = String::new();
        let mut family = |name: &str, kind: &str, help: &str, samples: &[(&str, &str, u64)]| {
            let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
            for (label, value, count) in samples {
                let more = if label.is_empty() { String::new() } else { format!(",{label}=\"{value}\"") };
                let _ = writeln!(text, "{name}{{issuer=\"{issuer}\"{more}}} {count}");
            }
        };
        let mut results = vec![("result", "ok", self.let_in())];
        results.extend(Reason::ALL.iter().map(|reason| ("result", reason.as_str(), self.of(*reason))));
        family("vestibule_verify_requests_total", "counter", "Requests by what came of their token.", &results);
        let fetches = [("result", "ok", keys.fetched - keys.failed), ("result", "failed", keys.failed)];
        family("vestibule_verify_key_fetches_total", "counter", "Fetches of the issuer's keys.", &fetches);
        let failing = [("", "", u64::from(failing))];
        family("vestibule_verify_keys_failing", "gauge", "1 while the issuer's keys cannot be fetched.", &failing);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_has_its_place() {
        for (index, reason) in Reason::ALL.iter().enumerate() {
            assert_eq!(*reason as usize, index);
        }
    }

    #[test]
    fn the_text_is_prometheus() {
        let counters = Counters::default();
        counters.count(None);
        counters.count(Some(Reason::UnknownKey));
        counters.count(Some(Reason::UnknownKey));
        let text = counters.render("https://id.example/\"", Counts { fetched: 3, failed: 1 }, true);
        for line in [
            "# TYPE vestibule_verify_requests_total counter",
            "vestibule_verify_requests_total{issuer=\"https://id.example/\\\"\",result=\"ok\"} 1",
            "vestibule_verify_requests_total{issuer=\"https://id.example/\\\"\",result=\"unknown_key\"} 2",
            "vestibule_verify_requests_total{issuer=\"https://id.example/\\\"\",result=\"expired\"} 0",
            "vestibule_verify_key_fetches_total{issuer=\"https://id.example/\\\"\",result=\"ok\"} 2",
            "vestibule_verify_keys_failing{issuer=\"https://id.example/\\\"\"} 1",
        ] {
            assert!(text.lines().any(|one| one == line), "{line}\n{text}");
        }
    }
}
