//! Accounts that their people have deleted: each waits until its time, may come back until then, and is gone after it.
//!
//! The time on the user's row is all that decides. Who asks, who comes back and who deletes each write on the condition that
//! it still says what they read; of several nodes that delete one account, one does.

use oidc::{Id, Time};

use crate::audit::{self, Event};
use crate::mails::{self, Mail};
use crate::users;
use crate::{Db, Result, params, retry};

/// Notes when an account is to be deleted, with its event and the mail that tells of it; `false`, and nothing changes, where
/// that is noted already, or the user is disabled or gone.
pub async fn begin(db: &Db, user: Id, delete_at: Time, event: &Event, mail: Option<&Mail>) -> Result<bool> {
    retry(|| async {
        let mut tx = db.begin().await?;
        if tx.execute(BEGIN, params![user, delete_at]).await? == 0 {
            tx.rollback().await?;
            return Ok(false);
        }
        audit::append_in(&mut tx, event).await?;
        if let Some(mail) = mail {
            mails::insert_in(&mut tx, mail).await?;
        }
        tx.commit().await?;
        Ok(true)
    })
    .await
}

/// Takes that back; `false` where its time has come, or it was not noted.
pub async fn undo(db: &Db, user: Id, event: &Event) -> Result<bool> {
    retry(|| async {
        let mut tx = db.begin().await?;
        if tx.execute(UNDO, params![user, event.at]).await? == 0 {
            tx.rollback().await?;
            return Ok(false);
        }
        audit::append_in(&mut tx, event).await?;
        tx.commit().await?;
        Ok(true)
    })
    .await
}

/// The users whose time has come, those first who have waited longest.
pub async fn due(db: &Db, now: Time, limit: u32) -> Result<Vec<Id>> {
    let rows = db.fetch_all(DUE, params![now, i64::from(limit)]).await?;
    rows.into_iter().map(|mut row| row.take()).collect()
}

/// Deletes a user whose time has come, with all that hangs on them, and keeps the event in their place; `false`, and nothing
/// changes, where they have come back or somebody else was faster.
pub async fn end(db: &Db, user: Id, event: &Event) -> Result<bool> {
    retry(|| async {
        let mut tx = db.begin().await?;
        if tx.execute(END, params![user, event.at]).await? == 0 {
            tx.rollback().await?;
            return Ok(false);
        }
        users::delete_rest_in(&mut tx, user).await?;
        audit::append_in(&mut tx, event).await?;
        tx.commit().await?;
        Ok(true)
    })
    .await
}

const BEGIN: &str = "UPDATE users SET delete_at = $2 WHERE id = $1 AND delete_at IS NULL AND disabled_at IS NULL";
const UNDO: &str = "UPDATE users SET delete_at = NULL WHERE id = $1 AND delete_at > $2";
const DUE: &str = "SELECT id FROM users WHERE delete_at <= $1 ORDER BY delete_at, id LIMIT $2";
const END: &str = "DELETE FROM users WHERE id = $1 AND delete_at <= $2";
