//! `doctor`: looks at everything that `serve` rests on, changes nothing, and says what to do.

mod checks;

use std::path::Path;

use clap::Args;
use serde_json::{Value, json};

use super::{Verdict, say, say_json};

/// How to print it.
#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// Print as JSON.
    #[arg(long)]
    json: bool,
}

/// One thing that was looked at.
struct Finding {
    /// What it is.
    what: &'static str,
    /// What was seen.
    seen: String,
    /// What to do, where something is wrong.
    cure: Option<String>,
}

impl Finding {
    fn good(what: &'static str, seen: impl Into<String>) -> Self {
        Self { what, seen: seen.into(), cure: None }
    }

    fn fault(what: &'static str, seen: impl Into<String>, cure: impl Into<String>) -> Self {
        Self { what, seen: seen.into(), cure: Some(cure.into()) }
    }

    /// A refusal of the form «what is wrong; what to do».
    fn refusal(what: &'static str, error: &anyhow::Error) -> Self {
        let text = format!("{error:#}");
        let (seen, cure) = text.rsplit_once("; ").unwrap_or((&text, "see the message"));
        Self::fault(what, seen, cure)
    }
}

/// Looks and prints.
pub(crate) fn run(doctor: &Doctor, file: Option<&Path>) -> anyhow::Result<Verdict> {
    let findings = checks::all(file)?;
    if doctor.json {
        say_json(&findings.iter().map(described).collect::<Vec<_>>())?;
    } else {
        for finding in &findings {
            let mark = if finding.cure.is_none() { '✓' } else { '✗' };
            say(&format!("{mark} {}: {}", finding.what, finding.seen))?;
            if let Some(cure) = &finding.cure {
                say(&format!("    {cure}"))?;
            }
        }
    }
    let good = findings.iter().all(|finding| finding.cure.is_none());
    Ok(if good { Verdict::Done } else { Verdict::Negative })
}

fn described(finding: &Finding) -> Value {
    json!({ "check": finding.what, "good": finding.cure.is_none(), "seen": finding.seen, "do": finding.cure })
}
