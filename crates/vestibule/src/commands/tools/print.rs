//! An output on the terminal: colours only there, and nothing that could move its cursor.

use std::io::{IsTerminal, Write};

use toolbox::definition::Prints;
use toolbox::{Action, Block, Level, Note, Output};

use crate::commands::{Verdict, say_bytes, say_json};
use crate::environment::variable;

/// How it is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Text,
    Json,
}

/// Prints it and says how the command ended.
pub(super) fn say(action: &Action, output: &Output, shape: Shape) -> anyhow::Result<Verdict> {
    match (shape, action.prints) {
        (Shape::Json, _) => say_json(&output.to_json())?,
        (Shape::Text, prints @ (Prints::Value | Prints::Bytes)) if output.verdict != toolbox::Verdict::No => {
            let ends = prints == Prints::Value || (std::io::stdout().is_terminal() && !output.value.ends_with(b"\n"));
            say_bytes(&[&output.value, if ends { b"\n" } else { b"" }])?;
            let mut errors = std::io::stderr().lock();
            let paint = Paint::on(&errors);
            for note in output.notes.iter().filter(|note| note.level > Level::Info) {
                // Standard error may be gone, and the value is out.
                drop(write!(errors, "{}", noted(note, paint)));
            }
        }
        (Shape::Text, _) => {
            let paint = Paint::on(&std::io::stdout());
            let blocks: String = output.blocks.iter().map(|block| shown(block, paint)).collect();
            let notes: String = output.notes.iter().map(|note| noted(note, paint)).collect();
            say_bytes(&[blocks.as_bytes(), notes.as_bytes()])?;
        }
    }
    Ok(match output.verdict {
        toolbox::Verdict::No => Verdict::Negative,
        toolbox::Verdict::Done | toolbox::Verdict::Yes => Verdict::Done,
    })
}

/// Whether there are colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Paint {
    Plain,
    Colours,
}

impl Paint {
    /// Only on a terminal, and not where NO_COLOR is set.
    fn on(stream: &impl IsTerminal) -> Self {
        let colours =
            stream.is_terminal() && variable("NO_COLOR").is_none() && variable("TERM").as_deref() != Some("dumb");
        if colours { Self::Colours } else { Self::Plain }
    }

    fn with(self, code: &str, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Colours => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
        }
    }
}

fn shown(block: &Block, paint: Paint) -> String {
    let head = |name: &str| paint.with(BOLD, &plain(name));
    match block {
        Block::Line { name, text } => format!("{}: {}\n", head(name), plain(text)),
        Block::Secret { name, text } => format!("{}: {}\n", head(name), plain(text)),
        Block::Json { name, text } => format!("{}: {}\n", head(name), plain(text)),
        Block::Text { name, text } | Block::Picture { name, text, .. } => {
            format!("{}:\n{}\n", head(name), plain(text.trim_end_matches('\n')))
        }
        Block::Table { name, heads, rows } => format!("{}:\n{}\n", head(name), table(heads, rows)),
    }
}

fn noted(note: &Note, paint: Paint) -> String {
    let (code, level) = match note.level {
        Level::Info => (DIM, "note"),
        Level::Warning => (YELLOW, "warning"),
        Level::Fault => (RED, "fault"),
    };
    let clause = note.clause.as_ref().map(|clause| format!(" ({})", plain(clause))).unwrap_or_default();
    let mut text = format!("{}: {}{clause}\n", paint.with(code, level), plain(&note.text));
    for (name, value) in [("expected", &note.expected), ("found", &note.found), ("cause", &note.cause)] {
        if let Some(value) = value {
            text.push_str(&format!("  {name}: {}\n", plain(value)));
        }
    }
    text
}

fn table(heads: &[String], rows: &[Vec<String>]) -> String {
    let all: Vec<Vec<String>> = std::iter::once(heads)
        .chain(rows.iter().map(Vec::as_slice))
        .map(|cells| cells.iter().map(|cell| plain(cell)).collect())
        .collect();
    let width = |at: usize| all.iter().filter_map(|cells| cells.get(at)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..heads.len()).map(|at| width(at).unwrap_or_default()).collect();
    let line = |cells: &Vec<String>| {
        let cells = cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    all.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// What comes from outside must not move the terminal's cursor; lines may end.
fn plain(text: &str) -> String {
    let shown = |letter: char| if letter.is_control() && letter != '\n' { '\u{fffd}' } else { letter };
    text.chars().map(shown).collect()
}

const BOLD: &str = "1";
const DIM: &str = "2";
const YELLOW: &str = "33";
const RED: &str = "31";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_only_where_they_are_wanted_and_a_text_moves_no_cursor() {
        let line = Block::Line { name: "sub".into(), text: "\u{1b}[2Jada".into() };
        assert_eq!(shown(&line, Paint::Plain), "sub: \u{fffd}[2Jada\n");
        assert_eq!(shown(&line, Paint::Colours), "\u{1b}[1msub\u{1b}[0m: \u{fffd}[2Jada\n");
        let note = Note::new(Level::Fault, "x", "wrong").between("a", "b\u{7}").cause("c").clause("RFC 1");
        assert_eq!(noted(&note, Paint::Plain), "fault: wrong (RFC 1)\n  expected: a\n  found: b\u{fffd}\n  cause: c\n");
    }

    #[test]
    fn a_table_is_aligned() {
        let table = Block::Table {
            name: "keys".into(),
            heads: vec!["kid".into(), "alg".into()],
            rows: vec![vec!["é".into(), "ES256".into()]],
        };
        assert_eq!(shown(&table, Paint::Plain), "keys:\nkid  alg\né    ES256\n");
    }
}
