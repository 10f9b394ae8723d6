//! Authorization codes. Stored as a hash; redeemed once.

use oidc::{Id, Time};

use crate::containers::{self, Container};
use crate::db::Row;
use crate::families::{self, Family};
use crate::record::{Hidden, Record, one};
use crate::{Db, Result, Tx, params, retry};

/// A code as stored.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Code {
    /// The flow's id, which is also the code's.
    pub flow_id: Id,
    /// SHA-256 of the code's proof.
    pub secret_hash: Hidden,
    /// Whose.
    pub client_id: String,
    /// What it grants.
    pub grant_json: String,
    /// When it was issued.
    pub created_at: Time,
    /// From when it is worth nothing.
    pub expires_at: Time,
    /// When it was redeemed.
    pub used_at: Option<Time>,
}

/// The code of this flow, used or not.
pub async fn find(db: &Db, flow: Id) -> Result<Option<Code>> {
    one(db.fetch_optional(FIND, params![flow]).await?)
}

/// Claims the code and begins its token family, and the container of its app where there is one; `false`, and nothing
/// begins, when it was used before or has expired (RFC 6749 §4.1.2: a code is used once).
pub async fn redeem(db: &Db, flow: Id, now: Time, family: &Family, container: Option<&Container>) -> Result<bool> {
    retry(|| async {
        let mut tx = db.begin().await?;
        let claimed = tx.execute(CLAIM, params![flow, now]).await? > 0;
        if claimed {
            families::insert_in(&mut tx, family).await?;
            if let Some(container) = container {
                containers::insert_in(&mut tx, container).await?;
            }
        }
        tx.commit().await?;
        Ok(claimed)
    })
    .await
}

pub(crate) async fn insert_in(tx: &mut Tx, code: &Code) -> Result<()> {
    let values = params![
        code.flow_id,
        &code.secret_hash,
        &code.client_id,
        &code.grant_json,
        code.created_at,
        code.expires_at,
        code.used_at
    ];
    tx.execute(INSERT, values).await?;
    Ok(())
}

impl Record for Code {
    fn read(row: &mut Row) -> Result<Self> {
        Ok(Self {
            flow_id: row.take()?,
            secret_hash: row.take()?,
            client_id: row.take()?,
            grant_json: row.take()?,
            created_at: row.take()?,
            expires_at: row.take()?,
            used_at: row.take()?,
        })
    }
}

macro_rules! columns {
    () => {
        "flow_id, secret_hash, client_id, grant_json, created_at, expires_at, used_at"
    };
}

const INSERT: &str = concat!("INSERT INTO codes (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7)");
pub(crate) const FIND: &str = concat!("SELECT ", columns!(), " FROM codes WHERE flow_id = $1");
pub(crate) const CLAIM: &str = "UPDATE codes SET used_at = $2
    WHERE flow_id = $1 AND used_at IS NULL AND expires_at > $2";
