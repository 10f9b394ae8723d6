//! What a tool asks of its host, and how it refuses.

use zeroize::Zeroizing;

/// Something that a tool lacks. The host puts the [`Fact`] into the input and starts again.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// What an HTTP GET of this URL answers.
    Fetch(String),
    /// What is in the file of this name; `-` is standard input.
    Read(String),
}

/// What a host found.
#[derive(Clone)]
pub enum Fact {
    /// An answer over HTTP.
    Fetched {
        /// The status.
        status: u16,
        /// The headers, their names in lower case.
        headers: Vec<(String, String)>,
        /// The body.
        body: Vec<u8>,
    },
    /// What was in the file.
    Read(Zeroizing<Vec<u8>>),
}

/// Why an action is not done yet, or at all.
#[derive(Debug, thiserror::Error)]
pub enum Halt {
    /// It lacks something.
    #[error("{0:?} is needed")]
    Need(Need),
    /// What was given cannot be used.
    #[error(transparent)]
    Error(#[from] ToolError),
}

/// Input that cannot be used: what is wrong, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}; {advice}")]
pub struct ToolError {
    /// The field at fault, where it is one.
    pub field: Option<&'static str>,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub advice: String,
}

impl ToolError {
    /// A fault of one field.
    pub fn of(field: &'static str, what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { field: Some(field), what: what.into(), advice: advice.into() }
    }

    /// A fault of the whole.
    pub fn new(what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { field: None, what: what.into(), advice: advice.into() }
    }

    /// The crypto provider failed, for which nobody is to blame.
    pub(crate) fn provider(error: jose::provider::ProviderError) -> Self {
        Self::new(error.to_string(), "try again, and report it if it stays")
    }
}

/// Shows sizes, since a file may hold a key.
impl std::fmt::Debug for Fact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Fetched { status, body, .. } => write!(f, "Fetched({status}, {} bytes)", body.len()),
            Self::Read(bytes) => write!(f, "Read({} bytes)", bytes.len()),
        }
    }
}
