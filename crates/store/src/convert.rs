//! How the domain's own types stand in a column.

use std::borrow::Cow;

use oidc::{Id, Time};

use crate::db::{Cell, FromValue, Value};

impl From<Id> for Value<'_> {
    fn from(id: Id) -> Self {
        Some(id).into()
    }
}

impl From<Option<Id>> for Value<'_> {
    fn from(id: Option<Id>) -> Self {
        Self::Text(id.map(|id| Cow::Owned(id.to_string())))
    }
}

impl From<Time> for Value<'_> {
    fn from(time: Time) -> Self {
        Some(time).into()
    }
}

impl From<Option<Time>> for Value<'_> {
    fn from(time: Option<Time>) -> Self {
        Self::Integer(time.map(Time::millis))
    }
}

impl FromValue for Id {
    fn from_value(cell: Cell) -> Result<Self, &'static str> {
        String::from_value(cell)?.parse().map_err(|_| "an id")
    }
}

impl FromValue for Time {
    fn from_value(cell: Cell) -> Result<Self, &'static str> {
        i64::from_value(cell).map(Time::from_millis)
    }
}
