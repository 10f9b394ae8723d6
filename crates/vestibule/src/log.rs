//! The log: lines on standard error, for people or as JSON.

use tracing_subscriber::filter::LevelFilter;

use crate::config::Settings;

/// Starts it, once per process.
pub(crate) fn start(settings: &Settings) {
    let level = settings.get("log.level").and_then(|level| level.parse().ok()).unwrap_or(LevelFilter::INFO);
    let builder = tracing_subscriber::fmt().with_max_level(level).with_writer(std::io::stderr).with_ansi(false);
    if settings.get("log.format") == Some("json") {
        builder.json().flatten_event(true).init();
    } else {
        builder.init();
    }
}
