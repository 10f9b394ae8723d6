//! The part of JSON Schema (2020-12) that types of `authorization_details` are written in.
//!
//! `type` (one), `properties`, `required`, `additionalProperties: false`, `items`, `minItems`, `maxItems`, `enum`, `const`,
//! `minLength`, `maxLength`, `minimum`, `maximum`, and `format` with the names of `Format`, which is an assertion here.
//! `title`, `description`, `examples`, `default`, `$schema`, `$id` and `$comment` say something to people alone. A schema with
//! anything else is refused: nothing that an operator wrote is passed over. An object takes no member that is not named,
//! since RFC 9396 §5 has unknown ones refused, and its schema must say so.

use std::collections::BTreeMap;

use serde_json::{Map, Number, Value};

/// A schema that was understood in full.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schema {
    kind: Kind,
    allowed: Option<Vec<Value>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Object { properties: BTreeMap<String, Schema>, required: Vec<String> },
    Array { items: Box<Schema>, least: usize, most: usize },
    Text { least: usize, most: usize, format: Option<Format> },
    Number { whole: bool, least: Option<Number>, most: Option<Number> },
    Boolean,
}

/// What a text is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    /// An absolute URI (RFC 3986).
    Uri,
    /// A day (RFC 3339 `full-date`).
    Date,
    /// An amount of money: digits, and after a point one to four more, without a sign; more than nothing.
    Amount,
    /// A currency's three letters (ISO 4217); whether there is such a one is not looked up.
    Currency,
    /// An account's number with its check digits (ISO 13616).
    Iban,
}

/// Why a schema is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{at}: {words}")]
pub struct NotASchema {
    /// Where, as a path of members.
    pub at: String,
    /// What is wrong, with the name of what is.
    pub words: String,
}

/// Where a value does not fit: the path of members, for the client's developer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit(pub String);

impl Schema {
    /// Understands a schema, or says what of it is beyond the part that is known here.
    pub fn parse(schema: &Value) -> Result<Self, NotASchema> {
        parse(schema, "schema", DEEPEST)
    }

    /// Whether a value fits.
    pub fn check(&self, value: &Value) -> Result<(), Misfit> {
        self.check_at(value, "")
    }

    /// The schema of the member at this path, and whether it is always there.
    pub(super) fn member(&self, path: &[&str]) -> Option<(&Self, bool)> {
        let Some((first, rest)) = path.split_first() else { return Some((self, true)) };
        let Kind::Object { properties, required } = &self.kind else { return None };
        let (found, always) = properties.get(*first)?.member(rest)?;
        Some((found, always && required.iter().any(|name| name == first)))
    }

    /// Whether a value of it is one line of text: text, a number, yes or no.
    pub(super) fn is_scalar(&self) -> bool {
        !matches!(self.kind, Kind::Object { .. } | Kind::Array { .. })
    }

    /// Whether a value of it is a list of such.
    pub(super) fn is_list(&self) -> bool {
        matches!(&self.kind, Kind::Array { items, .. } if items.is_scalar())
    }

    fn check_at(&self, value: &Value, at: &str) -> Result<(), Misfit> {
        let misfit = || Err(Misfit(if at.is_empty() { "the object".to_owned() } else { at.to_owned() }));
        if self.allowed.as_ref().is_some_and(|allowed| !allowed.contains(value)) {
            return misfit();
        }
        let inside = |name: &str| if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") };
        match (&self.kind, value) {
            (Kind::Object { properties, required }, Value::Object(members)) => {
                for (name, member) in members {
                    // Its name comes from outside.
                    let Some(schema) = properties.get(name) else { return Err(Misfit(inside("(unknown)"))) };
                    schema.check_at(member, &inside(name))?;
                }
                match required.iter().find(|name| !members.contains_key(*name)) {
                    Some(missing) => Err(Misfit(inside(missing))),
                    None => Ok(()),
                }
            }
            (Kind::Array { items, least, most }, Value::Array(values)) => {
                if values.len() < *least || values.len() > *most {
                    return misfit();
                }
                values.iter().try_for_each(|value| items.check_at(value, at))
            }
            (Kind::Text { least, most, format }, Value::String(text)) => {
                let length = text.chars().count();
                let fits = (*least..=*most).contains(&length) && format.is_none_or(|format| format.fits(text));
                if fits { Ok(()) } else { misfit() }
            }
            (Kind::Number { whole, least, most }, Value::Number(number)) => {
                let fits = (!whole || number.is_i64() || number.is_u64())
                    && least.as_ref().is_none_or(|least| number.as_f64() >= least.as_f64())
                    && most.as_ref().is_none_or(|most| number.as_f64() <= most.as_f64());
                if fits { Ok(()) } else { misfit() }
            }
            (Kind::Boolean, Value::Bool(_)) => Ok(()),
            _ => misfit(),
        }
    }
}

impl Format {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "uri" => Self::Uri,
            "date" => Self::Date,
            "amount" => Self::Amount,
            "currency" => Self::Currency,
            "iban" => Self::Iban,
            _ => return None,
        })
    }

    fn fits(self, text: &str) -> bool {
        match self {
            Self::Uri => url::Url::parse(text).is_ok(),
            Self::Date => is_date(text),
            Self::Amount => is_amount(text),
            Self::Currency => text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase()),
            Self::Iban => is_iban(text),
        }
    }
}

