//! Strict JSON: no member twice at any level, bounded depth and size, nothing after the value.
//!
//! Two parsers that disagree about a doubled member disagree about what was signed (RFC 7515 §4,
//! RFC 7519 §4 and RFC 8725 §2.4), so the text is refused.

pub(crate) mod plain;
mod write;

use std::cell::Cell;
use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
pub use serde_json::{Map, Value};
pub(crate) use write::write;

use crate::Limits;

/// Members of a JSON object.
///
/// ```
/// use vestibule_jose::json::Object;
///
/// let claims = Object::from_iter([("sub".to_owned(), "ada".into())]);
/// assert_eq!(claims["sub"], "ada");
/// ```
pub type Object = Map<String, Value>;

/// Why a JSON text was refused.
///
/// ```
/// use vestibule_jose::Limits;
/// use vestibule_jose::json::{JsonError, parse_object};
///
/// assert_eq!(parse_object(b"[]", &Limits::DEFAULT), Err(JsonError::NotAnObject("an array")));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// Longer than allowed.
    #[error("{found} bytes of JSON, of which {limit} are allowed")]
    TooLong {
        /// Bytes found.
        found: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// Not JSON, or not strict: the parser's own words, with line and column.
    #[error("{0}")]
    Syntax(String),
    /// A value, but no object.
    #[error("a JSON object is expected, found {0}")]
    NotAnObject(&'static str),
}

/// Reads one object of at most [`Limits::json_bytes`].
///
/// ```
/// use vestibule_jose::Limits;
/// use vestibule_jose::json::parse_object;
///
/// assert_eq!(parse_object(br#"{"sub": "ada"}"#, &Limits::DEFAULT)?["sub"], "ada");
/// // Two readers would take different ones.
/// assert!(parse_object(br#"{"sub": "ada", "sub": "eve"}"#, &Limits::DEFAULT).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn parse_object(text: &[u8], limits: &Limits) -> Result<Object, JsonError> {
    match parse(text, limits.json_bytes, limits.json_depth)? {
        Value::Object(members) => Ok(members),
        other => Err(JsonError::NotAnObject(kind(&other))),
    }
}

/// Reads one value of at most `bytes`, nested at most `depth` deep, that holds at most [`MOST_VALUES`] others.
///
/// ```
/// use vestibule_jose::json;
///
/// assert_eq!(json::parse(b"[1, 2]", 100, 2)?[1], 2);
/// assert!(json::parse(b"[[[]]]", 100, 2).is_err(), "too deep");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn parse(text: &[u8], bytes: usize, depth: usize) -> Result<Value, JsonError> {
    if text.len() > bytes {
        return Err(JsonError::TooLong { found: text.len(), limit: bytes });
    }
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let left = Cell::new(MOST_VALUES);
    let value = Strict { depth, left: &left }.deserialize(&mut deserializer).map_err(syntax)?;
    deserializer.end().map_err(syntax)?;
    Ok(value)
}

/// What sort of value this is, for messages.
///
/// ```
/// use vestibule_jose::json::{Value, kind};
///
/// assert_eq!(kind(&Value::Null), "null");
/// ```
pub fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

fn syntax(error: serde_json::Error) -> JsonError {
    JsonError::Syntax(error.to_string())
}

/// A value that may open `depth` more arrays or objects, of a text that may hold `left` more values.
#[derive(Clone, Copy)]
struct Strict<'a> {
    depth: usize,
    left: &'a Cell<usize>,
}

impl Strict<'_> {
    fn inner<E: de::Error>(self) -> Result<Self, E> {
        match self.depth.checked_sub(1) {
            Some(depth) => Ok(Self { depth, ..self }),
            None => Err(E::custom("nested too deep")),
        }
    }

    fn one_more<E: de::Error>(self) -> Result<(), E> {
        let left = self.left.get().checked_sub(1).ok_or_else(|| E::custom("too many values"))?;
        self.left.set(left);
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        serde_json::Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(inner)? {
            self.one_more()?;
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let mut object = Object::new();
        while let Some(name) = members.next_key::<String>()? {
            if object.contains_key(&name) {
                return Err(de::Error::custom("a member stands twice in one object"));
            }
            self.one_more()?;
            let value = members.next_value_seed(inner)?;
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

/// Members and elements in one text, at all levels. `{"":0}` takes seven bytes to write and seven hundred to hold, so
/// that the bytes alone bound little.
pub const MOST_VALUES: usize = 16_384;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_strict_is_read() {
        let text = br#"{"a":[1,-2,3.5,true,null,"\u00e9"],"b":{"a":{}}}"#;
        let object = parse_object(text, &Limits::DEFAULT).expect("strict JSON");
        assert_eq!(Value::Object(object), serde_json::from_slice::<Value>(text).expect("JSON"));
    }

    #[test]
    fn what_is_not_strict_is_refused() {
        let table: &[(&[u8], &str)] = &[
            (br#"{"a":1,"a":1}"#, "twice"),
            (br#"{"b":[{"a":1,"\u0061":2}]}"#, "twice"),
            (br#"{"a":1} x"#, "trailing"),
            (br#"{"a":1}{}"#, "trailing"),
            (br#"{"a":1,}"#, "trailing comma"),
            (br#"{'a':1}"#, "key must be a string"),
            (br#"{"a":01}"#, "invalid number"),
            (br#"{"a":NaN}"#, "expected value"),
            (br#"{"a":1e999}"#, "out of range"),
            (b"{\"a\":\"\xff\"}", "unicode"),
            (br#"{"a":"\ud800"}"#, "hex escape"),
            (b"\xef\xbb\xbf{}", "expected value"),
            (b"{\"a\":\"\n\"}", "control character"),
            (b"", "EOF"),
            (b"[]", "an array"),
            (b"\"{}\"", "a string"),
        ];
        for (text, words) in table {
            let error = parse_object(text, &Limits::DEFAULT).expect_err("refused").to_string();
            assert!(error.contains(words), "{}: {error}", String::from_utf8_lossy(text));
        }
    }

    #[test]
    fn a_number_is_read_to_the_last_bit() {
        for text in ["494003102200E-320", "4.9406564584124654e-324", "0.1", "-2.2250738585072011e-308"] {
            let number = parse(text.as_bytes(), 100, 1).expect("a number").as_f64().map(f64::to_bits);
            assert_eq!(number, text.parse().map(f64::to_bits).ok(), "{text}");
        }
    }

    #[test]
    fn depth_and_size_are_bounded() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth)).into_bytes();
        assert!(parse(&nested(16), 1000, 16).is_ok());
        assert!(parse(&nested(17), 1000, 16).is_err());
        assert!(parse(&nested(100_000), 1_000_000, 16).is_err());
        assert_eq!(parse(b"     ", 4, 16), Err(JsonError::TooLong { found: 5, limit: 4 }));

        let elements = |count: usize| format!("[{}0]", "0,".repeat(count - 1)).into_bytes();
        assert!(parse(&elements(MOST_VALUES), 100_000, 16).is_ok());
        assert!(parse(&elements(MOST_VALUES + 1), 100_000, 16).is_err());
        // At all levels together: half of the objects, and as many members in them.
        let objects = |count: usize| format!("[{}{{}}]", "{\"\":0},".repeat(count)).into_bytes();
        assert!(parse(&objects(MOST_VALUES / 2 - 1), 100_000, 16).is_ok());
        assert!(parse(&objects(MOST_VALUES / 2), 100_000, 16).is_err());
    }
}
