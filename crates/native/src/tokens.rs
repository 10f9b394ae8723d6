//! What an app holds while somebody is signed in.

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::stores::SharedStore;

/// The tokens, as they lie in the app's own store.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Tokens {
    pub(crate) access_token: String,
    /// Whether each use of the access token needs a proof.
    pub(crate) bound: bool,
    /// In milliseconds since 1970.
    pub(crate) expires_at: i64,
    pub(crate) refresh_token: Option<String>,
    pub(crate) id_token: Option<String>,
    /// Whom they are of.
    pub(crate) subject: Option<String>,
}

/// What a token endpoint answers (RFC 6749 §5.1, RFC 8693 §2.2.1, Native SSO §3.2).
#[derive(Deserialize)]
pub(crate) struct Answer {
    access_token: String,
    token_type: String,
    #[serde(default = "five_minutes")]
    expires_in: i64,
    refresh_token: Option<String>,
    pub(crate) id_token: Option<String>,
    pub(crate) device_secret: Option<String>,
}

impl Answer {
    /// As they are held. What is not sent anew stays as it was (RFC 6749 §6).
    pub(crate) fn held(&self, now_ms: i64, bound: bool, before: Option<&Tokens>) -> Result<Tokens, Error> {
        let expected = if bound { "DPoP" } else { "Bearer" };
        // RFC 9449 §5: a token that was to be bound and is not is worth more to a thief than its owner thinks.
        if !self.token_type.eq_ignore_ascii_case(expected) {
            return Err(Error::Answer(format!("the token's type is {:?}, not {expected}", self.token_type)));
        }
        Ok(Tokens {
            access_token: self.access_token.clone(),
            bound,
            expires_at: now_ms.saturating_add(self.expires_in.saturating_mul(1000)),
            refresh_token: self.refresh_token.clone().or_else(|| before?.refresh_token.clone()),
            id_token: self.id_token.clone().or_else(|| before?.id_token.clone()),
            subject: before.and_then(|before| before.subject.clone()),
        })
    }
}

impl Tokens {
    /// The value of `Authorization` (RFC 6750 §2.1, RFC 9449 §7.1).
    pub(crate) fn authorization(&self) -> String {
        format!("{} {}", if self.bound { "DPoP" } else { "Bearer" }, self.access_token)
    }

    pub(crate) fn load(store: &dyn SharedStore, client_id: &str) -> Result<Option<Self>, Error> {
        let text = store.get(&name(client_id)).map_err(|error| Error::Store(error.0))?;
        // What nobody can read is as if nobody were signed in.
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    pub(crate) fn save(&self, store: &dyn SharedStore, client_id: &str) -> Result<(), Error> {
        let text =
            zeroize::Zeroizing::new(serde_json::to_string(self).map_err(|error| Error::Store(error.to_string()))?);
        store.put(&name(client_id), &text).map_err(|error| Error::Store(error.0))
    }

    pub(crate) fn remove(store: &dyn SharedStore, client_id: &str) -> Result<(), Error> {
        store.remove(&name(client_id)).map_err(|error| Error::Store(error.0))
    }
}

fn name(client_id: &str) -> String {
    format!("tokens/{client_id}")
}

/// RFC 6749 §5.1 leaves it to the provider's documents; nobody's tokens live shorter.
fn five_minutes() -> i64 {
    300
}
