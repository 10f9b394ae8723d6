//! What can go wrong, and whose move it is.

/// Why something did not work.
///
/// ```
/// use vestibule_native::Error;
///
/// assert_eq!(Error::SignedOut.to_string(), "nobody is signed in");
/// ```
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody is signed in, or not any more: begin with `sign_in`.
    #[error("nobody is signed in")]
    SignedOut,
    /// The provider refuses.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The provider cannot be reached: try again later; whoever is signed in stays so.
    #[error("the provider cannot be reached: {0}")]
    Unreachable(String),
    /// The provider says what it must not.
    #[error("the provider's answer is not believed: {0}")]
    Answer(String),
    /// The person did not come back from the browser in time, or closed it.
    #[error("the person did not come back from the browser")]
    NotFinished,
    /// The system's browser does not open, or nothing can be listened on.
    #[error("the system's browser: {0}")]
    Browser(std::io::Error),
    /// A store of the system's does not work.
    #[error("the system's store: {0}")]
    Store(String),
    /// A key of the system's does not sign.
    #[error("the device's key: {0}")]
    Key(String),
}

/// What the provider said (RFC 6749 §4.1.2.1, §5.2).
///
/// ```
/// use vestibule_native::Refusal;
///
/// let refusal = Refusal { code: "access_denied".to_owned(), description: None, goes_on_at: None };
/// assert_eq!(refusal.to_string(), "access_denied");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The code.
    pub code: String,
    /// Words for whoever writes the app.
    pub description: Option<String>,
    /// Where the browser finishes what was refused here, with `interaction_required` (`authorization_uri`), as the provider says
    /// it. `App::join_or_begin` makes of it an address that `App::finish` can finish.
    pub goes_on_at: Option<String>,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.description {
            Some(description) => write!(f, "{}: {description}", self.code),
            None => f.write_str(&self.code),
        }
    }
}

impl std::error::Error for Refusal {}
