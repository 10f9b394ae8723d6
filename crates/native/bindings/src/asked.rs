//! Another app's request, as the app that answers it is told of it.

/// What is asked. Show all of it: the answer's proof covers the whole request.
#[derive(Debug, uniffi::Object)]
pub struct Asked(pub(crate) vestibule_native::Asked);

/// Who asks.
#[derive(uniffi::Record)]
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
#[derive(uniffi::Record)]
pub struct AskedScope {
    /// Its name.
    pub name: String,
    /// What it means for the person.
    pub words: String,
}

/// One of `authorization_details`.
#[derive(uniffi::Record)]
pub struct AskedDetail {
    /// As it was asked, in JSON.
    pub json: String,
    /// What it means for the person.
    pub words: String,
}

/// What the person says to it.
#[derive(uniffi::Enum)]
pub enum Decision {
    /// All that is asked.
    Allow,
    /// These scopes of it; none of them is the sign-in alone.
    AllowOnly {
        /// Their names.
        scopes: Vec<String>,
    },
    /// Nothing.
    Deny,
}

#[uniffi::export]
impl Asked {
    /// Who asks.
    pub fn client(&self) -> Asking {
        let client = self.0.client.clone();
        Asking { client_id: client.client_id, name: client.name, owner: client.owner, uri: client.uri }
    }

    /// For what.
    pub fn scopes(&self) -> Vec<AskedScope> {
        let scopes = self.0.scopes.iter().cloned();
        scopes.map(|scope| AskedScope { name: scope.name, words: scope.words }).collect()
    }

    /// For what else (RFC 9396).
    pub fn details(&self) -> Vec<AskedDetail> {
        let details = self.0.details.iter();
        details.map(|detail| AskedDetail { json: detail.item.to_string(), words: detail.words.clone() }).collect()
    }

    /// In which language the words are.
    pub fn locale(&self) -> String {
        self.0.locale.clone()
    }

    /// The link that asked; where a page is due, it goes on in the browser.
    pub fn link(&self) -> String {
        self.0.link.clone()
    }
}

impl From<Decision> for vestibule_native::Decision {
    fn from(decision: Decision) -> Self {
        match decision {
            Decision::Allow => Self::Allow,
            Decision::AllowOnly { scopes } => Self::AllowOnly(scopes),
            Decision::Deny => Self::Deny,
        }
    }
}
