//! What is given to an action, field by field.

use std::collections::BTreeMap;
use std::fmt;

use jose::json::{self, Object};
use zeroize::Zeroizing;

use crate::definition::{Action, Count, Field, Kind, Presence};
use crate::encoding::Encoding;
use crate::need::{Fact, Halt, Need, ToolError};
use crate::time;

/// The values of an action's fields, and the facts that its host has found.
#[derive(Clone)]
pub struct Input {
    action: &'static Action,
    values: BTreeMap<&'static str, Vec<Given>>,
    facts: BTreeMap<Need, Fact>,
}

/// One value as it came.
#[derive(Clone)]
pub enum Given {
    /// As text.
    Text(Zeroizing<String>),
    /// Bytes as encoded text.
    Encoded(Encoding, Zeroizing<String>),
    /// Bytes as they are.
    Bytes(Zeroizing<Vec<u8>>),
    /// The name of a file, which the action asks its host to read; `-` is standard input.
    File(String),
    /// A URL, which the action asks its host to fetch.
    Url(String),
    /// A flag that is set.
    Flag,
    /// The host feeds the stream.
    Streamed,
}

impl Input {
    /// Nothing yet.
    pub fn new(action: &'static Action) -> Self {
        Self { action, values: BTreeMap::new(), facts: BTreeMap::new() }
    }

    /// The action that it is for.
    pub fn action(&self) -> &'static Action {
        self.action
    }

    /// Gives a field a value; one that is repeated gets one more.
    pub fn give(&mut self, name: &str, given: Given) -> Result<(), ToolError> {
        let Some(field) = self.action.field(name) else {
            let known: Vec<_> = self.action.fields.iter().map(|field| field.name).collect();
            return Err(ToolError::new(format!("there is no field {name:?}"), format!("take {}", known.join(", "))));
        };
        check(field, &given)?;
        let values = self.values.entry(field.name).or_default();
        if !values.is_empty() && field.count == Count::Once {
            return Err(ToolError::of(field.name, format!("{} is given twice", field.name), "give it once"));
        }
        if values.len() >= MOST_REPEATED {
            return Err(ToolError::of(field.name, format!("{} is given too often", field.name), "give it less often"));
        }
        values.push(given);
        Ok(())
    }

    /// Gives a field a text.
    pub fn give_text(&mut self, name: &str, text: &str) -> Result<(), ToolError> {
        self.give(name, Given::Text(Zeroizing::new(text.to_owned())))
    }

    /// Takes in what the host found.
    pub fn tell(&mut self, need: Need, fact: Fact) {
        self.facts.insert(need, fact);
    }

    /// Whether all is there that must be.
    pub(crate) fn check(&self) -> Result<(), ToolError> {
        let missing = |field: &&Field| {
            matches!(field.presence, Presence::Required | Presence::StandardInput)
                && !self.values.contains_key(field.name)
        };
        match self.action.fields.iter().find(missing) {
            Some(field) => Err(self.missing(field.name)),
            None => Ok(()),
        }
    }

    /// That a field is missing.
    pub(crate) fn missing(&self, name: &'static str) -> ToolError {
        let options = self.action.field(name).map(Field::spellings).unwrap_or_default();
        let options: Vec<_> = options.iter().map(|spelling| format!("--{}", spelling.option)).collect();
        ToolError::of(name, format!("{name} is missing"), format!("give {}", options.join(" or ")))
    }

    /// The value as it came.
    pub fn given(&self, name: &str) -> Option<&Given> {
        self.values.get(name)?.first()
    }

    /// Whether a flag is set.
    pub fn flag(&self, name: &str) -> bool {
        self.given(name).is_some()
    }

    /// A text; of a file, what is in it.
    pub(crate) fn text(&self, name: &'static str) -> Result<Option<Zeroizing<String>>, Halt> {
        let bytes = match self.given(name) {
            None => return Ok(self.default(name).map(|text| Zeroizing::new(text.to_owned()))),
            Some(Given::Text(text)) => return Ok(Some(text.clone())),
            Some(_) => self.bytes(name)?.unwrap_or_default(),
        };
        match std::str::from_utf8(&bytes) {
            Ok(text) => Ok(Some(Zeroizing::new(text.to_owned()))),
            Err(_) => Err(ToolError::of(name, format!("{name} is not UTF-8 text"), "give text").into()),
        }
    }

    /// A text that must be there.
    pub(crate) fn required(&self, name: &'static str) -> Result<Zeroizing<String>, Halt> {
        self.text(name)?.ok_or_else(|| self.missing(name).into())
    }

    /// All texts of a repeated field.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.values.get(name).into_iter().flatten().filter_map(|given| match given {
            Given::Text(text) => Some(text.as_str()),
            _ => None,
        })
    }

    /// Bytes, decoded or read.
    pub(crate) fn bytes(&self, name: &'static str) -> Result<Option<Zeroizing<Vec<u8>>>, Halt> {
        match self.given(name) {
            None => Ok(self.default(name).map(|text| Zeroizing::new(text.as_bytes().to_vec()))),
            Some(given) => self.read(name, given).map(Some),
        }
    }

    /// The bytes of each value of a field that may be given again.
    pub(crate) fn each_bytes(&self, name: &'static str) -> Result<Vec<Zeroizing<Vec<u8>>>, Halt> {
        self.values.get(name).into_iter().flatten().map(|given| self.read(name, given)).collect()
    }

    fn read(&self, name: &'static str, given: &Given) -> Result<Zeroizing<Vec<u8>>, Halt> {
        let bytes = match given {
            Given::Text(text) => text.as_bytes().to_vec(),
            Given::Encoded(encoding, text) => encoding.decode(text).map_err(|error| {
                ToolError::of(name, format!("{name} is {error}"), "correct it, or give it in another encoding")
            })?,
            Given::Bytes(bytes) => bytes.to_vec(),
            Given::File(path) => match self.fact(Need::Read(path.clone()))? {
                Fact::Read(bytes) => bytes.to_vec(),
                Fact::Fetched { body, .. } => body.clone(),
            },
            Given::Url(url) => match self.fact(Need::Fetch(url.clone()))? {
                Fact::Fetched { body, .. } => body.clone(),
                Fact::Read(bytes) => bytes.to_vec(),
            },
            Given::Flag | Given::Streamed => Vec::new(),
        };
        Ok(Zeroizing::new(bytes))
    }

    /// Bytes that must be there.
    pub(crate) fn required_bytes(&self, name: &'static str) -> Result<Zeroizing<Vec<u8>>, Halt> {
        self.bytes(name)?.ok_or_else(|| self.missing(name).into())
    }

    /// A choice; only of a field with a default or of one that is required.
    pub(crate) fn choice(&self, name: &'static str) -> Result<&str, Halt> {
        self.optional_choice(name).ok_or_else(|| self.missing(name).into())
    }

    /// A choice that may be left out.
    pub(crate) fn optional_choice(&self, name: &str) -> Option<&str> {
        match self.given(name) {
            Some(Given::Text(text)) => Some(text),
            _ => self.default(name),
        }
    }

    /// A number.
    pub(crate) fn number(&self, name: &str) -> Option<u64> {
        self.optional_choice(name)?.trim().parse().ok()
    }

    /// A span in seconds.
    pub(crate) fn span(&self, name: &str) -> Option<i64> {
        time::parse_span(self.optional_choice(name)?)
    }

    /// A moment in seconds since 1970.
    pub(crate) fn moment(&self, name: &str) -> Option<i64> {
        time::parse(self.optional_choice(name)?)
    }

    /// A JSON object.
    pub fn object(&self, name: &'static str) -> Result<Option<Object>, Halt> {
        let Some(text) = self.bytes(name)? else { return Ok(None) };
        match json::parse_object(&text, &jose::Limits::DEFAULT) {
            Ok(object) => Ok(Some(object)),
            Err(error) => {
                let what = format!("{name} is not a strict JSON object: {error}");
                Err(ToolError::of(name, what, "write it as {\"name\": \"value\"}").into())
            }
        }
    }

    /// What the host found, or the need of it.
    pub(crate) fn fact(&self, need: Need) -> Result<&Fact, Halt> {
        self.facts.get(&need).ok_or(Halt::Need(need))
    }

    fn default(&self, name: &str) -> Option<&'static str> {
        match self.action.field(name)?.presence {
            Presence::Default(value) => Some(value),
            _ => None,
        }
    }
}

