//! What a resource asks of a token beyond being good.

/// What one resource demands. Without any, a good token is enough.
///
/// ```
/// use vestibule_verify::Demands;
///
/// let transfer = Demands::new().scope("payments").acr("urn:vestibule:acr:phishing-resistant").max_age(300).bound();
/// # let _ = transfer;
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Demands {
    pub(crate) scopes: Vec<String>,
    pub(crate) contexts: Vec<String>,
    pub(crate) max_age: Option<u32>,
    pub(crate) bound: bool,
}

impl Demands {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// This scope, and each that is named by a further call.
    #[must_use]
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scopes.push(scope.into());
        self
    }

    /// The `acr` must be this, or another that is named by a further call (RFC 9470 §3).
    #[must_use]
    pub fn acr(mut self, context: impl Into<String>) -> Self {
        self.contexts.push(context.into());
        self
    }

    /// The person was authenticated within the last so many seconds (RFC 9470 §3).
    #[must_use]
    pub fn max_age(mut self, seconds: u32) -> Self {
        self.max_age = Some(seconds);
        self
    }

    /// The token is bound to a key (RFC 9449) or to a certificate (RFC 8705): one that was stolen alone is worth nothing.
    #[must_use]
    pub fn bound(mut self) -> Self {
        self.bound = true;
        self
    }
}
