//! From plain JSON to the caller's type, without a value in between.

use serde::de::value::{BorrowedStrDeserializer, StrDeserializer};
use serde::de::{self, DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::value::Texts;
use super::{Members, Plain, Sort, Unusual};

/// Reads an object as `T`; `each` sees every member. The members can be asked again afterwards.
pub(crate) fn deserialize<'de, T: DeserializeOwned>(
    text: &'de [u8],
    depth: usize,
    each: impl FnMut(&'de str, Plain<'de>),
) -> Result<(T, Members<'de>), Unusual> {
    let mut access = Access { members: Members::new(text, depth)?, each, value: Plain::of("null") };
    let value = T::deserialize(Whole(&mut access))?;
    // A type that leaves members unread does not fit.
    if access.step()?.is_some() { Err(Unusual) } else { Ok((value, access.members)) }
}

struct Access<'de, F> {
    members: Members<'de>,
    each: F,
    /// Of the member whose name was given last.
    value: Plain<'de>,
}

impl<'de, F: FnMut(&'de str, Plain<'de>)> Access<'de, F> {
    fn step(&mut self) -> Result<Option<&'de str>, Unusual> {
        let Some((name, value)) = self.members.next()? else { return Ok(None) };
        (self.each)(name, value);
        self.value = value;
        Ok(Some(name))
    }
}

impl<'de, F: FnMut(&'de str, Plain<'de>)> MapAccess<'de> for &mut Access<'de, F> {
    type Error = Unusual;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Unusual> {
        match self.step()? {
            Some(name) => seed.deserialize(StrDeserializer::new(name)).map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Unusual> {
        seed.deserialize(self.value)
    }
}

/// The whole object.
struct Whole<'r, 'de, F>(&'r mut Access<'de, F>);

impl<'de, F: FnMut(&'de str, Plain<'de>)> Deserializer<'de> for Whole<'_, 'de, F> {
    type Error = Unusual;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unusual> {
        visitor.visit_map(self.0)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unusual> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unusual> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Unusual> {
        Err(Unusual)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

impl<'de> Deserializer<'de> for Plain<'de> {
    type Error = Unusual;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unusual> {
        match self.sort() {
            Sort::Null => visitor.visit_unit(),
            Sort::Bool(value) => visitor.visit_bool(value),
            Sort::Positive(number) => visitor.visit_u64(number),
            Sort::Negative(number) => visitor.visit_i64(number),
            Sort::Text(text) => visitor.visit_borrowed_str(text),
            Sort::Texts(mut texts) => {
                let value = visitor.visit_seq(&mut texts)?;
                // A type that takes fewer elements does not fit.
                if texts.next().is_some() { Err(Unusual) } else { Ok(value) }
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unusual> {
        match self.sort() {
            Sort::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unusual> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unusual> {
        visitor.visit_enum(StrDeserializer::new(self.text().ok_or(Unusual)?))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

impl<'de> SeqAccess<'de> for &mut Texts<'de> {
    type Error = Unusual;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Unusual> {
        self.next().map(|text| seed.deserialize(BorrowedStrDeserializer::new(text))).transpose()
    }
}

impl de::Error for Unusual {
    fn custom<T: std::fmt::Display>(_: T) -> Self {
        Self
    }
}
