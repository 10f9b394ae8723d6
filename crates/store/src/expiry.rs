//! Removing what has expired, in small batches: each holds the writer's turn for moments only.

use std::time::Duration;

use oidc::Time;

use crate::{Db, Result, params, retry};

/// How one table forgets. `select` finds keys by the index on the time; `delete` names the home
/// and asks for the time again, since a row may have been prolonged in between.
struct Expiry {
    table: &'static str,
    select: &'static str,
    delete: &'static str,
    /// How long a row stays after its time.
    grace: Duration,
}

/// Removes at most `batch` rows from each table that grows with traffic; answers how many in all.
/// Call it again while it answers more than nothing.
pub async fn expire(db: &Db, now: Time, batch: u32) -> Result<u64> {
    let mut removed = 0;
    for expiry in EXPIRIES {
        removed += expire_table(db, expiry, now.minus(expiry.grace), batch).await?;
    }
    Ok(removed)
}

/// The tables that [`expire`] empties.
pub fn tables() -> impl Iterator<Item = &'static str> {
    EXPIRIES.iter().map(|expiry| expiry.table)
}

async fn expire_table(db: &Db, expiry: &Expiry, before: Time, batch: u32) -> Result<u64> {
    let rows = db.fetch_all(expiry.select, params![before, i64::from(batch)]).await?;
    if rows.is_empty() {
        return Ok(0);
    }
    let keys: Vec<(String, String)> =
        rows.into_iter().map(|mut row| Ok((row.take()?, row.take()?))).collect::<Result<_>>()?;
    retry(|| async {
        let mut tx = db.begin().await?;
        let mut removed = 0;
        for (home, id) in &keys {
            removed += tx.execute(expiry.delete, params![home, id, before]).await?;
        }
        tx.commit().await?;
        Ok(removed)
    })
    .await
}

macro_rules! expiry {
    ($table:literal, $home:literal, $id:literal, $time:literal, $grace:expr) => {
        Expiry {
            table: $table,
            select: concat!(
                "SELECT ",
                $home,
                ", ",
                $id,
                " FROM ",
                $table,
                " WHERE ",
                $time,
                " <= $1 ORDER BY ",
                $time,
                " LIMIT $2"
            ),
            delete: concat!("DELETE FROM ", $table, " WHERE ", $home, " = $1 AND ", $id, " = $2 AND ", $time, " <= $3"),
            grace: $grace,
        }
    };
}

/// A code that was used is kept beyond its time, so that a replay still ends its family; a device is told for a while that
/// its code has expired.
const REPLAY: Duration = Duration::from_secs(600);

const EXPIRIES: &[Expiry] = &[
    expiry!("flows", "id", "id", "expires_at", Duration::ZERO),
    expiry!("codes", "flow_id", "flow_id", "expires_at", REPLAY),
    expiry!("families", "id", "id", "idle_expires_at", Duration::ZERO),
    expiry!("browsers", "id", "id", "expires_at", Duration::ZERO),
    expiry!("sessions", "browser_id", "id", "expires_at", Duration::ZERO),
    expiry!("user_sessions", "user_id", "session_id", "expires_at", Duration::ZERO),
    expiry!("revoked_tokens", "jti", "jti", "expires_at", Duration::ZERO),
    expiry!("assertions", "id", "id", "expires_at", Duration::ZERO),
    expiry!("links", "id", "id", "expires_at", Duration::ZERO),
    expiry!("site_sessions", "browser_id", "browser_id", "expires_at", Duration::ZERO),
    expiry!("session_clients", "browser_id", "session_id", "expires_at", Duration::ZERO),
    expiry!("audit_events", "id", "id", "expires_at", Duration::ZERO),
    expiry!("mails", "id", "id", "expires_at", Duration::ZERO),
    expiry!("containers", "id", "id", "expires_at", Duration::ZERO),
    expiry!("throttles", "bucket", "tier", "expires_at", Duration::ZERO),
    expiry!("device_requests", "id", "id", "expires_at", REPLAY),
    expiry!("user_codes", "mac", "mac", "expires_at", Duration::ZERO),
    expiry!("evidence", "user_id", "id", "expires_at", Duration::ZERO),
];
