//! What a person has allowed a client (Core §3.1.2.4).

use serde::{Deserialize, Serialize};

use crate::scope::Scopes;

/// The remembered answer of one person about one client.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// What was allowed.
    pub scopes: Scopes,
    /// What was offered and left out: it is not asked again and again.
    #[serde(default)]
    pub declined: Scopes,
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
        let consent = Consent { scopes: scopes("openid email"), declined: scopes("phone") };
        assert_eq!(consent.missing(&scopes("openid phone")), scopes(""));
        assert_eq!(consent.missing(&scopes("openid profile")), scopes("profile"));
    }
}
