//! Mails that wait to be sent. Several nodes send from one table: who claims a mail has it to themselves until it is
//! due again, so that one whose node has died is sent by another.

use oidc::{Id, Time};

use crate::db::Row;
use crate::record::{Hidden, Record, all};
use crate::{Db, Result, Tx, params};

/// A mail as stored.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Mail {
    /// Its id.
    pub id: Id,
    /// To whom, an e-mail address.
    pub recipient: String,
    /// The language to write it in (BCP 47).
    pub locale: String,
    /// What it is about.
    pub kind: String,
    /// What it says, sealed: there may be a link in it.
    pub sealed: Hidden,
    /// How often it was claimed.
    pub attempts: i64,
    /// From when it may be claimed.
    pub due_at: Time,
    /// When it was queued.
    pub created_at: Time,
    /// From when nobody needs it any more.
    pub expires_at: Time,
}

/// Queues a mail.
pub async fn insert(db: &Db, mail: &Mail) -> Result<()> {
    db.execute(INSERT, &values(mail)).await?;
    Ok(())
}

/// Queues it in the transaction of what it tells of.
pub async fn insert_in(tx: &mut Tx, mail: &Mail) -> Result<()> {
    tx.execute(INSERT, &values(mail)).await?;
    Ok(())
}

/// The mails that are due, the one that has waited longest first.
pub async fn due(db: &Db, now: Time, limit: u32) -> Result<Vec<Mail>> {
    all(db.fetch_all(DUE, params![now, i64::from(limit)]).await?)
}

/// Claims a mail that was read as due at `due_at`: it is due again at `next`. `false` when somebody else has claimed it.
pub async fn claim(db: &Db, id: Id, due_at: Time, next: Time) -> Result<bool> {
    Ok(db.execute(CLAIM, params![id, due_at, next]).await? > 0)
}

/// Takes one out of the queue: it was sent, or never can be.
pub async fn delete(db: &Db, id: Id) -> Result<()> {
    db.execute("DELETE FROM mails WHERE id = $1", params![id]).await?;
    Ok(())
}

/// How many wait.
pub async fn count(db: &Db) -> Result<u64> {
    let row = db.fetch_optional("SELECT count(*) FROM mails", &[]).await?;
    let count: i64 = row.map_or(Ok(0), |mut row| row.take())?;
    Ok(count.unsigned_abs())
}

fn values(mail: &Mail) -> [crate::Value<'_>; 9] {
    [
        mail.id.into(),
        (&mail.recipient).into(),
        (&mail.locale).into(),
        (&mail.kind).into(),
        (&mail.sealed).into(),
        mail.attempts.into(),
        mail.due_at.into(),
        mail.created_at.into(),
        mail.expires_at.into(),
    ]
}

impl Record for Mail {
    fn read(row: &mut Row) -> Result<Self> {
        Ok(Self {
            id: row.take()?,
            recipient: row.take()?,
            locale: row.take()?,
            kind: row.take()?,
            sealed: row.take()?,
            attempts: row.take()?,
            due_at: row.take()?,
            created_at: row.take()?,
            expires_at: row.take()?,
        })
    }
}

macro_rules! columns {
    () => {
        "id, recipient, locale, kind, sealed, attempts, due_at, created_at, expires_at"
    };
}

const INSERT: &str = concat!("INSERT INTO mails (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
const DUE: &str =
    concat!("SELECT ", columns!(), " FROM mails WHERE due_at <= $1 AND expires_at > $1 ORDER BY due_at, id LIMIT $2");
const CLAIM: &str = "UPDATE mails SET due_at = $3, attempts = attempts + 1 WHERE id = $1 AND due_at = $2";
