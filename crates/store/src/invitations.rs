//! People invited to apps, and what they are there. A row is a role; whoever is merely invited has the empty one.

use oidc::{Id, Time};

use crate::{Db, Result, params};

/// Invites a person to a client in a role; `false` where they were.
pub async fn insert(db: &Db, user: Id, client: &str, role: &str, now: Time) -> Result<bool> {
    Ok(db.execute(INSERT, params![user, client, role, now]).await? > 0)
}

/// Takes a role away; `false` where it was not there.
pub async fn delete(db: &Db, user: Id, client: &str, role: &str) -> Result<bool> {
    Ok(db.execute(DELETE, params![user, client, role]).await? > 0)
}

/// Takes the invitation and all roles away; answers how many rows that were.
pub async fn delete_all(db: &Db, user: Id, client: &str) -> Result<u64> {
    db.execute(DELETE_ALL, params![user, client]).await
}

/// Takes away all invitations to a client.
pub async fn delete_of_client(db: &Db, client: &str) -> Result<u64> {
    db.execute(DELETE_OF_CLIENT, params![client]).await
}

/// A person's roles at a client, the empty one among them; none where they are not invited.
pub async fn of(db: &Db, user: Id, client: &str) -> Result<Vec<String>> {
    db.fetch_all(OF, params![user, client]).await?.into_iter().map(|mut row| row.take()).collect()
}

/// All that a person is invited to: clients and roles, each since when.
pub async fn of_user(db: &Db, user: Id) -> Result<Vec<(String, String, Time)>> {
    let rows = db.fetch_all(OF_USER, params![user]).await?;
    rows.into_iter().map(|mut row| Ok((row.take()?, row.take()?, row.take()?))).collect()
}

/// Everybody invited to a client, with each of their roles; the first invited first.
pub async fn of_client(db: &Db, client: &str) -> Result<Vec<(Id, String)>> {
    let rows = db.fetch_all(OF_CLIENT, params![client]).await?;
    rows.into_iter().map(|mut row| Ok((row.take()?, row.take()?))).collect()
}

const INSERT: &str = "INSERT INTO invitations (user_id, client_id, role, invited_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (user_id, client_id, role) DO NOTHING";
const DELETE: &str = "DELETE FROM invitations WHERE user_id = $1 AND client_id = $2 AND role = $3";
const DELETE_ALL: &str = "DELETE FROM invitations WHERE user_id = $1 AND client_id = $2";
const DELETE_OF_CLIENT: &str = "DELETE FROM invitations WHERE client_id = $1";
pub(crate) const OF: &str = "SELECT role FROM invitations WHERE user_id = $1 AND client_id = $2 ORDER BY invited_at";
const OF_USER: &str = "SELECT client_id, role, invited_at FROM invitations WHERE user_id = $1 ORDER BY invited_at";
const OF_CLIENT: &str = "SELECT user_id, role FROM invitations WHERE client_id = $1 ORDER BY invited_at, user_id";
