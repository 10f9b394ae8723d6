//! From plain JSON to the caller's type, without a value in between.

use serde::de::value::{BorrowedStrDeserializer, StrDeserializer};
use serde::de::{self, DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::value::Each;
use super::{Members, Named, Plain, Sort, Unusual};

/// Reads an object as the caller's type.
pub(crate) struct Access<'de, F> {
    members: Members<'de>,
    each: F,
    /// The name that was read last, and its value.
    name: &'de str,
    value: Plain<'de>,
}

impl<'de, F: FnMut(&'de str, Plain<'de>)> Access<'de, F> {
    /// Begins; `each` sees every member.
    #[inline]
    pub(crate) fn new(text: &'de [u8], depth: usize, each: F) -> Result<Self, Unusual> {
        Ok(Self { members: Members::new(text, depth)?, each, name: "", value: Plain::NULL })
    }

    /// Reads the whole object.
    #[inline]
    pub(crate) fn read<T: DeserializeOwned>(&mut self) -> Result<T, Unusual> {
        let value = T::deserialize(Whole(self))?;
        // A type that leaves members unread does not fit.
        if self.step()? { Err(Unusual) } else { Ok(value) }
    }

    /// The members, all of which have been gone over.
    pub(crate) fn into_members(self) -> Members<'de> {
        self.members
    }

    fn step(&mut self) -> Result<bool, Unusual> {
        let Some((name, value)) = self.members.next()? else { return Ok(false) };
        (self.each)(name, value);
        (self.name, self.value) = (name, value);
        Ok(true)
    }
}

impl<'de, F: FnMut(&'de str, Plain<'de>)> MapAccess<'de> for &mut Access<'de, F> {
    type Error = Unusual;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Unusual> {
        match self.step()? {
            true => seed.deserialize(StrDeserializer::new(self.name)).map(Some),
            false => Ok(None),
        }
    }

    #[inline]
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
        match self.sort {
            Sort::Null => visitor.visit_unit(),
            Sort::Bool => visitor.visit_bool(self.number == 1),
            Sort::Number => match u64::try_from(self.number) {
                Ok(positive) => visitor.visit_u64(positive),
                Err(_) => visitor.visit_i64(self.number),
            },
            Sort::Text => visitor.visit_borrowed_str(self.inside),
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
        seed.deserialize(Plain { sort: Sort::Text, inside: self.value, number: 0 })
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
