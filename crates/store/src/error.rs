//! What can go wrong below a query. Not-found is never here: it is `None`.

use std::fmt;
use std::sync::Arc;

/// A failure of the store. Cloning is cheap: one failed commit answers a whole group.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// The database refused or could not be reached.
    #[error("the database failed: {0}")]
    Database(Failure),
    /// A stored value is not what the program wrote: an own error, never `None`.
    #[error("column {column} of «{statement}» is not {expected}")]
    Corrupt {
        /// The statement that read it.
        statement: &'static str,
        /// The column's place, from 0.
        column: usize,
        /// What should have been there.
        expected: &'static str,
    },
    /// Another process held the SQLite file's write lock for longer than five seconds.
    #[error("another process holds the database's write lock; end it or try again")]
    Busy,
    /// The store was closed.
    #[error("the database is closed")]
    Closed,
    /// The database URL cannot be understood.
    #[error("database URL: {0}")]
    Url(String),
    /// The file or directory cannot be used.
    #[error("{path}: {source}")]
    File {
        /// The path as it was given.
        path: String,
        /// What the operating system said.
        source: Arc<std::io::Error>,
    },
    /// The schema cannot be brought to this program's version.
    #[error("{0}")]
    Migration(String),
}

/// What a driver said, without its type.
#[derive(Clone)]
pub struct Failure {
    pub(crate) kind: FailureKind,
    pub(crate) source: Arc<dyn std::error::Error + Send + Sync>,
}

/// The few kinds of failure that somebody acts on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum FailureKind {
    /// A serialization failure or a deadlock: the whole transaction may be tried again.
    Transient,
    /// A unique key or a table that exists already.
    Exists,
    Other,
}

/// Errors after which a whole transaction may be tried again.
pub trait Transient {
    /// Whether trying again can help.
    fn is_transient(&self) -> bool;
}

impl Transient for Error {
    fn is_transient(&self) -> bool {
        matches!(self, Self::Database(failure) if failure.kind == FailureKind::Transient)
    }
}

impl Error {
    /// Whether a unique key (or a table's name) was already taken.
    pub fn is_taken(&self) -> bool {
        matches!(self, Self::Database(failure) if failure.kind == FailureKind::Exists)
    }

    pub(crate) fn file(path: &std::path::Path, source: std::io::Error) -> Self {
        Self::File { path: path.display().to_string(), source: Arc::new(source) }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.fmt(f)
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.kind, self.source)
    }
}
