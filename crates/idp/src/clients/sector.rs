//! Sector identifiers: fetched and checked when a client is registered (OpenID Connect Registration §5).

use oidc::client::sector::vouches;
use oidc::redirect_uri::RedirectUri;

use super::admin::Refused;
use crate::Context;

impl Context {
    /// Refuses a client whose `sector_identifier_uri` does not name all of these redirect URIs. The document is kept as key
    /// sets are; one that does not vouch is asked for anew, as often as the cool-down allows.
    pub async fn check_sector(&self, uri: &str, redirect_uris: &[RedirectUri]) -> Result<(), Refused> {
        let document = self.outbound.document(uri, None).await;
        let document = document.map_err(|why| Refused::SectorNotFetched(why.to_string()))?;
        let Err(why) = vouches(&document, redirect_uris) else { return Ok(()) };
        match self.outbound.document(uri, Some(document)).await {
            Ok(newer) => Ok(vouches(&newer, redirect_uris)?),
            Err(_) => Err(why.into()),
        }
    }
}
