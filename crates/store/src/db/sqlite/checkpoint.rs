//! Moving the write-ahead log into the database, without holding up commits.
//!
//! Most of it happens on a connection and a thread of its own while commits go on. That alone
//! would let the log grow for as long as somebody writes: SQLite begins the log anew only when a
//! writer finds all of it moved. So the committer moves the small rest between two groups.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, SyncSender};

use rusqlite::Connection;

use super::open;
use crate::{Error, Result};

/// Changed rows between two checkpoints: some megabytes of log.
const ROWS: u64 = 4000;
const PASSIVE: &str = "PRAGMA wal_checkpoint(PASSIVE)";

/// The committer's end of the checkpointing thread.
pub(super) struct Checkpointer {
    due: SyncSender<()>,
    rest: Arc<AtomicBool>,
    rows: u64,
}

pub(super) fn start(path: &Path) -> Result<Checkpointer> {
    let connection = open::checkpointer(path)?;
    let (due, asked) = mpsc::sync_channel(1);
    let rest = Arc::new(AtomicBool::new(false));
    let mostly = Arc::clone(&rest);
    std::thread::Builder::new()
        .name("vestibule-checkpoint".into())
        .spawn(move || {
            while asked.recv().is_ok() {
                checkpoint(&connection);
                mostly.store(true, Ordering::Release);
            }
        })
        .map_err(|source| Error::file(path, source))?;
    Ok(Checkpointer { due, rest, rows: 0 })
}

impl Checkpointer {
    /// Counts what was committed (`rows`: all changes of the connection so far) and asks for a
    /// checkpoint when it is time.
    pub(super) fn written(&mut self, rows: u64) {
        if rows.saturating_sub(self.rows) >= ROWS && self.due.try_send(()).is_ok() {
            self.rows = rows;
        }
    }

    /// Whether the rest is to be moved now, while nobody writes.
    pub(super) fn wants_quiet(&self) -> bool {
        self.rest.load(Ordering::Acquire)
    }

    pub(super) fn finish(&mut self, connection: &Connection) {
        self.rest.store(false, Ordering::Release);
        checkpoint(connection);
    }
}

fn checkpoint(connection: &Connection) {
    // Nothing is lost by a checkpoint that fails; the next one moves the same pages.
    if let Err(error) = connection.query_row(PASSIVE, [], |_| Ok(())) {
        tracing::warn!(%error, "the write-ahead log could not be moved into the database");
    }
}
