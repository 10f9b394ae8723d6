//! What comes of an action: for machines, for a terminal, for a page.

use std::fmt;

use jose::json::{Object, Value};
use serde_json::json;
use zeroize::Zeroizing;

use crate::written::laid_out;

/// The result of an action.
#[derive(Clone, Default)]
pub struct Output {
    /// Yes, no, or simply done.
    pub verdict: Verdict,
    /// The one thing that was asked for, such as a signature or a token; empty in a report.
    pub value: Zeroizing<Vec<u8>>,
    /// Everything, under stable names, for `--json` and for scripts.
    pub result: Object,
    /// Everything, for people.
    pub blocks: Vec<Block>,
    /// Explanations.
    pub notes: Vec<Note>,
    /// What machines get.
    pub json: Json,
}

/// What machines get of an output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Json {
    /// The result with verdict and notes.
    #[default]
    Whole,
    /// The result alone: it is a document of a form of its own, such as a JWK.
    Document,
}

/// How it ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing was judged.
    #[default]
    Done,
    /// It holds.
    Yes,
    /// It does not hold.
    No,
}

/// A piece of a report.
#[derive(Clone, PartialEq)]
pub enum Block {
    /// A line with a name, to be copied.
    Line {
        /// What it is.
        name: String,
        /// The text.
        text: String,
    },
    /// The same, which a page hides until it is asked for and a person must keep to themselves.
    Secret {
        /// What it is.
        name: String,
        /// The text.
        text: Zeroizing<String>,
    },
    /// JSON to read, laid out in lines.
    Json {
        /// What it is.
        name: String,
        /// The lines, members in the order in which they were written.
        text: String,
    },
    /// Lines of a form that must stay as they are, such as PEM.
    Text {
        /// What it is.
        name: String,
        /// The lines.
        text: String,
    },
    /// A table.
    Table {
        /// What it is.
        name: String,
        /// The heads.
        heads: Vec<String>,
        /// The rows, each as long as `heads`.
        rows: Vec<Vec<String>>,
    },
    /// A picture for a page, beside the lines that a terminal shows for it.
    Picture {
        /// What it is.
        name: String,
        /// SVG.
        svg: String,
        /// Lines of text.
        text: String,
    },
}

/// An explanation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// How much it matters.
    pub level: Level,
    /// A name that stays.
    pub code: String,
    /// What was found, in a sentence.
    pub text: String,
    /// What was expected, where it is a value.
    pub expected: Option<String>,
    /// What was there instead.
    pub found: Option<String>,
    /// The likely cause, or what to do.
    pub cause: Option<String>,
    /// The clause that it rests on.
    pub clause: Option<String>,
}

/// How much a note matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Good to know.
    Info,
    /// Should be changed.
    Warning,
    /// Is wrong.
    Fault,
}

impl Output {
    /// One value, under its name in the result.
    pub fn value(name: &str, text: impl Into<String>) -> Self {
        let text = text.into();
        let mut output = Self::default();
        output.result.insert(name.into(), text.as_str().into());
        output.blocks.push(Block::Line { name: name.into(), text: text.clone() });
        output.value = Zeroizing::new(text.into_bytes());
        output
    }

    /// A judgement.
    pub fn verdict(verdict: Verdict) -> Self {
        Self { verdict, ..Self::default() }
    }

    /// The value, where it is text.
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.value).ok()
    }

    /// Puts a member into the result.
    pub fn member(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.result.insert(name.into(), value.into());
        self
    }

    /// Puts a line into the report, and under its other name into the result.
    pub fn line(mut self, name: &str, member: &str, text: impl Into<String>) -> Self {
        let text = text.into();
        self.result.insert(member.into(), text.as_str().into());
        self.blocks.push(Block::Line { name: name.into(), text });
        self
    }

    /// Adds a block.
    pub fn block(mut self, block: Block) -> Self {
        self.blocks.push(block);
        self
    }

    /// Adds a note.
    pub fn note(mut self, note: Note) -> Self {
        self.notes.push(note);
        self
    }

    /// The whole for machines: the result's members, `verdict` where one was given, and `notes`.
    pub fn to_json(&self) -> Value {
        let mut members = self.result.clone();
        if self.json == Json::Document {
            return Value::Object(members);
        }
        if let Some(verdict) = self.verdict.as_str() {
            members.insert("verdict".into(), verdict.into());
        }
        members.insert("notes".into(), self.notes.iter().map(Note::to_json).collect());
        Value::Object(members)
    }
}

impl Verdict {
    /// `yes` or `no`; nothing where nothing was judged.
    pub fn as_str(self) -> Option<&'static str> {
        match self {
            Self::Done => None,
            Self::Yes => Some("yes"),
            Self::No => Some("no"),
        }
    }
}

impl Block {
    /// JSON that was made here.
    pub fn json(name: impl Into<String>, value: &Value) -> Self {
        Self::Json { name: name.into(), text: serde_json::to_string_pretty(value).unwrap_or_default() }
    }

    /// JSON that somebody wrote, in the order of its author.
    pub(crate) fn json_as_written(name: impl Into<String>, text: &str) -> Self {
        Self::Json { name: name.into(), text: laid_out(text) }
    }

    /// As a page takes it.
    pub fn to_json(&self) -> Value {
        match self {
            Self::Line { name, text } => json!({"kind": "line", "name": name, "text": text}),
            Self::Secret { name, text } => json!({"kind": "secret", "name": name, "text": text.as_str()}),
            Self::Json { name, text } => json!({"kind": "json", "name": name, "text": text}),
            Self::Text { name, text } => json!({"kind": "text", "name": name, "text": text}),
            Self::Table { name, heads, rows } => json!({"kind": "table", "name": name, "heads": heads, "rows": rows}),
            Self::Picture { name, svg, text } => json!({"kind": "picture", "name": name, "svg": svg, "text": text}),
        }
    }
}

impl Note {
    /// With nothing but its text.
    pub fn new(level: Level, code: &str, text: impl Into<String>) -> Self {
        let nothing = None;
        let (expected, found, cause, clause) = (nothing.clone(), nothing.clone(), nothing.clone(), nothing);
        Self { level, code: code.into(), text: text.into(), expected, found, cause, clause }
    }

    /// What was expected and what was there.
    pub fn between(mut self, expected: impl Into<String>, found: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self.found = Some(found.into());
        self
    }

    /// The likely cause, or what to do.
    pub fn cause(mut self, cause: impl Into<String>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// The clause that it rests on.
    pub fn clause(mut self, clause: &str) -> Self {
        self.clause = Some(clause.into());
        self
    }

    /// As machines take it; what is not there is left out.
    pub fn to_json(&self) -> Value {
        let mut members = Object::new();
        members.insert("level".into(), self.level.as_str().into());
        members.insert("code".into(), self.code.as_str().into());
        members.insert("text".into(), self.text.as_str().into());
        let rest =
            [("expected", &self.expected), ("found", &self.found), ("cause", &self.cause), ("clause", &self.clause)];
        for (name, text) in rest {
            if let Some(text) = text {
                members.insert(name.into(), text.as_str().into());
            }
        }
        Value::Object(members)
    }
}

impl Level {
    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Fault => "fault",
        }
    }
}

/// Shows nothing that may be secret.
impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Output").field("verdict", &self.verdict).field("notes", &self.notes).finish_non_exhaustive()
    }
}

impl fmt::Debug for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line { name, .. }
            | Self::Secret { name, .. }
            | Self::Json { name, .. }
            | Self::Text { name, .. }
            | Self::Table { name, .. }
            | Self::Picture { name, .. } => write!(f, "Block({name})"),
        }
    }
}
