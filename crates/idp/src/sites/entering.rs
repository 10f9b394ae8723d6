//! How somebody comes to the sites' cookie: at the end of a flow, on the provider's own host, in the browser that began it.

use oidc::Id;
use oidc::session::Session;
use oidc::site::Host;
use serde_json::json;
use store::site_sessions::SiteSession;

use crate::audit::{Event, Kind};
use crate::browsers::Cookie;
use crate::caller::Caller;
use crate::{Context, Fault};

impl Context {
    /// The value of the sites' cookie for this session in this browser: the child session begins, or goes on.
    pub(crate) async fn site_cookie(
        &self,
        browser: Id,
        session: &Session,
        host: &Host,
        caller: &Caller,
    ) -> Result<Cookie, Fault> {
        let drawn = SiteSession {
            browser_id: browser,
            id: self.randomness.new_id(),
            session_id: session.id,
            user_id: session.user_id,
            created_at: self.now(),
            expires_at: session.expires_at,
        };
        let child = store::site_sessions::begin(&self.store, &drawn).await?;
        // What has just been proven counts at once.
        self.visitors.forget(browser);
        if child == drawn.id {
            let event = Event::new(Kind::SitesEntered).user(session.user_id).session(session.id);
            self.audit(caller, event.detail(json!({ "host": host }))).await?;
        }
        Ok(Cookie::of(&self.site_secrets.secret(browser, child)))
    }
}
