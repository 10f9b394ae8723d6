//! The browser's state for OpenID Connect Session Management 1.0 §3.2: a text that changes with each sign-in and sign-out, in a
//! cookie that scripts of our own page may read.
//!
//! It is a MAC over the browser's secret and the sessions in it: whoever reads it learns nothing, and every node that
//! knows the browser knows it too, so that it is stored nowhere.

use oidc::Id;
use oidc::client::Client;
use oidc::redirect_uri::RedirectUri;
use oidc::session_state::session_state;

use crate::Context;
use crate::browsers::Browser;

impl Context {
    /// The state of a browser as it is.
    pub(crate) fn browser_state(&self, browser: &Browser) -> String {
        self.browser_state_without(browser, &[])
    }

    /// Its state once these sessions are over.
    pub(crate) fn browser_state_without(&self, browser: &Browser, over: &[Id]) -> String {
        let mut ids: Vec<Id> = browser.all().map(|session| session.id).collect();
        ids.retain(|id| !over.contains(id));
        ids.sort();
        let ids: Vec<String> = ids.iter().map(Id::to_string).collect();
        self.csrf.token(&jose::sha256(&browser.hash), &format!("browser-state {}", ids.join(" ")))
    }

    /// The `session_state` of an answer to this client; `None` where it has no origin, as an installed app.
    pub(crate) fn session_state(&self, client: &Client, to: &RedirectUri, browser_state: &str) -> Option<String> {
        let salt = self.randomness.new_id().to_string();
        (!to.is_private_use()).then(|| session_state(&client.id, &to.origin(), browser_state, &salt))
    }
}
