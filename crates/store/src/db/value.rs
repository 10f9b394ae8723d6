//! The values that go into a statement.

use std::borrow::Cow;

/// One value for a placeholder. The kind is known for a null too, since PostgreSQL asks for it.
#[derive(Clone)]
pub enum Value<'a> {
    /// BIGINT.
    Integer(Option<i64>),
    /// BOOLEAN.
    Bool(Option<bool>),
    /// TEXT.
    Text(Option<Cow<'a, str>>),
    /// BYTEA.
    Bytes(Option<Cow<'a, [u8]>>),
}

/// The values of a statement: `params![id, now, "text"]` for `$1`, `$2`, `$3`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => {
        &[$($crate::Value::from($value)),*] as &[$crate::Value<'_>]
    };
}

macro_rules! from {
    ($($type:ty => |$value:ident| $make:expr;)*) => {$(
        impl<'a> From<$type> for Value<'a> {
            fn from($value: $type) -> Self {
                $make
            }
        }
    )*};
}

from! {
    i64 => |v| Self::Integer(Some(v));
    Option<i64> => |v| Self::Integer(v);
    bool => |v| Self::Bool(Some(v));
    Option<bool> => |v| Self::Bool(v);
    &'a str => |v| Self::Text(Some(Cow::Borrowed(v)));
    Option<&'a str> => |v| Self::Text(v.map(Cow::Borrowed));
    &'a String => |v| Self::Text(Some(Cow::Borrowed(v)));
    &'a Option<String> => |v| Self::Text(v.as_deref().map(Cow::Borrowed));
    String => |v| Self::Text(Some(Cow::Owned(v)));
    Option<String> => |v| Self::Text(v.map(Cow::Owned));
    &'a [u8] => |v| Self::Bytes(Some(Cow::Borrowed(v)));
    Option<&'a [u8]> => |v| Self::Bytes(v.map(Cow::Borrowed));
    &'a [u8; 32] => |v| Self::Bytes(Some(Cow::Borrowed(v)));
    &'a Vec<u8> => |v| Self::Bytes(Some(Cow::Borrowed(v)));
    &'a Option<Vec<u8>> => |v| Self::Bytes(v.as_deref().map(Cow::Borrowed));
    Vec<u8> => |v| Self::Bytes(Some(Cow::Owned(v)));
    Option<Vec<u8>> => |v| Self::Bytes(v.map(Cow::Owned));
}
