//! One statement on one connection.

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, Statement};

use crate::db::{Cell, Row, Value};
use crate::error::{Failure, FailureKind};
use crate::{Error, Result};

pub(super) fn fetch_optional(connection: &Connection, sql: &'static str, values: &[Value<'_>]) -> Result<Option<Row>> {
    let mut first = None;
    each(connection, sql, values, |row| {
        first.get_or_insert(row);
    })?;
    Ok(first)
}

pub(super) fn fetch_all(connection: &Connection, sql: &'static str, values: &[Value<'_>]) -> Result<Vec<Row>> {
    let mut all = Vec::new();
    each(connection, sql, values, |row| all.push(row))?;
    Ok(all)
}

pub(super) fn execute(connection: &Connection, sql: &'static str, values: &[Value<'_>]) -> Result<u64> {
    let mut statement = connection.prepare_cached(sql)?;
    bind(&mut statement, values)?;
    Ok(statement.raw_execute()? as u64)
}

/// Steps to the end always: an open cursor, that of a RETURNING too, would block RELEASE.
fn each(connection: &Connection, sql: &'static str, values: &[Value<'_>], mut take: impl FnMut(Row)) -> Result<()> {
    let mut statement = connection.prepare_cached(sql)?;
    bind(&mut statement, values)?;
    let columns = statement.column_count();
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        let mut cells = Vec::with_capacity(columns);
        for column in 0..columns {
            let cell = cell(row.get_ref(column)?);
            cells.push(cell.map_err(|expected| Error::Corrupt { statement: sql, column, expected })?);
        }
        take(Row::new(sql, cells));
    }
    Ok(())
}

/// Binds by name, since SQLite numbers `$n` by first occurrence and not by `n`.
fn bind(statement: &mut Statement<'_>, values: &[Value<'_>]) -> Result<()> {
    let mut used = 0;
    for index in 1..=statement.parameter_count() {
        let number = statement
            .parameter_name(index)
            .and_then(|name| name.strip_prefix('$'))
            .and_then(|number| number.parse::<usize>().ok())
            .unwrap_or(0);
        let Some(value) = number.checked_sub(1).and_then(|n| values.get(n)) else {
            return Err(rusqlite::Error::InvalidParameterCount(values.len(), number).into());
        };
        used = used.max(number);
        statement.raw_bind_parameter(index, output(value))?;
    }
    if used != values.len() {
        return Err(rusqlite::Error::InvalidParameterCount(values.len(), used).into());
    }
    Ok(())
}

fn output<'v>(value: &'v Value<'_>) -> ToSqlOutput<'v> {
    ToSqlOutput::Borrowed(match value {
        Value::Integer(Some(value)) => ValueRef::Integer(*value),
        Value::Bool(Some(value)) => ValueRef::Integer(i64::from(*value)),
        Value::Text(Some(value)) => ValueRef::Text(value.as_bytes()),
        Value::Bytes(Some(value)) => ValueRef::Blob(value),
        Value::Integer(None) | Value::Bool(None) | Value::Text(None) | Value::Bytes(None) => ValueRef::Null,
    })
}

fn cell(value: ValueRef<'_>) -> std::result::Result<Cell, &'static str> {
    Ok(match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(value) => Cell::Integer(value),
        ValueRef::Text(value) => Cell::Text(String::from_utf8(value.to_vec()).map_err(|_| "a text in UTF-8")?),
        ValueRef::Blob(value) => Cell::Bytes(value.to_vec()),
        ValueRef::Real(_) => return Err("of a kind that is in use here"),
    })
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        let kind = match error.sqlite_error_code() {
            Some(ErrorCode::ConstraintViolation) => FailureKind::Exists,
            _ => FailureKind::Other,
        };
        Self::Database(Failure { kind, source: std::sync::Arc::new(error) })
    }
}
