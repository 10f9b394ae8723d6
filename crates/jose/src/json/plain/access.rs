//! From plain JSON to the caller's type, without a value in between.

use serde::de::value::{BorrowedStrDeserializer, StrDeserializer};
use serde::de::{self, DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::value::Each;
use super::{Members, Named, Plain, Sort, Unusual};

/// Reads the whole object as the caller's type; `each` sees every member.
#[inline(always)]
pub(crate) fn read<'de, T: DeserializeOwned, F>(members: Members<'de>, each: &mut F) -> Result<T, Unusual>
where
    F: FnMut(&'de str, Plain<'de>),
{
    let mut ended = false;
    // By value, since what is behind a reference cannot stay in registers.
    let read = T::deserialize(Access { members, each, value: Plain::NULL, ended: &mut ended });
    // A type that leaves members unread does not fit.
    if ended { read } else { Err(Unusual) }
}

struct Access<'r, 'de, F> {
    members: Members<'de>,
    each: &'r mut F,
    /// Of the member whose name was given last.
    value: Plain<'de>,
    ended: &'r mut bool,
}

impl<'de, F: FnMut(&'de str, Plain<'de>)> MapAccess<'de> for Access<'_, 'de, F> {
    type Error = Unusual;

    #[inline(always)]
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Unusual> {
        let Some((name, value)) = self.members.next()? else {
            *self.ended = true;
            return Ok(None);
        };
        (self.each)(name, value);
        self.value = value;
        seed.deserialize(StrDeserializer::new(name)).map(Some)
    }

    #[inline(always)]
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Unusual> {
        // A string by itself is handed on in registers.
        match self.value.sort {
            Sort::Text => seed.deserialize(Text(self.value.inside)),
            _ => seed.deserialize(self.value),
        }
    }
}

/// A value that is a string.
struct Text<'de>(&'de str);

impl<'de> Deserializer<'de> for Text<'de> {
    type Error = Unusual;

    #[inline]
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unusual> {
        visitor.visit_borrowed_str(self.0)
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
        visitor: V,
    ) -> Result<V::Value, Unusual> {
        visitor.visit_enum(StrDeserializer::new(self.0))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

impl<'de, F: FnMut(&'de str, Plain<'de>)> Deserializer<'de> for Access<'_, 'de, F> {
    type Error = Unusual;

    #[inline(always)]
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unusual> {
        visitor.visit_map(self)
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
        match self.sort {
            Sort::Null => visitor.visit_unit(),
            Sort::Bool => visitor.visit_bool(self.number == 1),
            Sort::Number => match u64::try_from(self.number) {
                Ok(positive) => visitor.visit_u64(positive),
                Err(_) => visitor.visit_i64(self.number),
            },
            Sort::Text => Text(self.inside).deserialize_any(visitor),
            Sort::Texts => {
                let mut each = self.texts().ok_or(Unusual)?;
                let value = visitor.visit_seq(&mut each)?;
                // A type that takes fewer elements does not fit.
                if each.next().is_some() { Err(Unusual) } else { Ok(value) }
            }
            Sort::Named => {
                let mut inner = Inner { each: Named::of(self.inside), value: "" };
                let value = visitor.visit_map(&mut inner)?;
                if inner.each.next().is_some() { Err(Unusual) } else { Ok(value) }
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unusual> {
        match self.sort {
            Sort::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unusual> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unusual> {
        Text(self.text().ok_or(Unusual)?).deserialize_enum(name, variants, visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

/// An object within the object.
struct Inner<'de> {
    each: Named<'de>,
    /// Of the member whose name was given last.
    value: &'de str,
}

impl<'de> MapAccess<'de> for &mut Inner<'de> {
    type Error = Unusual;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Unusual> {
        let Some((name, value)) = self.each.next() else { return Ok(None) };
        self.value = value;
        seed.deserialize(StrDeserializer::new(name)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Unusual> {
        seed.deserialize(Text(self.value))
    }
}

impl<'de> SeqAccess<'de> for &mut Each<'de> {
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
