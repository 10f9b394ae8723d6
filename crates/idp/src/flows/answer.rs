//! The answer that ends a flow at the client.

use std::fmt;

use oidc::OAuthError;
use oidc::request::Reply;

/// An authorization response (RFC 6749 §4.1.2), good or bad. Its `Debug` shows no value.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// Where it goes and how.
    pub reply: Reply,
    /// Its parameters.
    pub fields: Vec<(&'static str, String)>,
    /// The name of the app that gets it.
    pub app: String,
    /// The browser's state that a `session_state` in it stands for.
    pub browser_state: Option<String>,
    /// What is said in it, where it is an error: for the log.
    pub error: Option<OAuthError>,
}

impl Answer {
    /// RFC 6749 §4.1.2, RFC 9207 §2.
    pub(super) fn code(reply: Reply, issuer: &str, app: &str, code: &str) -> Self {
        let fields = vec![("code", code.to_owned())];
        Self { fields, app: app.to_owned(), reply, browser_state: None, error: None }.answered_by(issuer)
    }

    /// RFC 6749 §4.1.2.1, RFC 9207 §2: errors too say who answers.
    pub(super) fn error(reply: Reply, issuer: &str, app: &str, error: OAuthError) -> Self {
        let code = error.code.as_str().to_owned();
        let fields = vec![("error", code), ("error_description", error.description.to_string())];
        Self { fields, app: app.to_owned(), reply, browser_state: None, error: Some(error) }.answered_by(issuer)
    }

    /// OpenID Connect Session Management 1.0 §2: by which the app can ask whether the person is still signed in.
    pub(super) fn with_state(mut self, session_state: Option<String>, browser_state: String) -> Self {
        self.browser_state = session_state.is_some().then_some(browser_state);
        self.fields.extend(session_state.map(|state| ("session_state", state)));
        self
    }

    fn answered_by(mut self, issuer: &str) -> Self {
        self.fields.extend(self.reply.state.clone().map(|state| ("state", state)));
        self.fields.push(("iss", issuer.to_owned()));
        self
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.fields.iter().map(|(name, _)| name).collect();
        f.debug_struct("Answer").field("to", &self.reply.redirect_uri.as_str()).field("fields", &names).finish()
    }
}
