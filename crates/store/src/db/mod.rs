//! The façade: one handle, one transaction, one row for both databases.
//!
//! The only place that asks which database it is. A statement is one static text with `$n`
//! placeholders; a transaction is `begin()` … `commit().await`.

mod postgres;
mod retry;
mod row;
mod sqlite;
mod url;
mod value;

pub use retry::retry;
pub use row::{Cell, FromValue, Row};
pub use url::DatabaseUrl;
pub use value::Value;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::Result;

/// The store's handle. Cheap to clone; all clones share one pool.
#[derive(Clone)]
pub struct Db {
    inner: Inner,
    statements: Arc<AtomicU64>,
}

#[derive(Clone)]
enum Inner {
    Sqlite(sqlite::Sqlite),
    Postgres(postgres::Postgres),
}

/// Which database stands behind a [`Db`]: for the log and the diagnostics, never for a decision.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Database {
    /// The embedded one.
    Sqlite,
    /// PostgreSQL, or an engine that speaks its protocol.
    Postgres,
}

/// How to open a database.
#[derive(Clone, Debug)]
pub struct Options {
    /// PostgreSQL: the most connections this process holds. SQLite needs no such limit.
    pub connections: u32,
    /// PostgreSQL: the schema to work in, in place of the server's `search_path`.
    pub schema: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self { connections: 16, schema: None }
    }
}

impl Db {
    /// Opens the database; a missing SQLite file is created with mode 0600. The schema is
    /// [`crate::migrate::migrate`]'s.
    pub async fn open(url: &DatabaseUrl, options: &Options) -> Result<Self> {
        let inner = match url {
            DatabaseUrl::Sqlite(path) => Inner::Sqlite(sqlite::Sqlite::open(path)?),
            DatabaseUrl::Postgres(url) => Inner::Postgres(postgres::Postgres::open(url, options).await?),
        };
        Ok(Self { inner, statements: Arc::default() })
    }

    /// Which database this is.
    pub fn database(&self) -> Database {
        match &self.inner {
            Inner::Sqlite(_) => Database::Sqlite,
            Inner::Postgres(_) => Database::Postgres,
        }
    }

    // PostgreSQL's futures are kept in boxes: they are of tens of KiB, and in a future that holds them each use case
    // would be, though it never touches PostgreSQL, moved about with every request.

