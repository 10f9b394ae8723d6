//! People, and the names by which they sign in.
//!
//! A name is unique across all homes, so it stands in a small table keyed by itself. Its text is
//! the caller's, normalised: `email:ada@example.com`, `username:ada`.

use oidc::{Id, Time};

use crate::audit::{self, Event};
use crate::credentials::Credential;
use crate::db::Row;
use crate::record::{Page, Record, all, one};
use crate::{Db, Result, Tx, credentials, params, retry, site_sessions};

/// A person as stored.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct User {
    /// The user's id: also the `sub`.
    pub id: Id,
    /// E-mail address as the user wrote it.
    pub email: Option<String>,
    /// Username as the user wrote it.
    pub username: Option<String>,
    /// The full name.
    pub name: Option<String>,
    /// The other standard claims.
    pub profile_json: String,
    /// How pages look for them, by its name; empty: as the browser says.
    pub theme: String,
    /// Whether the address is proven.
    pub email_verified: bool,
    /// Whether the user administers this installation.
    pub is_admin: bool,
    /// Since when the user is disabled.
    pub disabled_at: Option<Time>,
    /// When the account is deleted, where its person has asked for that.
    pub delete_at: Option<Time>,
    /// When the user was added.
    pub created_at: Time,
    /// When the user was last changed: `updated_at` of OpenID Connect Core §5.1.
    pub updated_at: Time,
}

/// What a person changes of themselves.
#[derive(Clone, Copy, Debug)]
pub struct OwnChange<'a> {
    /// The full name.
    pub name: Option<&'a str>,
    /// The other standard claims.
    pub profile_json: &'a str,
    /// How pages look.
    pub theme: &'a str,
}

/// What became of an update.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Updated {
    /// Done.
    Done,
    /// Another user has one of the names; nothing was changed.
    NameTaken,
    /// There is no such user.
    Missing,
}

/// Adds a user with names and first credentials; `false`, and nothing is added, when one of the
/// names is taken.
pub async fn insert(db: &Db, user: &User, names: &[&str], first: &[Credential]) -> Result<bool> {
    retry(|| async {
        let mut tx = db.begin().await?;
        let inserted = insert_in(&mut tx, user, names, first).await?;
        match inserted {
            true => tx.commit().await?,
            false => tx.rollback().await?,
        }
        Ok(inserted)
    })
    .await
}

/// The same in a transaction, which after `false` is to be rolled back.
pub(crate) async fn insert_in(tx: &mut Tx, user: &User, names: &[&str], first: &[Credential]) -> Result<bool> {
    if !claim_names(tx, user.id, names).await? {
        return Ok(false);
    }
    tx.execute(INSERT, &values(user)).await?;
    for credential in first {
        credentials::put_in(tx, credential).await?;
    }
    Ok(true)
}

/// The user of this id.
pub async fn find(db: &Db, id: Id) -> Result<Option<User>> {
    one(db.fetch_optional(FIND, params![id]).await?)
}

/// The user who signs in by this name.
pub async fn find_by_name(db: &Db, name: &str) -> Result<Option<User>> {
    let Some(mut row) = db.fetch_optional(FIND_NAME, params![name]).await? else {
        return Ok(None);
    };
    find(db, row.take()?).await
}

/// Users in the order in which they were added.
pub async fn list(db: &Db, page: Page<'_>) -> Result<Vec<User>> {
    all(db.fetch_all(LIST, &page.values()).await?)
}

/// Replaces a user's data and names; `created_at` and `disabled_at` stay.
pub async fn update(db: &Db, user: &User, names: &[&str]) -> Result<Updated> {
    retry(|| async {
        let mut tx = db.begin().await?;
        let values = params![
            user.id,
            &user.email,
            &user.username,
            &user.name,
            &user.profile_json,
            user.email_verified,
            user.is_admin,
            user.updated_at
        ];
        if tx.execute(UPDATE, values).await? == 0 {
            tx.rollback().await?;
            return Ok(Updated::Missing);
        }
        tx.execute(DELETE_NAMES, params![user.id]).await?;
        if !claim_names(&mut tx, user.id, names).await? {
            tx.rollback().await?;
            return Ok(Updated::NameTaken);
        }
        tx.commit().await?;
        Ok(Updated::Done)
    })
    .await
}

