//! Looking at a database without changing it: for an administrator who asks what is wrong.

use std::path::Path;

use oidc::Time;
use store::{DatabaseUrl, Db, Options};

use crate::Fault;
use crate::context::{REFRESH_TOKEN, server_secret};
use crate::random::SystemRandomness;
use crate::seal::MasterKey;

/// What was found. What could not be looked at is absent.
#[derive(Debug)]
pub struct Checkup {
    /// What the database finds wrong with itself.
    pub damage: Vec<String>,
    /// Whether the schema is this program's.
    pub schema_is_current: bool,
    /// The algorithms that have a key which signs now.
    pub signing: Option<Vec<String>>,
    /// Whether the master key opens what it sealed.
    pub master_key_opens: Option<bool>,
}

/// Looks at the database; it is opened, and made where there is none, but no row is written.
pub async fn checkup(
    database: &str,
    data_dir: &Path,
    master_key: Option<&MasterKey>,
    now: Time,
) -> Result<Checkup, Fault> {
    let store = Db::open(&DatabaseUrl::parse(database, data_dir)?, &Options::default()).await?;
    let found = look(&store, master_key, now).await;
    store.close().await?;
    found
}

async fn look(store: &Db, master_key: Option<&MasterKey>, now: Time) -> Result<Checkup, Fault> {
    let damage = store.integrity_check().await?;
    // A database without a schema has no table that could be asked.
    let schema_is_current = store::migrate::is_current(store).await.unwrap_or(false);
    if !schema_is_current {
        return Ok(Checkup { damage, schema_is_current, signing: None, master_key_opens: None });
    }
    let keys = store::keys::list(store).await?;
    let signs = |key: &&store::keys::Key| key.revoked_at.is_none() && key.sealed.is_some() && key.activates_at <= now;
    let mut signing: Vec<_> = keys.iter().filter(signs).map(|key| key.alg.clone()).collect();
    signing.sort();
    signing.dedup();
    // Where there are keys, there are server secrets too: they are made first. So nothing is written here.
    let master_key_opens = match master_key.filter(|_| !keys.is_empty()) {
        Some(key) => Some(server_secret(store, &key.sealer(), &SystemRandomness, REFRESH_TOKEN).await.is_ok()),
        None => None,
    };
    Ok(Checkup { damage, schema_is_current, signing: Some(signing), master_key_opens })
}
