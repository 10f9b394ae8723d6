//! Client assertions that were used (RFC 7523 §3: the `jti` once), until they expire.

use oidc::Time;

use crate::{Db, Result, Tx, params};

/// What counts once, and until when it could come again.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Once {
    /// A hash of its client or key, and `jti`.
    pub id: String,
    /// When it can come no more.
    pub expires_at: Time,
}

/// Claims an assertion, `id` being a hash of its client and `jti`; `false` when it was used.
pub async fn claim(db: &Db, id: &str, expires_at: Time) -> Result<bool> {
    Ok(db.execute(CLAIM, params![id, expires_at]).await? > 0)
}

/// The same beside what it is for.
pub(crate) async fn claim_in(tx: &mut Tx, once: &Once) -> Result<bool> {
    Ok(tx.execute(CLAIM, params![&once.id, once.expires_at]).await? > 0)
}

const CLAIM: &str = "INSERT INTO assertions (id, expires_at) VALUES ($1, $2)
    ON CONFLICT (id) DO NOTHING";
