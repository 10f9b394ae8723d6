//! Sector identifiers: fetched and checked when a client is registered (OpenID Connect Registration §5).

use std::time::Duration;

use oidc::client::sector::vouches;
use oidc::redirect_uri::RedirectUri;

use super::admin::Refused;
use crate::Context;
use crate::outbound::{Author, Get};

impl Context {
    /// Refuses a client whose `sector_identifier_uri` does not name all of these redirect URIs. Nothing is kept: at the next
    /// change of the client it is asked for again.
    pub async fn check_sector(&self, uri: &str, redirect_uris: &[RedirectUri]) -> Result<(), Refused> {
        let asked = Get {
            from: uri.to_owned(),
            written_by: Author::Client,
            headers: &[("accept", "application/json")],
            most_bytes: MOST_BYTES,
            within: LONGEST,
        };
        let fetched = self.outbound.get(asked).await.map_err(|why| Refused::SectorNotFetched(why.to_string()))?;
        if fetched.status != 200 {
            return Err(Refused::SectorNotFetched(format!("the answer is {}", fetched.status)));
        }
        Ok(vouches(&fetched.body, redirect_uris)?)
    }
}

/// Some thousand redirect URIs.
const MOST_BYTES: usize = 256 * 1024;
/// An administrator waits meanwhile.
const LONGEST: Duration = Duration::from_secs(5);
