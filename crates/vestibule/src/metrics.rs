//! What can be counted, in the text of OpenMetrics, which Prometheus reads.

use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use idp::Context;
use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};
use web::front::Route;

/// The counters, and the context that some of them are read from.
pub(crate) struct Metrics {
    context: Arc<Context>,
    requests: Family<Answered, Counter>,
    durations: Family<Where, Histogram, fn() -> Histogram>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    route: Pattern,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Where {
    route: Pattern,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfKey {
    alg: String,
    state: String,
}

/// A route's pattern; «none» where none matched, so that invented paths make no rows.
#[derive(Clone, Debug)]
struct Pattern(Option<Route>);

impl Metrics {
    pub(crate) fn new(context: Arc<Context>) -> Self {
        Self { context, requests: Family::default(), durations: Family::new_with_constructor(histogram) }
    }

    /// Counts one answer.
    pub(crate) fn answered(&self, route: Option<&Route>, status: u16, took: Duration) {
        let route = Pattern(route.cloned());
        self.durations.get_or_create(&Where { route: route.clone() }).observe(took.as_secs_f64());
        self.requests.get_or_create(&Answered { route, status }).inc();
    }

    /// All of it as text.
    pub(crate) async fn text(&self) -> String {
        let mut registry = Registry::with_prefix("vestibule");
        registry.register("requests", "Requests answered", self.requests.clone());
        let (name, help) = ("request_duration", "Time from a request's head to its answer's");
        registry.register_with_unit(name, help, Unit::Seconds, self.durations.clone());
        let passwords = self.context.passwords();
        registry.register("argon2_runs", "Passwords hashed", counter(passwords.runs()));
        let under_way: Gauge = Gauge::default();
        under_way.set(i64::try_from(passwords.under_way()).unwrap_or(i64::MAX));
        registry.register("argon2_under_way", "Passwords waited for, queued or at work", under_way);
        let tally = self.context.tally();
        registry.register("sign_in_failures", "Passwords and codes that were not right", counter(tally.failures()));
        registry.register("throttled", "Tries and requests that were not let through", counter(tally.throttled()));
        let unknown = counter(tally.breaches_unknown());
        let help = "New passwords of which nobody said whether they were stolen elsewhere, though somebody was asked";
        registry.register("breached_password_checks_unanswered", help, unknown);
        let disowned = counter(self.context.disowned_sign_ins());
        registry.register("disowned_sign_ins", "Sign-ins that their person did not know", disowned);
        registry.register("signing_keys", "Signing keys by algorithm and state", self.keys().await);
        registry.register("build", "This program", Info::new(vec![("version", env!("CARGO_PKG_VERSION"))]));
        let mut text = String::new();
        encode(&mut text, &registry).expect("a String takes every write");
        text
    }

    async fn keys(&self) -> Family<OfKey, Gauge> {
        let family: Family<OfKey, Gauge> = Family::default();
        match self.context.list_keys().await {
            Ok(keys) => keys.into_iter().for_each(|key| {
                let state = format!("{:?}", key.state).to_lowercase();
                family.get_or_create(&OfKey { alg: key.alg.to_string(), state }).inc();
            }),
            Err(error) => tracing::warn!(%error, "the keys could not be counted"),
        }
        family
    }
}

impl Pattern {
    fn as_str(&self) -> &str {
        self.0.as_ref().map_or("none", Route::as_str)
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Pattern {}

impl std::hash::Hash for Pattern {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl EncodeLabelValue for Pattern {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> Result<(), std::fmt::Error> {
        encoder.write_str(self.as_str())
    }
}

fn counter(count: u64) -> Counter {
    let counter = Counter::default();
    counter.inc_by(count);
    counter
}

fn histogram() -> Histogram {
    Histogram::new([0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0])
}

/// The media type of [`Metrics::text`].
pub(crate) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
