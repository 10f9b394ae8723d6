//! What can go wrong, in both directions.

use vestibule_native::Error;

/// Why something did not work.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum VestibuleError {
    /// Nobody is signed in, or not any more: begin with `signIn`.
    #[error("nobody is signed in")]
    SignedOut,
    /// The provider refuses (RFC 6749 §4.1.2.1, §5.2).
    #[error("{code}")]
    Refused {
        /// The code.
        code: String,
        /// Words for whoever writes the app.
        description: Option<String>,
        /// Where the browser finishes what was refused here, as the provider says it. `joinOrBegin` makes of it an address that
        /// `finish` can finish.
        goes_on_at: Option<String>,
    },
    /// The provider cannot be reached: try again later; whoever is signed in stays so.
    #[error("the provider cannot be reached: {reason}")]
    Unreachable {
        /// What the network says.
        reason: String,
    },
    /// What came is not believed.
    #[error("the answer is not believed: {reason}")]
    Answer {
        /// What is wrong with it.
        reason: String,
    },
    /// The person did not come back from the browser in time.
    #[error("the person did not come back from the browser")]
    NotFinished,
    /// Something of the system's does not work: browser, store or key.
    #[error("{reason}")]
    Platform {
        /// What, in the system's words.
        reason: String,
    },
}

/// Why something of the system's does not work. The app's own code throws it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum PlatformError {
    /// In the system's words.
    #[error("{reason}")]
    Failed {
        /// The words.
        reason: String,
    },
}

impl From<Error> for VestibuleError {
    fn from(error: Error) -> Self {
        match error {
            Error::SignedOut => Self::SignedOut,
            Error::Refused(refusal) => {
                let (code, description, goes_on_at) = (refusal.code, refusal.description, refusal.goes_on_at);
                Self::Refused { code, description, goes_on_at }
            }
            Error::Unreachable(reason) => Self::Unreachable { reason },
            Error::Answer(reason) => Self::Answer { reason },
            Error::NotFinished => Self::NotFinished,
            Error::Browser(_) | Error::Store(_) | Error::Key(_) => Self::Platform { reason: error.to_string() },
        }
    }
}

/// What the app's code threw that is no `PlatformError`.
impl From<uniffi::UnexpectedUniFFICallbackError> for PlatformError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Failed { reason: error.reason }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_all_that_the_provider_said() {
        let refusal = vestibule_native::Refusal {
            code: "interaction_required".to_owned(),
            description: Some("ask".to_owned()),
            goes_on_at: Some("https://id.example.com/oauth2/authorize?x".to_owned()),
        };
        let VestibuleError::Refused { code, description, goes_on_at } = Error::Refused(refusal.clone()).into() else {
            panic!("a refusal");
        };
        assert_eq!((code, description, goes_on_at), (refusal.code, refusal.description, refusal.goes_on_at));
    }
}