/// What can be said of one value alone.
fn check(field: &Field, given: &Given) -> Result<(), ToolError> {
    let refuse = |what: String, advice: String| Err(ToolError::of(field.name, what, advice));
    let name = field.name;
    match (field.kind, given) {
        (Kind::Flag, Given::Flag) => Ok(()),
        (Kind::Flag, _) => refuse(format!("{name} takes no value"), "set it or leave it out".into()),
        (_, Given::Flag) => refuse(format!("{name} takes a value"), "give one".into()),
        (Kind::Choice(choices), Given::Text(text)) => {
            if choices.iter().any(|choice| choice.value == text.as_str()) {
                return Ok(());
            }
            let known: Vec<_> = choices.iter().map(|choice| choice.value).collect();
            refuse(format!("{name} cannot be {:?}", excerpt(text)), format!("take {}", known.join(", ")))
        }
        (Kind::Number(least, most), Given::Text(text)) => match text.trim().parse::<u64>() {
            Ok(number) if (least..=most).contains(&number) => Ok(()),
            _ => refuse(format!("{name} is no number from {least} to {most}"), "correct it".into()),
        },
        (Kind::Duration, Given::Text(text)) if time::parse_span(text).is_none() => {
            refuse(format!("{name} is no span of time"), "write it as 90s, 5m, 1h30m or 30d".into())
        }
        (Kind::Time, Given::Text(text)) if time::parse(text).is_none() => {
            refuse(format!("{name} is no moment"), "write it as 2026-01-31T12:00:00Z or in seconds since 1970".into())
        }
        (Kind::Choice(_) | Kind::Number(..) | Kind::Duration | Kind::Time | Kind::Repeated | Kind::Text, given) => {
            match given {
                Given::Text(_) => Ok(()),
                _ => refuse(format!("{name} takes a text"), "give it as one".into()),
            }
        }
        _ => Ok(()),
    }
}

/// Somebody else's text, short enough for a message.
pub(crate) fn excerpt(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

const MOST_REPEATED: usize = 256;

/// Shows which fields are given, never what.
impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Input").field("fields", &self.values.keys()).finish_non_exhaustive()
    }
}

impl fmt::Debug for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text(_) => "Text",
            Self::Encoded(..) => "Encoded",
            Self::Bytes(_) => "Bytes",
            Self::File(_) => "File",
            Self::Url(_) => "Url",
            Self::Flag => "Flag",
            Self::Streamed => "Streamed",
        })
    }
}
