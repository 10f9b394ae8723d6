//! Rows as records.

use std::fmt;
use std::ops::Deref;

use crate::Result;
use crate::db::{Cell, FromValue, Row, Value};
use oidc::Time;

/// What can be read from a row, column by column.
pub(crate) trait Record: Sized {
    /// Reads the columns in the order of the record's column list.
    fn read(row: &mut Row) -> Result<Self>;
}

pub(crate) fn one<T: Record>(row: Option<Row>) -> Result<Option<T>> {
    row.map(|mut row| T::read(&mut row)).transpose()
}

pub(crate) fn all<T: Record>(rows: Vec<Row>) -> Result<Vec<T>> {
    rows.into_iter().map(|mut row| T::read(&mut row)).collect()
}

/// A page of a list, oldest first: what comes after an entry, and how many.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// The time of creation and the id of the last entry seen; `None` begins at the beginning.
    pub after: Option<(Time, &'a str)>,
    /// How many at most.
    pub limit: u32,
}

impl Page<'_> {
    pub(crate) fn values(&self) -> [Value<'_>; 3] {
        let (time, id) = self.after.unwrap_or((Time::from_millis(i64::MIN), ""));
        [time.into(), id.into(), i64::from(self.limit).into()]
    }
}

/// Bytes that no log may show: hashes of secrets, and what is encrypted under the master key.
#[derive(Clone, Eq, PartialEq)]
pub struct Hidden(pub Vec<u8>);

impl Deref for Hidden {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl From<[u8; 32]> for Hidden {
    fn from(hash: [u8; 32]) -> Self {
        Self(hash.to_vec())
    }
}

impl<'a> From<&'a Hidden> for Value<'a> {
    fn from(hidden: &'a Hidden) -> Self {
        hidden.0.as_slice().into()
    }
}

impl<'a> From<&'a Option<Hidden>> for Value<'a> {
    fn from(hidden: &'a Option<Hidden>) -> Self {
        hidden.as_deref().into()
    }
}

impl FromValue for Hidden {
    fn from_value(cell: Cell) -> std::result::Result<Self, &'static str> {
        Vec::from_value(cell).map(Self)
    }
}
