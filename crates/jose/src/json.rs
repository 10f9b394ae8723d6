//! Strict JSON objects: no duplicate members at any depth, bounded size and depth, nothing after
//! the object (RFC 7515 §4, §5.2; RFC 7519 §4).

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// How large and how deep a text may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Octets of text.
    pub bytes: usize,
    /// Objects and arrays inside one another; the outermost object is the first.
    pub depth: usize,
}

impl Limits {
    /// For a JOSE header.
    pub const HEADER: Self = Self { bytes: 4 * 1024, depth: 8 };
    /// For a claims set.
    pub const CLAIMS: Self = Self { bytes: 64 * 1024, depth: 16 };
    /// For a JWK Set.
    pub const JWKS: Self = Self { bytes: 256 * 1024, depth: 8 };
}

/// Why a text is not a strict JSON object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// More octets than the limit.
    #[error("the JSON text is too large")]
    TooLarge,
    /// Malformed, too deep, with a duplicate member, or with data after the end.
    #[error("not well-formed JSON within the limits and without duplicate members")]
    Malformed,
    /// Another kind of value.
    #[error("the JSON value is not an object")]
    NotAnObject,
}

/// Reads one object.
pub fn parse_object(text: &[u8], limits: Limits) -> Result<Map<String, Value>, JsonError> {
    if text.len() > limits.bytes {
        return Err(JsonError::TooLarge);
    }
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let value = Strict { depth_left: limits.depth }.deserialize(&mut deserializer).map_err(|_| JsonError::Malformed)?;
    deserializer.end().map_err(|_| JsonError::Malformed)?;
    match value {
        Value::Object(map) => Ok(map),
        _ => Err(JsonError::NotAnObject),
    }
}

#[derive(Clone, Copy)]
struct Strict {
    depth_left: usize,
}

impl Strict {
    fn inner<E: serde::de::Error>(self) -> Result<Self, E> {
        let depth_left = self.depth_left.checked_sub(1).ok_or_else(|| E::custom("too deep"))?;
        Ok(Self { depth_left })
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value without duplicate members")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let mut map = Map::new();
        while let Some(name) = access.next_key::<String>()? {
            let value = access.next_value_seed(inner)?;
            if map.insert(name, value).is_some() {
                return Err(A::Error::custom("duplicate member"));
            }
        }
        Ok(Value::Object(map))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(inner)? {
            items.push(item);
        }
        Ok(Value::Array(items))
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

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: Limits = Limits { bytes: 64, depth: 3 };

    fn parse(text: &str) -> Result<Map<String, Value>, JsonError> {
        parse_object(text.as_bytes(), SMALL)
    }

    #[test]
    fn an_object_is_read_as_it_stands() {
        let text = r#" {"a":[1,-2,0.5,null,true,"x"],"b":{"c":{}}} "#;
        let expected: Value = serde_json::from_str(text).unwrap();
        assert_eq!(Value::Object(parse(text).unwrap()), expected);
    }

    /// RFC 7515 §4 and RFC 7519 §4: duplicates, also when one is spelled with an escape.
    #[test]
    fn malformed_texts_are_refused() {
        for text in [
            "",
            r#"{"a":1,"a":1}"#,
            r#"{"a":1,"\u0061":2}"#,
            r#"{"o":{"a":1,"a":2}}"#,
            r#"{"o":[{"a":1,"a":2}]}"#,
            r#"{"a":1}{}"#,
            r#"{"a":1} x"#,
            r#"{"a":1,}"#,
            r#"{"a":[[[1]]]}"#,
            r#"{"a":1e999}"#,
        ] {
            assert_eq!(parse(text), Err(JsonError::Malformed), "{text}");
        }
        assert_eq!(parse_object(b"{\"a\":\"\xff\"}", SMALL), Err(JsonError::Malformed));
    }

    #[test]
    fn depth_and_size_are_bounded_exactly() {
        assert!(parse(r#"{"a":[[1]]}"#).is_ok());
        let exact = format!("{{{}}}", " ".repeat(62));
        assert!(parse(&exact).is_ok());
        assert_eq!(parse(&format!("{exact} ")), Err(JsonError::TooLarge));
    }

    #[test]
    fn only_objects_are_read() {
        for text in ["[]", "1", "null", "\"{}\""] {
            assert_eq!(parse(text), Err(JsonError::NotAnObject), "{text}");
        }
    }
}
