//! Client assertions that were used (RFC 7523 §3: the `jti` once), until they expire.

use oidc::Time;

use crate::{Db, Result, params};

/// Claims an assertion, `id` being a hash of its client and `jti`; `false` when it was used.
pub async fn claim(db: &Db, id: &str, expires_at: Time) -> Result<bool> {
    Ok(db.execute(CLAIM, params![id, expires_at]).await? > 0)
}

const CLAIM: &str = "INSERT INTO assertions (id, expires_at) VALUES ($1, $2)
    ON CONFLICT (id) DO NOTHING";
