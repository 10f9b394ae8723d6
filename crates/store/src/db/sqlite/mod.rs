//! SQLite: many readers on the calling thread, one writer, durable commits in groups.
//!
//! Writers take turns at one connection behind a fair mutex. The first transaction after a commit
//! opens a group (BEGIN IMMEDIATE) and tells the committer's thread, which queues for a turn like
//! everybody else. Whoever queued before it runs first, each in a savepoint, without changing
//! threads. When its turn comes the committer commits once (the fsync happens there, off the
//! runtime's threads) and answers all of them.

mod checkpoint;
mod committer;
mod open;
mod statement;
mod tx;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, mpsc};

use rusqlite::Connection;

use crate::db::{Row, Value};
use crate::{Error, Result};
pub(super) use tx::Tx;
use writer::Writer;

#[derive(Clone)]
pub(super) struct Sqlite(Arc<Shared>);

struct Shared {
    path: PathBuf,
    /// Idle read-only connections, the warmest last. There are never more than threads that
    /// read at the same moment, since a read does not await.
    readers: Mutex<Vec<Connection>>,
    writer: Arc<tokio::sync::Mutex<Writer>>,
    /// Tells the committer that a group is open. Its end is the committer's end.
    opened: mpsc::Sender<()>,
}

impl Sqlite {
    pub(super) fn open(path: &Path) -> Result<Self> {
        open::create(path)?;
        let writer = Arc::new(tokio::sync::Mutex::new(Writer::new(open::writer(path)?)));
        let opened = committer::start(Arc::clone(&writer), checkpoint::start(path)?)?;
        let readers = Mutex::new(Vec::new());
        Ok(Self(Arc::new(Shared { path: path.to_owned(), readers, writer, opened })))
    }

    pub(super) fn fetch_optional(&self, sql: &'static str, values: &[Value<'_>]) -> Result<Option<Row>> {
        self.read(|connection| statement::fetch_optional(connection, sql, values))
    }

    pub(super) fn fetch_all(&self, sql: &'static str, values: &[Value<'_>]) -> Result<Vec<Row>> {
        self.read(|connection| statement::fetch_all(connection, sql, values))
    }

    /// Waits for its turn and enters the open group, or opens one.
    pub(super) async fn begin(&self) -> Result<Tx> {
        let mut turn = Arc::clone(&self.0.writer).lock_owned().await;
        if turn.enter_group().await? == writer::Entered::Opened {
            self.0.opened.send(()).map_err(|_| Error::Closed)?;
        }
        Tx::begin(turn)
    }

    pub(super) async fn integrity_check(&self) -> Result<Vec<String>> {
        let connection = open::reader(&self.0.path)?;
        let checked =
            tokio::task::spawn_blocking(move || statement::fetch_all(&connection, "PRAGMA integrity_check", &[]));
        let rows = checked.await.map_err(|_| Error::Closed)??;
        let found = rows.into_iter().map(|mut row| row.take()).collect::<Result<Vec<String>>>()?;
        Ok(if found == ["ok"] { Vec::new() } else { found })
    }

    /// Takes the last turn. Groups before it have been answered by then or are answered here.
    pub(super) async fn close(&self) -> Result<()> {
        let mut turn = Arc::clone(&self.0.writer).lock_owned().await;
        let done = turn.commit_group();
        turn.close();
        drop(turn);
        done.answer();
        self.idle().clear();
        Ok(())
    }

    fn read<T>(&self, read: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let idle = self.idle().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => open::reader(&self.0.path)?,
        };
        let result = read(&connection);
        self.idle().push(connection);
        result
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        // A push or a pop leaves the list whole, whatever happened to its thread.
        self.0.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
