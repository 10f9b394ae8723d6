//! What a person has allowed a client (Core §3.1.2.4).

use serde::{Deserialize, Serialize};

use crate::Time;
use crate::client::Client;
use crate::scope::Scopes;

/// The remembered answer of one person about one client.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// What was allowed.
    pub scopes: Scopes,
    /// What was offered and left out: it is not asked again and again.
    #[serde(default)]
    pub declined: Scopes,
    /// When the answer before this was given, where that was about other terms than the client has now, and counts no more.
    #[serde(skip)]
    pub outdated: Option<Time>,
}

/// What a person agrees to beside the scopes: the app's own words, as they were when it asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Terms {
    /// `vestibule_terms_version`: changes where the words change and their addresses do not.
    pub version: Option<String>,
    /// `tos_uri`.
    pub tos_uri: Option<String>,
    /// `policy_uri`.
    pub policy_uri: Option<String>,
}

impl Terms {
    /// The terms that a client has now.
    pub fn of(client: &Client) -> Self {
        let shown = &client.shown;
        Self {
            version: shown.vestibule_terms_version.clone(),
            tos_uri: shown.tos_uri.clone(),
            policy_uri: shown.policy_uri.clone(),
        }
    }
}

impl Consent {
    /// What of `requested` was never asked.
    #[must_use]
    pub fn missing(&self, requested: &Scopes) -> Scopes {
        requested.without(&self.scopes).without(&self.declined)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_answered_is_not_missing() {
        let scopes = |text| Scopes::parse(text).expect("scopes");
        let consent = Consent { scopes: scopes("openid email"), declined: scopes("phone"), outdated: None };
        assert_eq!(consent.missing(&scopes("openid phone")), scopes(""));
        assert_eq!(consent.missing(&scopes("openid profile")), scopes("profile"));
    }
}
