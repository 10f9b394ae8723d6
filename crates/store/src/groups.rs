//! Groups of people. A membership lives with its person.

use oidc::{Id, Time};

use crate::db::Row;
use crate::record::{Page, Record, all, one};
use crate::{Db, Result, params, retry};

/// A group as stored.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Group {
    /// Its name, which no other has.
    pub name: String,
    /// What is asked of its members, where that is anything.
    pub policy_json: Option<String>,
    /// When it was added.
    pub created_at: Time,
}

/// Adds a group; `false` where there is one of this name.
pub async fn insert(db: &Db, group: &Group) -> Result<bool> {
    Ok(db.execute(INSERT, params![&group.name, &group.policy_json, group.created_at]).await? > 0)
}

/// The group of this name.
pub async fn find(db: &Db, name: &str) -> Result<Option<Group>> {
    one(db.fetch_optional(FIND, params![name]).await?)
}

/// Groups in the order in which they were added.
pub async fn list(db: &Db, page: Page<'_>) -> Result<Vec<Group>> {
    all(db.fetch_all(LIST, &page.values()).await?)
}

/// Says what is asked of a group's members; `false` where there is no such group.
pub async fn set_policy(db: &Db, name: &str, policy_json: Option<&str>) -> Result<bool> {
    Ok(db.execute(SET_POLICY, params![name, policy_json]).await? > 0)
}

/// The groups of whose members something is asked.
pub async fn with_policies(db: &Db) -> Result<Vec<Group>> {
    all(db.fetch_all(WITH_POLICIES, &[]).await?)
}

/// Deletes a group with its memberships; `false` where there was none.
pub async fn delete(db: &Db, name: &str) -> Result<bool> {
    retry(|| async {
        let mut tx = db.begin().await?;
        let existed = tx.execute("DELETE FROM groups WHERE name = $1", params![name]).await? > 0;
        tx.execute("DELETE FROM group_members WHERE group_name = $1", params![name]).await?;
        tx.commit().await?;
        Ok(existed)
    })
    .await
}

/// Makes a person a member; `false` where they were one.
pub async fn add_member(db: &Db, user: Id, group: &str, now: Time) -> Result<bool> {
    Ok(db.execute(ADD_MEMBER, params![user, group, now]).await? > 0)
}

/// Takes a person out; `false` where they were no member.
pub async fn remove_member(db: &Db, user: Id, group: &str) -> Result<bool> {
    Ok(db.execute(REMOVE_MEMBER, params![user, group]).await? > 0)
}

/// The groups of a person, the first joined first.
pub async fn of_user(db: &Db, user: Id) -> Result<Vec<String>> {
    db.fetch_all(OF_USER, params![user]).await?.into_iter().map(|mut row| row.take()).collect()
}

/// The members of a group, the first to join first.
pub async fn members(db: &Db, group: &str) -> Result<Vec<Id>> {
    db.fetch_all(MEMBERS, params![group]).await?.into_iter().map(|mut row| row.take()).collect()
}

impl Record for Group {
    fn read(row: &mut Row) -> Result<Self> {
        Ok(Self { name: row.take()?, policy_json: row.take()?, created_at: row.take()? })
    }
}

const INSERT: &str = "INSERT INTO groups (name, policy_json, created_at) VALUES ($1, $2, $3)
    ON CONFLICT (name) DO NOTHING";
const FIND: &str = "SELECT name, policy_json, created_at FROM groups WHERE name = $1";
const LIST: &str = "SELECT name, policy_json, created_at FROM groups
    WHERE created_at > $1 OR (created_at = $1 AND name > $2)
    ORDER BY created_at, name LIMIT $3";
const SET_POLICY: &str = "UPDATE groups SET policy_json = $2 WHERE name = $1";
const WITH_POLICIES: &str = "SELECT name, policy_json, created_at FROM groups WHERE policy_json IS NOT NULL";
const ADD_MEMBER: &str = "INSERT INTO group_members (user_id, group_name, added_at) VALUES ($1, $2, $3)
    ON CONFLICT (user_id, group_name) DO NOTHING";
const REMOVE_MEMBER: &str = "DELETE FROM group_members WHERE user_id = $1 AND group_name = $2";
pub(crate) const OF_USER: &str = "SELECT group_name FROM group_members WHERE user_id = $1 ORDER BY added_at";
const MEMBERS: &str = "SELECT user_id FROM group_members WHERE group_name = $1 ORDER BY added_at, user_id";
