//! The one value that everything hangs off: nothing is global.

use std::path::Path;

use store::{DatabaseUrl, Db, Options};

/// What the use cases work with. One process may hold several, each with a database of its own.
pub struct Context {
    store: Db,
}

/// The database cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the database cannot be opened: {0}")]
pub struct OpenError(#[from] store::Error);

impl Context {
    /// Opens the database that `url` names (`sqlite:FILE`, relative to `data_dir`, or `postgres://…`) and
    /// brings its schema up to date.
    pub async fn open(url: &str, data_dir: &Path) -> Result<Self, OpenError> {
        let url = DatabaseUrl::parse(url, data_dir)?;
        let store = Db::open(&url, &Options::default()).await?;
        let applied = store::migrate::migrate(&store).await?;
        if !applied.is_empty() {
            tracing::info!(migrations = applied.join(", "), "the schema is up to date");
        }
        Ok(Self { store })
    }

    /// Whether requests can be answered: the database is reachable and its schema is this program's.
    pub async fn is_ready(&self) -> bool {
        match store::migrate::is_current(&self.store).await {
            Ok(current) => current,
            Err(error) => {
                tracing::warn!(%error, "not ready");
                false
            }
        }
    }

    /// Lets go of the database; what was answered is durable already.
    pub async fn close(&self) {
        if let Err(error) = self.store.close().await {
            tracing::warn!(%error, "the database did not close cleanly");
        }
    }
}
