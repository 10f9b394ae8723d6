//! What a person reads of `authorization_details`: a sentence for each type and language, with the values in it.
//!
//! `{a.b}` is the value of a member. What stands in brackets is left out where a value in it is absent. A value is kept apart
//! from the words around it, so that none can pass for part of the sentence.

use serde_json::Value;

use super::schema::Schema;
use crate::shown::shown;

/// A template whose members its schema knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template(Vec<Segment>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Segment {
    optional: bool,
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Words(String),
    Member(Vec<String>),
}

/// A piece of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The operator's words.
    Words(String),
    /// A value that the app sent, without what would turn the words around it.
    Value(String),
}

impl Template {
    /// Reads a template for what this schema lets through; the error says what is wrong.
    pub(super) fn parse(text: &str, schema: &Schema) -> Result<Self, String> {
        let mut segments = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let (inside, after, optional) = match rest.strip_prefix('[') {
                Some(opened) => {
                    let (inside, after) = opened.split_once(']').ok_or("a bracket is not closed")?;
                    (inside, after, true)
                }
                None => {
                    let end = rest.find('[').unwrap_or(rest.len());
                    (&rest[..end], &rest[end..], false)
                }
            };
            segments.push(Segment { optional, pieces: pieces(inside, schema, optional)? });
            rest = after;
        }
        match segments.is_empty() || text.len() > LONGEST {
            true => Err("words are missing, or too many".to_owned()),
            false => Ok(Self(segments)),
        }
    }

    /// The sentence about a value that fits the schema.
    pub(super) fn say(&self, value: &Value) -> Vec<Part> {
        let mut parts = Vec::new();
        for segment in &self.0 {
            let said: Option<Vec<Part>> = segment.pieces.iter().map(|piece| piece.say(value)).collect();
            parts.extend(said.into_iter().flatten());
        }
        parts
    }
}

impl Piece {
    fn say(&self, value: &Value) -> Option<Part> {
        match self {
            Self::Words(words) => Some(Part::Words(words.clone())),
            Self::Member(path) => {
                let found = path.iter().try_fold(value, |value, name| value.get(name))?;
                Some(Part::Value(shown(&match found {
                    Value::Array(values) => values.iter().map(line).collect::<Vec<_>>().join(", "),
                    other => line(other),
                })))
            }
        }
    }
}

/// The whole sentence as one line, for records.
pub fn plain(parts: &[Part]) -> String {
    parts
        .iter()
        .map(|part| match part {
            Part::Words(text) | Part::Value(text) => text.as_str(),
        })
        .collect()
}

fn line(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn pieces(text: &str, schema: &Schema, optional: bool) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((words, opened)) = rest.split_once('{') {
        let (name, after) = opened.split_once('}').ok_or("a brace is not closed")?;
        if !words.is_empty() {
            pieces.push(Piece::Words(words.to_owned()));
        }
        let path: Vec<&str> = name.split('.').collect();
        match schema.member(&path) {
            Some((member, always)) if (member.is_scalar() || member.is_list()) && (always || optional) => {}
            Some((_, false)) if !optional => return Err(format!("{{{name}}} may be absent: put it into brackets")),
            _ => return Err(format!("{{{name}}} is no member that can be said")),
        }
        pieces.push(Piece::Member(path.into_iter().map(str::to_owned).collect()));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Words(rest.to_owned()));
    }
    Ok(pieces)
}

const LONGEST: usize = 1000;

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn schema() -> Schema {
        Schema::parse(&json!({
            "type": "object", "additionalProperties": false, "required": ["amount", "to"],
            "properties": {
                "amount": { "type": "string" },
                "to": { "type": "object", "additionalProperties": false, "required": ["name"],
                    "properties": { "name": { "type": "string" }, "iban": { "type": "string" } } },
                "actions": { "type": "array", "items": { "type": "string" } },
            },
        }))
        .unwrap()
    }

    #[test]
    fn values_stand_apart_from_words() {
        let template = Template::parse("Pay {amount} to {to.name}[ ({to.iban})][, {actions}].", &schema()).unwrap();
        let words = |text: &str| Part::Words(text.to_owned());
        let value = |text: &str| Part::Value(text.to_owned());
        let full = json!({ "amount": "1", "to": { "name": "Bob} and [x", "iban": "X" }, "actions": ["r", "w"] });
        assert_eq!(
            template.say(&full),
            [
                words("Pay "),
                value("1"),
                words(" to "),
                value("Bob} and [x"),
                words(" ("),
                value("X"),
                words(")"),
                words(", "),
                value("r, w"),
                words(".")
            ]
        );
        let short = json!({ "amount": "1", "to": { "name": "Bob" } });
        assert_eq!(plain(&template.say(&short)), "Pay 1 to Bob.");
    }

    #[test]
    fn a_template_that_its_schema_does_not_bear_is_refused() {
        for text in ["", "{amount", "[{amount}", "{sum}", "{to}", "{to.iban}", "{actions}", "{}", "{amount.x}"] {
            assert!(Template::parse(text, &schema()).is_err(), "{text}");
        }
    }
}
