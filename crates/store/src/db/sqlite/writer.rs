//! The writing connection and the group that is open on it.

use std::time::Duration;

use rusqlite::{Connection, ErrorCode};
use tokio::sync::oneshot;

use crate::{Error, Result};

/// Pauses between attempts while another process (a command beside a running server) writes:
/// five seconds in all.
const PAUSES: [u64; 108] = {
    let mut pauses = [50; 108];
    (pauses[0], pauses[1], pauses[2], pauses[3]) = (1, 2, 5, 10);
    (pauses[4], pauses[5], pauses[6], pauses[7]) = (10, 20, 20, 20);
    pauses
};

pub(super) struct Writer {
    pub(super) connection: Connection,
    group: Option<Group>,
    closed: bool,
}

/// Transactions that become durable together.
#[derive(Default)]
struct Group {
    waiting: Vec<oneshot::Sender<Result<()>>>,
}

#[derive(Eq, PartialEq)]
pub(super) enum Entered {
    /// A group was open already.
    Joined,
    /// The caller opened one and tells the committer.
    Opened,
}

/// A group's verdict, to be told once the writer's turn is over.
#[must_use]
pub(super) struct Done {
    group: Group,
    verdict: Result<()>,
}

impl Writer {
    pub(super) fn new(connection: Connection) -> Self {
        Self { connection, group: None, closed: false }
    }

    pub(super) async fn enter_group(&mut self) -> Result<Entered> {
        if self.closed {
            return Err(Error::Closed);
        }
        if self.group.is_some() {
            if !self.is_lost() {
                return Ok(Entered::Joined);
            }
            self.commit_group().answer();
        }
        self.begin_immediate().await?;
        self.group = Some(Group::default());
        Ok(Entered::Opened)
    }

    /// Asks to be told when the open group is durable.
    pub(super) fn wait(&mut self) -> oneshot::Receiver<Result<()>> {
        let (sender, receiver) = oneshot::channel();
        // Without a group the sender is dropped here, and the receiver learns that it is over.
        if let Some(group) = &mut self.group {
            group.waiting.push(sender);
        }
        receiver
    }

    /// Commits the open group, if there is one.
    pub(super) fn commit_group(&mut self) -> Done {
        let Some(group) = self.group.take() else {
            return Done { group: Group::default(), verdict: Ok(()) };
        };
        if self.connection.is_autocommit() {
            return Done { group, verdict: Err(lost()) };
        }
        let verdict = self.run("COMMIT");
        if verdict.is_err() && !self.connection.is_autocommit() {
            // A rollback fails only where there is nothing left to undo.
            let _ = self.run("ROLLBACK");
        }
        Done { group, verdict }
    }

    /// Whether SQLite undid the whole group by itself, as it does when the disk is full.
    pub(super) fn is_lost(&self) -> bool {
        self.connection.is_autocommit()
    }

    pub(super) fn close(&mut self) {
        self.closed = true;
    }

    pub(super) fn run(&self, sql: &'static str) -> Result<()> {
        self.connection.prepare_cached(sql)?.raw_execute()?;
        Ok(())
    }

    async fn begin_immediate(&mut self) -> Result<()> {
        for pause in PAUSES {
            match self.connection.prepare_cached("BEGIN IMMEDIATE")?.raw_execute() {
                Ok(_) => return Ok(()),
                Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {}
                Err(error) => return Err(error.into()),
            }
            tokio::time::sleep(Duration::from_millis(pause)).await;
        }
        Err(Error::Busy)
    }
}

impl Done {
    pub(super) fn answer(self) {
        for waiting in self.group.waiting {
            // Who no longer listens was cancelled; the verdict stands all the same.
            let _ = waiting.send(self.verdict.clone());
        }
    }
}

/// The group is gone, and with it what its members had done.
pub(super) fn lost() -> Error {
    rusqlite::Error::SqliteFailure(
        rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_ABORT_ROLLBACK),
        Some("the database undid the whole group of transactions".into()),
    )
    .into()
}
