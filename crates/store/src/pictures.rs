//! Pictures of people, one each. Their home is their own id, by which everybody asks for them; the person's profile names it.

use oidc::{Id, Time};

use crate::audit::{self, Event};
use crate::db::Row;
use crate::record::{Record, one};
use crate::users::{self, OwnChange, User};
use crate::{Db, Result, params, retry};

/// A picture as stored.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Picture {
    /// Its id, which nobody can guess.
    pub id: Id,
    /// Whose.
    pub user_id: Id,
    /// What it is.
    pub media_type: String,
    /// The file.
    pub bytes: Vec<u8>,
    /// When it was put here.
    pub created_at: Time,
}

/// The picture of this id.
pub async fn find(db: &Db, id: Id) -> Result<Option<Picture>> {
    one(db.fetch_optional(FIND, params![id]).await?)
}

/// Puts a picture, or none, in the place of the person's, with the profile that names it and what the trail has of it;
/// `false`, and nothing changes, where the profile is another than `old` says by now.
pub async fn replace(
    db: &Db,
    old: &User,
    change: OwnChange<'_>,
    picture: Option<&Picture>,
    event: &Event,
) -> Result<bool> {
    retry(|| async {
        let mut tx = db.begin().await?;
        if !users::change_own_in(&mut tx, old, change, event.at).await? {
            tx.rollback().await?;
            return Ok(false);
        }
        tx.execute("DELETE FROM pictures WHERE user_id = $1", params![old.id]).await?;
        if let Some(Picture { id, user_id, media_type, bytes, created_at }) = picture {
            tx.execute(INSERT, params![*id, *user_id, media_type, bytes, *created_at]).await?;
        }
        audit::append_in(&mut tx, event).await?;
        tx.commit().await?;
        Ok(true)
    })
    .await
}

impl Record for Picture {
    fn read(row: &mut Row) -> Result<Self> {
        Ok(Self {
            id: row.take()?,
            user_id: row.take()?,
            media_type: row.take()?,
            bytes: row.take()?,
            created_at: row.take()?,
        })
    }
}

const FIND: &str = "SELECT id, user_id, media_type, bytes, created_at FROM pictures WHERE id = $1";
const INSERT: &str = "INSERT INTO pictures (id, user_id, media_type, bytes, created_at) VALUES ($1, $2, $3, $4, $5)";
