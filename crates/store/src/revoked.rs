//! Access tokens that were revoked one by one: their `jti`, until they would have expired.

use oidc::Time;

use crate::{Db, Result, params};

/// Revokes the token of this `jti`, which expires at `expires_at`.
pub async fn insert(db: &Db, jti: &str, expires_at: Time) -> Result<()> {
    db.execute(INSERT, params![jti, expires_at]).await?;
    Ok(())
}

/// Whether the token of this `jti` was revoked.
pub async fn exists(db: &Db, jti: &str) -> Result<bool> {
    Ok(db.fetch_optional(EXISTS, params![jti]).await?.is_some())
}

const INSERT: &str = "INSERT INTO revoked_tokens (jti, expires_at) VALUES ($1, $2)
    ON CONFLICT (jti) DO NOTHING";
pub(crate) const EXISTS: &str = "SELECT expires_at FROM revoked_tokens WHERE jti = $1";
