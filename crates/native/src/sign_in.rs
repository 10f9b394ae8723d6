//! What a sign-in asks for beside the usual.

use std::time::Duration;

/// A sign-in that asks for more than the app always does.
///
/// ```
/// use std::time::Duration;
/// use vestibule_native::SignIn;
///
/// let paying = SignIn::default().through("bank").authorization_details(r#"[{"type": "payment"}]"#);
/// let fresh = SignIn::default().max_age(Duration::ZERO).acr_values("urn:vestibule:acr:mfa");
/// # let _ = (paying, fresh);
/// ```
#[derive(Clone, Debug, Default)]
pub struct SignIn {
    pub(crate) through: Option<String>,
    authorization_details: Option<String>,
    acr_values: Option<String>,
    max_age: Option<String>,
}

impl SignIn {
    /// Has another app answer, if it is there: its client's id. Where it is not, the same address goes on in the browser.
    #[must_use]
    pub fn through(mut self, host: impl Into<String>) -> Self {
        self.through = Some(host.into());
        self
    }

    /// What is asked for in detail: a JSON array (RFC 9396 §2).
    #[must_use]
    pub fn authorization_details(mut self, json: impl Into<String>) -> Self {
        self.authorization_details = Some(json.into());
        self
    }

    /// How well a person must have proven who they are, the best first (OpenID Connect Core §3.1.2.1, RFC 9470 §4).
    #[must_use]
    pub fn acr_values(mut self, values: impl Into<String>) -> Self {
        self.acr_values = Some(values.into());
        self
    }

    /// How old their sign-in may be.
    #[must_use]
    pub fn max_age(mut self, span: Duration) -> Self {
        self.max_age = Some(span.as_secs().to_string());
        self
    }

    pub(crate) fn fields(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            ("authorization_details", &self.authorization_details),
            ("acr_values", &self.acr_values),
            ("max_age", &self.max_age),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.as_deref()?)))
    }
}