fn parse(schema: &Value, at: &str, depth: usize) -> Result<Schema, NotASchema> {
    let fault = |words: String| fault(at, words);
    let members = schema
        .as_object()
        .filter(|_| depth > 0)
        .ok_or_else(|| fault("must be an object, and not too deep".to_owned()))?;
    let kind = members.get("type").and_then(Value::as_str).ok_or_else(|| fault("needs one type".to_owned()))?;
    let own: &[&str] = match kind {
        "object" => &["properties", "required", "additionalProperties"],
        "array" => &["items", "minItems", "maxItems"],
        "string" => &["minLength", "maxLength", "format"],
        "number" | "integer" => &["minimum", "maximum"],
        "boolean" => &[],
        other => return Err(fault(format!("the type «{other}» is not known here"))),
    };
    let known = |name: &&String| own.contains(&name.as_str()) || EVERYWHERE.contains(&name.as_str());
    if let Some(name) = members.keys().find(|name| !known(name)) {
        return Err(fault(format!("the keyword «{name}» is not known here for the type «{kind}»")));
    }
    let count = |name: &str, usual: usize| match members.get(name) {
        None => Ok(usual),
        Some(value) => {
            let number = value.as_u64().and_then(|number| usize::try_from(number).ok());
            number
                .filter(|number| *number <= LONGEST)
                .ok_or_else(|| fault(format!("{name} must be a whole number from 0 to {LONGEST}")))
        }
    };
    let kind = match kind {
        "object" => object(members, at, depth)?,
        "array" => {
            let items = members.get("items").ok_or_else(|| fault("needs items".to_owned()))?;
            let items = Box::new(parse(items, &format!("{at}.items"), depth - 1)?);
            Kind::Array { items, least: count("minItems", 0)?, most: count("maxItems", MOST_ITEMS)? }
        }
        "string" => {
            let format = match members.get("format") {
                None => None,
                Some(name) => {
                    let format = name.as_str().and_then(Format::named);
                    Some(format.ok_or_else(|| fault(format!("the format {name} is not known here")))?)
                }
            };
            Kind::Text { least: count("minLength", 0)?, most: count("maxLength", LONGEST)?, format }
        }
        "boolean" => Kind::Boolean,
        kind => {
            let bound = |name: &str| match members.get(name) {
                None => Ok(None),
                Some(Value::Number(number)) => Ok(Some(number.clone())),
                Some(_) => Err(fault(format!("{name} must be a number"))),
            };
            Kind::Number { whole: kind == "integer", least: bound("minimum")?, most: bound("maximum")? }
        }
    };
    let allowed = match (members.get("const"), members.get("enum")) {
        (None, None) => None,
        (Some(value), None) => Some(vec![value.clone()]),
        (None, Some(Value::Array(values))) if !values.is_empty() => Some(values.clone()),
        _ => return Err(fault("needs one const, or an enum that is a list".to_owned())),
    };
    Ok(Schema { kind, allowed })
}

fn object(members: &Map<String, Value>, at: &str, depth: usize) -> Result<Kind, NotASchema> {
    let fault = |words: &str| fault(at, words.to_owned());
    if members.get("additionalProperties") != Some(&Value::Bool(false)) {
        return Err(fault("needs additionalProperties: false, since unknown members are refused"));
    }
    let named = members.get("properties").and_then(Value::as_object).ok_or_else(|| fault("needs properties"))?;
    let mut properties = BTreeMap::new();
    for (name, schema) in named {
        properties.insert(name.clone(), parse(schema, &format!("{at}.{name}"), depth - 1)?);
    }
    let required = match members.get("required") {
        None => Vec::new(),
        Some(Value::Array(names)) => {
            let names: Option<Vec<String>> = names.iter().map(|name| name.as_str().map(str::to_owned)).collect();
            let names = names.ok_or_else(|| fault("needs a list of required members"))?;
            match names.iter().find(|name| !properties.contains_key(*name)) {
                Some(name) => return Err(fault(&format!("requires «{name}», which is none of its properties"))),
                None => names,
            }
        }
        Some(_) => return Err(fault("needs a list of required members")),
    };
    Ok(Kind::Object { properties, required })
}

fn fault(at: &str, words: String) -> NotASchema {
    NotASchema { at: at.to_owned(), words }
}

fn is_date(text: &str) -> bool {
    let digits = |part: &str, count| part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let number = |part: &str| part.parse::<u32>().unwrap_or_default();
    let leap = |year: u32| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let last = match number(month) {
        4 | 6 | 9 | 11 => 30,
        2 if leap(number(year)) => 29,
        2 => 28,
        1..=12 => 31,
        _ => 0,
    };
    digits(year, 4) && digits(month, 2) && digits(day, 2) && (1..=last).contains(&number(day))
}

fn is_amount(text: &str) -> bool {
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let plain = (1..=15).contains(&whole.len()) && (1..=4).contains(&part.len()) && digits(whole) && digits(part);
    let more_than_nothing = text.bytes().any(|byte| (b'1'..=b'9').contains(&byte));
    plain && (whole == "0" || !whole.starts_with('0')) && more_than_nothing
}

/// ISO 13616-1: letters count from 10, the first four signs stand last, and the rest of 97 is one.
fn is_iban(text: &str) -> bool {
    let shape = (15..=34).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
        && text.bytes().take(2).all(|byte| byte.is_ascii_uppercase());
    let rest = |text: &str| {
        text[4..].bytes().chain(text[..4].bytes()).fold(0_u32, |rest, byte| match byte {
            b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
            _ => (rest * 100 + u32::from(byte - b'A') + 10) % 97,
        })
    };
    shape && rest(text) == 1
}

const EVERYWHERE: &[&str] =
    &["type", "const", "enum", "title", "description", "examples", "default", "$schema", "$id", "$comment"];
const DEEPEST: usize = 8;
const MOST_ITEMS: usize = 64;
const LONGEST: usize = 4096;

#[cfg(test)]
mod tests;