    /// Reads the only row, or none. On SQLite this costs a few microseconds and sees what is
    /// durable, nothing else; a statement that writes belongs in [`Db::begin`].
    pub async fn fetch_optional(&self, sql: &'static str, values: &[Value<'_>]) -> Result<Option<Row>> {
        self.count();
        match &self.inner {
            Inner::Sqlite(db) => db.fetch_optional(sql, values),
            Inner::Postgres(db) => Box::pin(db.fetch_optional(sql, values)).await,
        }
    }

    /// Reads all rows. The statement carries its own LIMIT.
    pub async fn fetch_all(&self, sql: &'static str, values: &[Value<'_>]) -> Result<Vec<Row>> {
        self.count();
        match &self.inner {
            Inner::Sqlite(db) => db.fetch_all(sql, values),
            Inner::Postgres(db) => Box::pin(db.fetch_all(sql, values)).await,
        }
    }

    /// One statement as a transaction of its own; answers how many rows it touched, durably.
    pub async fn execute(&self, sql: &'static str, values: &[Value<'_>]) -> Result<u64> {
        self.count();
        match &self.inner {
            Inner::Sqlite(db) => {
                let mut tx = db.begin().await?;
                let count = tx.execute(sql, values)?;
                tx.commit().await?;
                Ok(count)
            }
            Inner::Postgres(db) => Box::pin(db.execute(sql, values)).await,
        }
    }

    /// One statement that writes and answers a row at most, as a transaction of its own.
    pub async fn execute_returning(&self, sql: &'static str, values: &[Value<'_>]) -> Result<Option<Row>> {
        self.count();
        match &self.inner {
            Inner::Sqlite(db) => {
                let mut tx = db.begin().await?;
                let row = tx.fetch_optional(sql, values)?;
                tx.commit().await?;
                Ok(row)
            }
            Inner::Postgres(db) => Box::pin(db.fetch_optional(sql, values)).await,
        }
    }

    /// Begins a transaction. On SQLite writers take turns, so that nothing but the store may be
    /// awaited before [`Tx::commit`]; two transactions in one task would wait for each other
    /// forever.
    pub async fn begin(&self) -> Result<Tx> {
        let inner = match &self.inner {
            Inner::Sqlite(db) => TxInner::Sqlite(db.begin().await?),
            Inner::Postgres(db) => TxInner::Postgres(Box::pin(db.begin()).await?),
        };
        Ok(Tx { inner, statements: Arc::clone(&self.statements) })
    }

    /// How many statements this handle and its clones have run: what a request costs, and whether two cost the same.
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    fn count(&self) {
        self.statements.fetch_add(1, Ordering::Relaxed);
    }

    /// What the database finds wrong with itself; empty when all is well.
    pub async fn integrity_check(&self) -> Result<Vec<String>> {
        match &self.inner {
            Inner::Sqlite(db) => db.integrity_check().await,
            Inner::Postgres(db) => db.integrity_check().await,
        }
    }

    /// Waits for what is under way and lets go of the database. Later calls fail.
    pub async fn close(&self) -> Result<()> {
        match &self.inner {
            Inner::Sqlite(db) => db.close().await,
            Inner::Postgres(db) => {
                db.close().await;
                Ok(())
            }
        }
    }

    /// The text of a migration for this database: its own where there is one.
    pub(crate) fn choose(&self, common: &'static str, postgres: Option<&'static str>) -> &'static str {
        match &self.inner {
            Inner::Sqlite(_) => common,
            Inner::Postgres(_) => postgres.unwrap_or(common),
        }
    }
}

/// A transaction. Dropping it undoes what it did. Any answer given on the ground of what it read,
/// a refusal too, waits for [`Tx::commit`] or [`Tx::rollback`]: on SQLite it may have read what
/// another transaction of its group has written and not yet made durable.
pub struct Tx {
    inner: TxInner,
    statements: Arc<AtomicU64>,
}

enum TxInner {
    Sqlite(sqlite::Tx),
    Postgres(postgres::Tx),
}

impl Tx {
    /// Runs a statement that answers one row at most.
    pub async fn fetch_optional(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<Option<Row>> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        match &mut self.inner {
            TxInner::Sqlite(tx) => tx.fetch_optional(sql, values),
            TxInner::Postgres(tx) => Box::pin(tx.fetch_optional(sql, values)).await,
        }
    }

    /// Runs a statement that answers rows.
    pub async fn fetch_all(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<Vec<Row>> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        match &mut self.inner {
            TxInner::Sqlite(tx) => tx.fetch_all(sql, values),
            TxInner::Postgres(tx) => Box::pin(tx.fetch_all(sql, values)).await,
        }
    }

    /// Runs a statement; answers how many rows it touched.
    pub async fn execute(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<u64> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        match &mut self.inner {
            TxInner::Sqlite(tx) => tx.execute(sql, values),
            TxInner::Postgres(tx) => Box::pin(tx.execute(sql, values)).await,
        }
    }

    /// Runs several statements without values: migrations.
    pub(crate) async fn batch(&mut self, sql: String) -> Result<()> {
        match &mut self.inner {
            TxInner::Sqlite(tx) => tx.batch(&sql),
            TxInner::Postgres(tx) => Box::pin(tx.batch(sql)).await,
        }
    }

    /// Makes the transaction durable, and waits until it is.
    pub async fn commit(self) -> Result<()> {
        match self.inner {
            TxInner::Sqlite(tx) => tx.commit().await,
            TxInner::Postgres(tx) => Box::pin(tx.commit()).await,
        }
    }

    /// Undoes the transaction, and waits until what it read is durable.
    pub async fn rollback(self) -> Result<()> {
        match self.inner {
            TxInner::Sqlite(tx) => tx.rollback().await,
            TxInner::Postgres(tx) => Box::pin(tx.rollback()).await,
        }
    }
}