/// Changes what `old` says of a person, with what the trail has of it; `false`, and nothing changes, where it says something
/// else by now.
pub async fn change_own(db: &Db, old: &User, change: OwnChange<'_>, event: &Event) -> Result<bool> {
    retry(|| async {
        let mut tx = db.begin().await?;
        if !change_own_in(&mut tx, old, change, event.at).await? {
            tx.rollback().await?;
            return Ok(false);
        }
        audit::append_in(&mut tx, event).await?;
        tx.commit().await?;
        Ok(true)
    })
    .await
}

/// The same in a transaction, which after `false` is to be rolled back.
pub(crate) async fn change_own_in(tx: &mut Tx, old: &User, change: OwnChange<'_>, now: Time) -> Result<bool> {
    let OwnChange { name, profile_json, theme } = change;
    let values = params![old.id, &old.profile_json, old.updated_at, name, profile_json, theme, now];
    Ok(tx.execute(CHANGE_OWN, values).await? > 0)
}

/// Disables the user since a time, or enables; `false` when there is no such user.
pub async fn set_disabled(db: &Db, id: Id, since: Option<Time>, now: Time) -> Result<bool> {
    Ok(db.execute(SET_DISABLED, params![id, since, now]).await? > 0)
}

/// Notes that what runs for a user ends now: what they allowed before, and nobody has fetched yet, counts no more.
pub async fn note_end(db: &Db, id: Id, now: Time) -> Result<()> {
    db.execute(NOTE_END, params![id, now]).await?;
    Ok(())
}

/// When that was noted last.
pub async fn ended_at(db: &Db, id: Id) -> Result<Option<Time>> {
    match db.fetch_optional(ENDED_AT, params![id]).await? {
        Some(mut row) => row.take(),
        None => Ok(None),
    }
}

/// Deletes the user with all that hangs on it: names, credentials, consents, memberships,
/// invitations, links, pictures, sessions, token families. `false` when there is no such user.
pub async fn delete(db: &Db, id: Id) -> Result<bool> {
    retry(|| async {
        let mut tx = db.begin().await?;
        let existed = tx.execute("DELETE FROM users WHERE id = $1", params![id]).await? > 0;
        delete_rest_in(&mut tx, id).await?;
        tx.commit().await?;
        Ok(existed)
    })
    .await
}

/// Deletes all that hangs on a user, by their id.
pub(crate) async fn delete_rest_in(tx: &mut Tx, id: Id) -> Result<()> {
    let sql = "DELETE FROM user_sessions WHERE user_id = $1 RETURNING browser_id, session_id";
    for mut row in tx.fetch_all(sql, params![id]).await? {
        let (browser, session): (Id, Id) = (row.take()?, row.take()?);
        let sql = "DELETE FROM sessions WHERE browser_id = $1 AND id = $2";
        tx.execute(sql, params![browser, session]).await?;
        site_sessions::end_in(tx, browser, session).await?;
    }
    for sql in DELETE_REST {
        tx.execute(sql, params![id]).await?;
    }
    Ok(())
}

/// Frees a name of this user.
pub(crate) async fn give_up_name(tx: &mut Tx, user: Id, name: &str) -> Result<()> {
    tx.execute("DELETE FROM login_names WHERE name = $1 AND user_id = $2", params![name, user]).await?;
    Ok(())
}

/// In the names' order, so that two who want the same two names do not wait for each other.
pub(crate) async fn claim_names(tx: &mut Tx, user: Id, names: &[&str]) -> Result<bool> {
    let mut names = names.to_vec();
    names.sort_unstable();
    names.dedup();
    for name in names {
        if tx.execute(CLAIM_NAME, params![name, user]).await? == 0 {
            return Ok(false);
        }
    }
    Ok(true)
}

