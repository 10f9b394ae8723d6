//! PostgreSQL, alone or behind a transaction pooler.

use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgArguments, PgConnectOptions, PgPool, PgPoolOptions, PgRow};
use sqlx::query::Query;
use sqlx::{AssertSqlSafe, Column, ConnectOptions, Connection, Row as _, Transaction, TypeInfo, ValueRef};

use super::{Cell, Options, Row, Value};
use crate::error::{Failure, FailureKind};
use crate::{Error, Result};

const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";
/// A connection that has been idle for longer is asked whether it still lives.
const FRESH: Duration = Duration::from_secs(5);

#[derive(Clone)]
pub(super) struct Postgres {
    pool: PgPool,
    statement: Statement,
}

/// Whether the server keeps what it has parsed.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Statement {
    Named,
    /// Parsed anew each time. A pooler may send parsing and execution to two servers, unless
    /// they stand in one transaction; so they always do.
    Unnamed,
}

impl Postgres {
    pub(super) async fn open(url: &str, options: &Options) -> Result<Self> {
        // The parser's own message may hold the URL, and with it the password.
        let connect: PgConnectOptions =
            url.parse().map_err(|_| Error::Url("write postgres://user:password@host/name".into()))?;
        // Poolers refuse start parameters that they do not know, and no float is in use here.
        let mut connect = connect.disable_statement_logging().extra_float_digits(None);
        if let Some(schema) = &options.schema {
            connect = connect.options([("search_path", schema)]);
        }
        let pool = PgPoolOptions::new()
            .max_connections(options.connections)
            .acquire_timeout(Duration::from_secs(10))
            .test_before_acquire(false)
            .before_acquire(|connection, about| {
                Box::pin(async move {
                    if about.idle_for > FRESH {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
            .connect_with(connect)
            .await?;
        let unnamed = url.contains("statement-cache-capacity=0");
        let statement = if unnamed { Statement::Unnamed } else { Statement::Named };
        Ok(Self { pool, statement })
    }

    pub(super) async fn fetch_optional(&self, sql: &'static str, values: &[Value<'_>]) -> Result<Option<Row>> {
        Ok(self.fetch_all(sql, values).await?.into_iter().next())
    }

    pub(super) async fn fetch_all(&self, sql: &'static str, values: &[Value<'_>]) -> Result<Vec<Row>> {
        if self.statement == Statement::Unnamed {
            let mut tx = self.begin().await?;
            let rows = tx.fetch_all(sql, values).await?;
            tx.commit().await?;
            return Ok(rows);
        }
        rows(sql, query(sql, values, Statement::Named).fetch_all(&self.pool).await?)
    }

    pub(super) async fn execute(&self, sql: &'static str, values: &[Value<'_>]) -> Result<u64> {
        if self.statement == Statement::Unnamed {
            let mut tx = self.begin().await?;
            let count = tx.execute(sql, values).await?;
            tx.commit().await?;
            return Ok(count);
        }
        Ok(query(sql, values, Statement::Named).execute(&self.pool).await?.rows_affected())
    }

    pub(super) async fn begin(&self) -> Result<Tx> {
        let transaction = self.pool.begin_with(BEGIN).await?;
        Ok(Tx { transaction, statement: self.statement })
    }

    /// PostgreSQL checks its own pages; here only that every table answers.
    pub(super) async fn integrity_check(&self) -> Result<Vec<String>> {
        let mut found = Vec::new();
        for table in crate::tables::TABLES {
            let sql = format!("SELECT count(*) FROM {}", table.name);
            if let Err(error) = sqlx::query(AssertSqlSafe(sql)).fetch_one(&self.pool).await {
                found.push(format!("{}: {error}", table.name));
            }
        }
        Ok(found)
    }

    pub(super) async fn close(&self) {
        self.pool.close().await;
    }
}

pub(super) struct Tx {
    transaction: Transaction<'static, sqlx::Postgres>,
    statement: Statement,
}

impl Tx {
    pub(super) async fn fetch_optional(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<Option<Row>> {
        Ok(self.fetch_all(sql, values).await?.into_iter().next())
    }

    pub(super) async fn fetch_all(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<Vec<Row>> {
        rows(sql, query(sql, values, self.statement).fetch_all(&mut *self.transaction).await?)
    }

    pub(super) async fn execute(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<u64> {
        Ok(query(sql, values, self.statement).execute(&mut *self.transaction).await?.rows_affected())
    }

    pub(super) async fn batch(&mut self, sql: String) -> Result<()> {
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *self.transaction).await?;
        Ok(())
    }

    pub(super) async fn commit(self) -> Result<()> {
        Ok(self.transaction.commit().await?)
    }

    pub(super) async fn rollback(self) -> Result<()> {
        Ok(self.transaction.rollback().await?)
    }
}

fn query<'v>(
    sql: &'static str,
    values: &'v [Value<'_>],
    statement: Statement,
) -> Query<'v, sqlx::Postgres, PgArguments> {
    let query = sqlx::query(sql).persistent(statement == Statement::Named);
    values.iter().fold(query, |query, value| match value {
        Value::Integer(value) => query.bind(*value),
        Value::Bool(value) => query.bind(*value),
        Value::Text(value) => query.bind(value.as_deref()),
        Value::Bytes(value) => query.bind(value.as_deref()),
    })
}

/// Reads to the end always: only then has the server said that a statement outside a transaction
/// is durable.
fn rows(sql: &'static str, rows: Vec<PgRow>) -> Result<Vec<Row>> {
    rows.iter()
        .map(|row| {
            let cells = (0..row.columns().len()).map(|column| cell(sql, row, column));
            Ok(Row::new(sql, cells.collect::<Result<_>>()?))
        })
        .collect()
}

fn cell(sql: &'static str, row: &PgRow, column: usize) -> Result<Cell> {
    if row.try_get_raw(column)?.is_null() {
        return Ok(Cell::Null);
    }
    Ok(match row.column(column).type_info().name() {
        "INT8" => Cell::Integer(row.try_get(column)?),
        "BOOL" => Cell::Bool(row.try_get(column)?),
        "TEXT" => Cell::Text(row.try_get(column)?),
        "BYTEA" => Cell::Bytes(row.try_get(column)?),
        _ => {
            let expected = "of a kind that is in use here";
            return Err(Error::Corrupt { statement: sql, column, expected });
        }
    })
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        if matches!(error, sqlx::Error::PoolClosed) {
            return Self::Closed;
        }
        let code = error.as_database_error().and_then(|error| error.code());
        let kind = match code.as_deref() {
            // serialization_failure, deadlock_detected
            Some("40001" | "40P01") => FailureKind::Transient,
            // unique_violation, duplicate_table
            Some("23505" | "42P07") => FailureKind::Exists,
            _ => FailureKind::Other,
        };
        Self::Database(Failure { kind, source: Arc::new(error) })
    }
}
