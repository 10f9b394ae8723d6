//! One transaction: a savepoint in the open group.

use rusqlite::Connection;
use tokio::sync::{OwnedMutexGuard, oneshot};

use super::statement;
use super::writer::{Writer, lost};
use crate::db::{Row, Value};
use crate::{Error, Result};

/// Holds the writer's turn from the savepoint to its release.
pub(in crate::db) struct Tx {
    /// `None` once the turn was given back.
    turn: Option<OwnedMutexGuard<Writer>>,
}

impl Tx {
    pub(super) fn begin(turn: OwnedMutexGuard<Writer>) -> Result<Self> {
        turn.run("SAVEPOINT tx")?;
        Ok(Self { turn: Some(turn) })
    }

    pub(in crate::db) fn fetch_optional(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<Option<Row>> {
        statement::fetch_optional(self.connection()?, sql, values)
    }

    pub(in crate::db) fn fetch_all(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<Vec<Row>> {
        statement::fetch_all(self.connection()?, sql, values)
    }

    pub(in crate::db) fn execute(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<u64> {
        statement::execute(self.connection()?, sql, values)
    }

    pub(in crate::db) fn batch(&mut self, sql: &str) -> Result<()> {
        Ok(self.connection()?.execute_batch(sql)?)
    }

    pub(in crate::db) async fn commit(mut self) -> Result<()> {
        self.connection()?;
        let turn = self.turn.take().ok_or(Error::Closed)?;
        if let Err(error) = turn.run("RELEASE tx") {
            undo(&turn);
            return Err(error);
        }
        durable(turn).await
    }

    pub(in crate::db) async fn rollback(mut self) -> Result<()> {
        self.connection()?;
        let turn = self.turn.take().ok_or(Error::Closed)?;
        undo(&turn);
        durable(turn).await
    }

    fn connection(&self) -> Result<&Connection> {
        let turn = self.turn.as_ref().ok_or(Error::Closed)?;
        // After SQLite undid the group by itself, a statement would commit on its own.
        if turn.is_lost() {
            return Err(lost());
        }
        Ok(&turn.connection)
    }
}

impl Drop for Tx {
    fn drop(&mut self) {
        if let Some(turn) = self.turn.take() {
            undo(&turn);
        }
    }
}

/// Gives the turn back and waits for the group's commit.
async fn durable(mut turn: OwnedMutexGuard<Writer>) -> Result<()> {
    let told: oneshot::Receiver<Result<()>> = turn.wait();
    drop(turn);
    told.await.map_err(|_| Error::Closed)?
}

fn undo(turn: &Writer) {
    if turn.is_lost() {
        return;
    }
    let undone = turn.run("ROLLBACK TO tx").and_then(|()| turn.run("RELEASE tx"));
    if let Err(error) = undone {
        // What could not be undone must not become durable with the others.
        tracing::error!(%error, "a transaction could not be undone; its group is given up");
        let _ = turn.run("ROLLBACK");
    }
}

#[cfg(test)]
impl Tx {
    /// Commits its savepoint without waiting, and begins another in the same group and turn.
    pub(super) fn take_over(mut self) -> Self {
        let turn = self.turn.take().expect("the turn is held");
        turn.run("RELEASE tx").expect("nothing is open");
        Self::begin(turn).expect("the group is open")
    }
}