fn values(user: &User) -> [crate::Value<'_>; 12] {
    [
        user.id.into(),
        (&user.email).into(),
        (&user.username).into(),
        (&user.name).into(),
        (&user.profile_json).into(),
        user.email_verified.into(),
        user.is_admin.into(),
        user.disabled_at.into(),
        user.created_at.into(),
        user.updated_at.into(),
        (&user.theme).into(),
        user.delete_at.into(),
    ]
}

impl Record for User {
    fn read(row: &mut Row) -> Result<Self> {
        Ok(Self {
            id: row.take()?,
            email: row.take()?,
            username: row.take()?,
            name: row.take()?,
            profile_json: row.take()?,
            email_verified: row.take()?,
            is_admin: row.take()?,
            disabled_at: row.take()?,
            created_at: row.take()?,
            updated_at: row.take()?,
            theme: row.take()?,
            delete_at: row.take()?,
        })
    }
}

macro_rules! columns {
    () => {
        "id, email, username, name, profile_json, email_verified, is_admin, disabled_at, created_at, updated_at,
         theme, delete_at"
    };
}

const INSERT: &str =
    concat!("INSERT INTO users (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)");
pub(crate) const FIND: &str = concat!("SELECT ", columns!(), " FROM users WHERE id = $1");
pub(crate) const FIND_NAME: &str = "SELECT user_id FROM login_names WHERE name = $1";
const LIST: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM users WHERE created_at > $1 OR (created_at = $1 AND id > $2)
     ORDER BY created_at, id LIMIT $3"
);
const UPDATE: &str = "UPDATE users SET email = $2, username = $3, name = $4, profile_json = $5,
    email_verified = $6, is_admin = $7, updated_at = $8 WHERE id = $1";
/// The time stands for all that is not compared.
const CHANGE_OWN: &str = "UPDATE users SET name = $4, profile_json = $5, theme = $6, updated_at = $7
    WHERE id = $1 AND profile_json = $2 AND updated_at = $3";
const SET_DISABLED: &str = "UPDATE users SET disabled_at = $2, updated_at = $3 WHERE id = $1";
const NOTE_END: &str = "UPDATE users SET ended_at = $2 WHERE id = $1 AND (ended_at IS NULL OR ended_at < $2)";
const ENDED_AT: &str = "SELECT ended_at FROM users WHERE id = $1";
const CLAIM_NAME: &str = "INSERT INTO login_names (name, user_id) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
/// Of each table that names a user.
const DELETE_REST: [&str; 11] = [
    DELETE_NAMES,
    "DELETE FROM credentials WHERE user_id = $1",
    "DELETE FROM consents WHERE user_id = $1",
    "DELETE FROM group_members WHERE user_id = $1",
    "DELETE FROM invitations WHERE user_id = $1",
    "DELETE FROM links WHERE user_id = $1",
    "DELETE FROM pictures WHERE user_id = $1",
    "DELETE FROM families WHERE user_id = $1",
    "DELETE FROM evidence WHERE user_id = $1",
    "DELETE FROM device_keys WHERE user_id = $1",
    "DELETE FROM containers WHERE user_id = $1",
];
const DELETE_NAMES: &str = "DELETE FROM login_names WHERE user_id = $1";

#[cfg(test)]
mod tests {
    use super::*;

    /// A table that names people is emptied of whoever is deleted, or says here why not.
    #[test]
    fn every_table_that_names_people_forgets_them() {
        let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
        let mut naming = Vec::new();
        for entry in std::fs::read_dir(directory).unwrap() {
            let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            for table in text.split("CREATE TABLE ").skip(1) {
                let (name, columns) = table.split_once(" (").unwrap();
                let columns = columns.split_once("\n)").unwrap().0;
                naming.extend(columns.contains("    user_id ").then(|| name.to_owned()));
            }
        }
        let forgotten = |name: &str| DELETE_REST.iter().any(|sql| sql.starts_with(&format!("DELETE FROM {name} ")));
        naming.retain(|name| !forgotten(name));
        naming.sort();
        // The trail is kept for its time; sessions go by the list of them, and those of sites with them; their apps are the
        // outbox of their ends.
        assert_eq!(naming, ["audit_events", "session_clients", "sessions", "site_sessions", "user_sessions"]);
    }
}
