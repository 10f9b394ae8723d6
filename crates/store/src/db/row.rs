//! The rows that come out.

use crate::{Error, Result};

/// One row. Its columns are read once each, in their order, so that a column list and the struct
/// it fills can be compared with the eye.
pub struct Row {
    statement: &'static str,
    cells: std::vec::IntoIter<Cell>,
    column: usize,
}

/// A stored value as the driver gave it. SQLite has no booleans: there they are 0 and 1.
pub enum Cell {
    /// NULL.
    Null,
    /// BIGINT.
    Integer(i64),
    /// BOOLEAN.
    Bool(bool),
    /// TEXT.
    Text(String),
    /// BYTEA.
    Bytes(Vec<u8>),
}

/// What can be read from a column.
pub trait FromValue: Sized {
    /// Converts; the error says what was expected.
    fn from_value(cell: Cell) -> std::result::Result<Self, &'static str>;
}

impl Row {
    pub(super) fn new(statement: &'static str, cells: Vec<Cell>) -> Self {
        Self { statement, cells: cells.into_iter(), column: 0 }
    }

    /// Reads the next column.
    pub fn take<T: FromValue>(&mut self) -> Result<T> {
        let column = self.column;
        let cell = self.cells.next().ok_or_else(|| self.corrupt(column, "there"))?;
        self.column += 1;
        T::from_value(cell).map_err(|expected| self.corrupt(column, expected))
    }

    /// Says that the column just read holds what no version of the program wrote.
    pub fn wrong(&self, expected: &'static str) -> Error {
        self.corrupt(self.column.saturating_sub(1), expected)
    }

    fn corrupt(&self, column: usize, expected: &'static str) -> Error {
        Error::Corrupt { statement: self.statement, column, expected }
    }
}

impl FromValue for i64 {
    fn from_value(cell: Cell) -> std::result::Result<Self, &'static str> {
        match cell {
            Cell::Integer(value) => Ok(value),
            _ => Err("an integer"),
        }
    }
}

impl FromValue for bool {
    fn from_value(cell: Cell) -> std::result::Result<Self, &'static str> {
        match cell {
            Cell::Bool(value) => Ok(value),
            Cell::Integer(0) => Ok(false),
            Cell::Integer(1) => Ok(true),
            _ => Err("a boolean"),
        }
    }
}

impl FromValue for String {
    fn from_value(cell: Cell) -> std::result::Result<Self, &'static str> {
        match cell {
            Cell::Text(value) => Ok(value),
            _ => Err("a text"),
        }
    }
}

impl FromValue for Vec<u8> {
    fn from_value(cell: Cell) -> std::result::Result<Self, &'static str> {
        match cell {
            Cell::Bytes(value) => Ok(value),
            _ => Err("bytes"),
        }
    }
}

impl FromValue for [u8; 32] {
    fn from_value(cell: Cell) -> std::result::Result<Self, &'static str> {
        Vec::from_value(cell)?.try_into().map_err(|_| "32 bytes")
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(cell: Cell) -> std::result::Result<Self, &'static str> {
        match cell {
            Cell::Null => Ok(None),
            cell => T::from_value(cell).map(Some),
        }
    }
}
