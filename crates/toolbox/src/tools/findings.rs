//! What `jose` finds and explains, as notes.

use jose::explain::{Explain, Explanation};
use jose::lint::{Finding, Severity};

use crate::output::{Block, Level, Note, Output, Verdict};

/// Findings as notes, the place in front.
pub(super) fn notes(findings: &[Finding]) -> Vec<Note> {
    let note = |finding: &Finding| {
        let level = match finding.severity {
            Severity::Notice => Level::Info,
            Severity::Warning => Level::Warning,
            Severity::Error => Level::Fault,
        };
        let message = finding.message.trim_end_matches('.');
        let text = match finding.pointer.as_str() {
            "" => message.to_owned(),
            pointer => format!("{pointer}: {message}"),
        };
        Note::new(level, finding.code, text).clause(finding.clause)
    };
    findings.iter().map(note).collect()
}

/// A judgement: «no» where there is a fault or a warning.
pub(super) fn judged(mut output: Output, findings: &[Finding]) -> Output {
    let of = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let (faults, warnings, notices) = (of(Severity::Error), of(Severity::Warning), of(Severity::Notice));
    output.verdict = if faults + warnings > 0 { Verdict::No } else { Verdict::Yes };
    output.blocks.push(Block::Line {
        name: "found".into(),
        text: format!("{faults} faults, {warnings} warnings, {notices} notices"),
    });
    output.notes.extend(notes(findings));
    output.member("faults", faults).member("warnings", warnings)
}

/// An error as a note, with what `jose` knows about it.
pub(super) fn explained(code: &str, error: &(impl Explain + std::fmt::Display)) -> Note {
    let Explanation { expected, found, cause, remedy, clause, .. } = error.explain();
    let mut note = Note::new(Level::Fault, code, error.to_string());
    if !expected.is_empty() && !found.is_empty() {
        note = note.between(expected, found);
    }
    let why =
        [cause, remedy].iter().map(|text| text.trim()).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ");
    if !why.is_empty() {
        note = note.cause(why);
    }
    clause.into_iter().fold(note, Note::clause)
}

/// What to do, as it stands behind a semicolon.
pub(super) fn advice(error: &impl Explain) -> String {
    let remedy = error.explain().remedy.trim_end_matches('.');
    let mut letters = remedy.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => "give another".into(),
    }
}
