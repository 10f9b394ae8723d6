//! What can go wrong in a sign-in, in words for the person in front of the screen.

/// A sign-in, refresh or sign-out that did not work.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    /// The provider did not answer, or not in a way that can be understood.
    #[error("Vestibule cannot be reached just now ({0}). Try again in a moment.")]
    Unreachable(String),
    /// The provider answered with an OAuth error (RFC 6749 §4.1.2.1, §5.2).
    #[error("Vestibule answered «{code}»{}", description.as_ref().map(|text| format!(": {text}")).unwrap_or_default())]
    Refused {
        /// The `error` code.
        code: String,
        /// The `error_description`, if there is one.
        description: Option<String>,
    },
    /// The answer is not the one to a request of this browser (RFC 6749 §10.12, RFC 9207 §2.4).
    #[error("This answer does not belong to a sign-in that was begun in this browser ({0}). Begin again.")]
    NotOurs(&'static str),
    /// A token did not pass its checks (OIDC Core §3.1.3.7).
    #[error("The answer of Vestibule did not pass a check: {0}.")]
    BadToken(String),
    /// The session at the provider is over, and the tokens with it.
    #[error("Your session at Vestibule has ended. Sign in again to go on.")]
    Ended,
    /// A request from another site, or for a session that is not there.
    #[error("This did not come from a page of this app. Go back and try again.")]
    Foreign,
}

impl Fault {
    /// The HTTP status of the page that shows it.
    pub(crate) fn status(&self) -> u16 {
        match self {
            Self::Unreachable(_) => 503,
            Self::Refused { .. } | Self::NotOurs(_) | Self::BadToken(_) => 400,
            Self::Ended => 401,
            Self::Foreign => 403,
        }
    }

    /// A line above the text.
    pub(crate) fn title(&self) -> &'static str {
        match self {
            Self::Refused { code, .. } if code == "access_denied" => "You did not sign in",
            Self::Ended => "Signed out",
            _ => "That did not work",
        }
    }
}
