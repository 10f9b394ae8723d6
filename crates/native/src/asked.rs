//! Another app's request, as the app that answers it is told of it.

use serde::Deserialize;
use serde_json::Value;

/// What is asked. Show all of it: the answer's proof covers the whole request.
///
/// ```
/// use vestibule_native::Asked;
///
/// fn sheet(asked: &Asked) -> String {
///     let scopes: Vec<&str> = asked.scopes.iter().map(|scope| scope.words.as_str()).collect();
///     let details: Vec<&str> = asked.details.iter().map(|detail| detail.words.as_str()).collect();
///     format!("{} would like to {}; {}", asked.client.name, scopes.join(", "), details.join("; "))
/// }
/// # let _ = sheet;
/// ```
#[derive(Clone, Debug, Deserialize)]
pub struct Asked {
    /// Who asks.
    pub client: Asking,
    /// For what.
    pub scopes: Vec<AskedScope>,
    /// For what else (RFC 9396).
    #[serde(rename = "authorization_details")]
    pub details: Vec<AskedDetail>,
    /// In which language the words are.
    #[serde(default)]
    pub locale: String,
    /// The link that asked; where a page is due, it goes on in the browser.
    #[serde(skip)]
    pub link: String,
    pub(crate) challenge: String,
    pub(crate) request_hash: String,
    #[serde(skip)]
    pub(crate) answers_at: String,
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Asking {
    /// Its client's id.
    pub client_id: String,
    /// Its name.
    pub name: String,
    /// Whose it is, where that is known.
    pub owner: Option<String>,
    /// Its site, where it has one.
    pub uri: Option<String>,
}

/// A scope that is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct AskedScope {
    /// Its name.
    pub name: String,
    /// What it means for the person.
    pub words: String,
}

/// One of `authorization_details`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct AskedDetail {
    /// As it was asked.
    pub item: Value,
    /// What it means for the person.
    pub words: String,
}

/// What the person says to it.
///
/// ```
/// use vestibule_native::Decision;
///
/// assert_ne!(Decision::AllowOnly(Vec::new()), Decision::Deny);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// All that is asked.
    Allow,
    /// These scopes of it; none of them is the sign-in alone.
    AllowOnly(Vec<String>),
    /// Nothing.
    Deny,
}
