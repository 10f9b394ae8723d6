//! Rich authorization requests (RFC 9396): what an app wants to do, as typed JSON that a person can read.
//!
//! A type is the operator's: a schema that each element must fit, words for people, and what is asked of whoever allows it.
//! What passes here is never changed afterwards: it goes into the grant, the tokens and the evidence as it came.

mod schema;
mod words;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::assurance::{Level, Policy};
use crate::client::Client;
use crate::error::{ErrorCode, OAuthError};
use schema::Misfit;
pub use schema::{NotASchema, Schema};
pub use words::{Part, Template, plain};

/// The types that this issuer knows (RFC 9396 §5).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DetailTypes(BTreeMap<String, DetailType>);

/// A type of `authorization_details`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DetailType {
    schema: Schema,
    words: BTreeMap<String, Template>,
    asking: Asking,
    evidence: Evidence,
    once: bool,
    policy: Policy,
}

/// When a person is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Asking {
    /// Each time, whoever asks.
    #[default]
    Always,
    /// Not by a client that is trusted.
    Untrusted,
}

/// Whether a record of what was allowed is signed and kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Evidence {
    /// It is not.
    #[default]
    None,
    /// It is.
    Signed,
}

/// A type as an operator writes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    r#type: String,
    schema: Value,
    words: BTreeMap<String, String>,
    #[serde(default)]
    ask: Asking,
    #[serde(default)]
    evidence: Evidence,
    #[serde(default)]
    once: bool,
    #[serde(default)]
    level: Option<Level>,
    #[serde(default)]
    max_age: Option<u64>,
}

/// Elements that were checked against their types, as they came, and what their types ask.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Details {
    /// The elements.
    pub items: Vec<Value>,
    /// Whether even a trusted client's person is asked.
    pub anew: bool,
    /// Whether a record is signed and kept.
    pub evidence: bool,
    /// What must be proven of whoever allows it.
    pub level: Option<Level>,
    /// How fresh, in seconds.
    pub max_age: Option<u64>,
}

impl DetailTypes {
    /// Reads a list of types; the error says which is wrong, and how.
    pub fn parse(text: &[u8]) -> Result<Self, String> {
        let value = jose::json::parse(text, MOST_BYTES, 32).map_err(|error| error.to_string())?;
        let all: Vec<Written> = serde_json::from_value(value).map_err(|error| error.to_string())?;
        let mut types = BTreeMap::new();
        for written in all {
            let name = written.r#type.clone();
            let one = DetailType::read(written).map_err(|error| format!("type {name}: {error}"))?;
            if types.insert(name.clone(), one).is_some() {
                return Err(format!("type {name} stands twice"));
            }
        }
        Ok(Self(types))
    }

    /// Their names, for the metadata (§10).
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The parameter of a request (§2, §5): each element is of a type that is known here, that the client may use, and fits.
    pub fn check(&self, text: &str, client: &Client) -> Result<Details, OAuthError> {
        let mut details = Details { items: elements(text)?, ..Details::default() };
        for item in &details.items {
            let name = type_of(item);
            let allowed = client.shown.authorization_details_types.iter().any(|allowed| allowed == name);
            let Some(known) = self.0.get(name).filter(|_| allowed) else {
                return Err(invalid("has a type that is not known here, or that this client may not use"));
            };
            if let Err(Misfit(at)) = known.schema.check(item) {
                return Err(invalid(&format!("does not fit its type, at {at}")));
            }
            details.anew |= known.asking == Asking::Always;
            details.evidence |= known.evidence == Evidence::Signed;
            details.level = details.level.max(known.policy.level);
            details.max_age = [details.max_age, known.policy.max_age].into_iter().flatten().min();
        }
        Ok(details)
    }

    /// Of what was granted, what stays beyond the first access token: the types that are for one use do not (§7, §9.1 leave to
    /// the types what a token carries).
    pub fn lasting(&self, granted: &[Value]) -> Vec<Value> {
        granted.iter().filter(|item| self.0.get(type_of(item)).is_none_or(|known| !known.once)).cloned().collect()
    }

    /// What a person reads of an element, in the first of these languages that has words for it, or in any.
    pub fn say(&self, item: &Value, languages: &[&str]) -> Vec<Part> {
        let Some(known) = self.0.get(type_of(item)) else {
            // The type was taken away meanwhile: better its bare content than nothing.
            return vec![Part::Value(item.to_string())];
        };
        let wished = languages.iter().find_map(|language| known.words.get(*language));
        let template = wished.or_else(|| known.words.get("en")).or_else(|| known.words.values().next());
        template.map(|template| template.say(item)).unwrap_or_default()
    }
}

impl DetailType {
    fn read(written: Written) -> Result<Self, String> {
        let schema = Schema::parse(&written.schema).map_err(|error| error.to_string())?;
        // §2: every element says its type; the schema says so too.
        match schema.member(&["type"]) {
            Some((member, true)) if member.check(&Value::String(written.r#type.clone())).is_ok() => {}
            _ => return Err("its schema must require the member type, and take its name there".to_owned()),
        }
        let mut words = BTreeMap::new();
        for (language, text) in &written.words {
            let template = Template::parse(text, &schema).map_err(|error| format!("words in {language}: {error}"))?;
            words.insert(language.clone(), template);
        }
        if words.is_empty() {
            return Err("it has no words: people must be able to read it".to_owned());
        }
        let policy = Policy { level: written.level, max_age: written.max_age };
        Ok(Self { schema, words, asking: written.ask, evidence: written.evidence, once: written.once, policy })
    }
}

impl Details {
    /// Whether nothing is asked this way.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// What must be proven of whoever allows it.
    pub fn policy(&self) -> Policy {
        Policy { level: self.level, max_age: self.max_age }
    }
}

/// The elements asked for at the token endpoint, each of them one that was granted, and no oftener than it was; all that was
/// granted where nothing is asked (§6, §6.1). What was granted is compared member by member: there is no smaller part of an
/// element.
pub fn narrowed(asked: Option<&str>, granted: &[Value]) -> Result<Vec<Value>, OAuthError> {
    let Some(text) = asked else { return Ok(granted.to_vec()) };
    let asked = elements(text)?;
    let times = |all: &[Value], item: &Value| all.iter().filter(|one| *one == item).count();
    match asked.iter().all(|item| times(&asked, item) <= times(granted, item)) {
        true => Ok(asked),
        false => Err(invalid("goes beyond what was granted")),
    }
}

/// §2: a list of objects, each of which says its type.
fn elements(text: &str) -> Result<Vec<Value>, OAuthError> {
    let value = jose::json::parse(text.as_bytes(), MOST_BYTES, DEEPEST).map_err(|_| invalid("is not strict JSON"))?;
    let Value::Array(items) = value else { return Err(invalid("is no list")) };
    match items.is_empty() || items.len() > MOST || items.iter().any(|item| type_of(item).is_empty()) {
        true => Err(invalid("must have 1 to 16 elements, each with a type")),
        false => Ok(items),
    }
}

fn type_of(item: &Value) -> &str {
    item.get("type").and_then(Value::as_str).unwrap_or_default()
}

/// §5.
fn invalid(words: &str) -> OAuthError {
    OAuthError::new(ErrorCode::InvalidAuthorizationDetails, format!("authorization_details {words}"))
}

const MOST: usize = 16;
const MOST_BYTES: usize = 64 * 1024;
const DEEPEST: usize = 12;

#[cfg(test)]
mod tests;
