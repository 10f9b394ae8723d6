//! Token buckets that all nodes share. A bucket is one time, that at which it will be full: from then on it is as if there
//! were no row.

use std::time::Duration;

use oidc::Time;

use crate::{Db, Result, Tx, params, retry};

/// What is taken from a bucket.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Take {
    /// Whose buckets.
    pub bucket: String,
    /// Which of them.
    pub tier: String,
    /// How long one try takes to come back.
    pub refill: Duration,
    /// How long an empty bucket takes to be full.
    pub room: Duration,
}

/// When each of these buckets will be full, tier by tier.
pub async fn levels(db: &Db, bucket: &str) -> Result<Vec<(String, Time)>> {
    let rows = db.fetch_all(LEVELS, params![bucket]).await?;
    rows.into_iter().map(|mut row| Ok((row.take()?, row.take()?))).collect()
}

/// Takes one from each; `false`, and nothing is taken, where one of them is empty. The order of `takes` is that in which
/// rows are locked: callers name the scopes in one order always.
pub async fn take(db: &Db, takes: &[Take], now: Time) -> Result<bool> {
    retry(|| async {
        let mut tx = db.begin().await?;
        for take in takes {
            if !take_in(&mut tx, take, now).await? {
                tx.rollback().await?;
                return Ok(false);
            }
        }
        tx.commit().await?;
        Ok(true)
    })
    .await
}

/// Gives back what a try took that was a success.
pub async fn give_back(db: &Db, takes: &[Take]) -> Result<()> {
    retry(|| async {
        let mut tx = db.begin().await?;
        for take in takes {
            tx.execute(GIVE_BACK, params![&take.bucket, &take.tier, millis(take.refill)]).await?;
        }
        tx.commit().await
    })
    .await
}

async fn take_in(tx: &mut Tx, take: &Take, now: Time) -> Result<bool> {
    let latest = now.plus(take.room);
    let values = params![&take.bucket, &take.tier, now, millis(take.refill), latest];
    Ok(take.refill <= take.room && tx.execute(TAKE, values).await? > 0)
}

fn millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}

pub(crate) const LEVELS: &str = "SELECT tier, expires_at FROM throttles WHERE bucket = $1";
const TAKE: &str = "INSERT INTO throttles (bucket, tier, expires_at) VALUES ($1, $2, $3 + $4)
    ON CONFLICT (bucket, tier) DO UPDATE SET
        expires_at = CASE WHEN throttles.expires_at > $3 THEN throttles.expires_at ELSE $3 END + $4
    WHERE CASE WHEN throttles.expires_at > $3 THEN throttles.expires_at ELSE $3 END + $4 <= $5";
const GIVE_BACK: &str = "UPDATE throttles SET expires_at = expires_at - $3 WHERE bucket = $1 AND tier = $2";
