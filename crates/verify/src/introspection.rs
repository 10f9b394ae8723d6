//! Asking the issuer about a token (RFC 7662): for opaque tokens, and for such as may be revoked before they expire.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Map, Value};

use crate::fetch::{Fetch, Request};

/// How to ask, and for how long an answer counts.
///
/// ```
/// use std::time::Duration;
/// use vestibule_verify::Introspection;
///
/// let introspection = Introspection::new("drive-api", "its secret")
///     .endpoint("https://id.example.com/oauth2/introspect")
///     .keep(Duration::from_secs(30))
///     .of_every_token();
/// # let _ = introspection;
/// ```
#[derive(Clone)]
pub struct Introspection {
    pub(crate) endpoint: Option<String>,
    authorization: String,
    keep_ms: i64,
    pub(crate) every: bool,
}

impl Introspection {
    /// As this client of the issuer, by HTTP Basic (RFC 6749 §2.3.1), at the endpoint that its metadata name. An answer
    /// counts for 30 seconds: for so long a revoked token may go on.
    pub fn new(client_id: &str, secret: &str) -> Self {
        let form = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let credentials = format!("{}:{}", form(client_id), form(secret));
        Self {
            endpoint: None,
            authorization: format!("Basic {}", base64(credentials.as_bytes())),
            keep_ms: 30_000,
            every: false,
        }
    }

    /// At another endpoint than the metadata name.
    #[must_use]
    pub fn endpoint(mut self, url: impl Into<String>) -> Self {
        self.endpoint = Some(url.into());
        self
    }

    /// For how long an answer counts; never longer than its token.
    #[must_use]
    pub fn keep(mut self, span: Duration) -> Self {
        self.keep_ms = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
        self
    }

    /// Of JWTs too, beside what they say themselves, so that revoking them takes effect here.
    #[must_use]
    pub fn of_every_token(mut self) -> Self {
        self.every = true;
        self
    }
}

/// Without the secret.
impl std::fmt::Debug for Introspection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Introspection").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}

/// What the issuer said; none where the token is not active.
pub(crate) type Said = Option<Arc<Map<String, Value>>>;

/// Answers, by the hash of their token. Whoever asks about a token first holds its lock; the others wait for the answer.
#[derive(Default)]
pub(crate) struct Answers(Mutex<HashMap<[u8; 32], Arc<Entry>>>);

/// What was said, or why nothing was, until when.
type Entry = tokio::sync::Mutex<Option<(Result<Said, String>, i64)>>;

impl Answers {
    /// What the issuer says of a token.
    pub(crate) async fn ask(
        &self,
        token: &str,
        how: &Introspection,
        endpoint: &str,
        fetch: &dyn Fetch,
        now_ms: i64,
    ) -> Result<Said, String> {
        let entry = self.entry(jose::sha256(token.as_bytes()), now_ms);
        let mut kept = entry.lock().await;
        if let Some((said, until)) = &*kept
            && now_ms < *until
        {
            return said.clone();
        }
        let said = match ask(token, how, endpoint, fetch).await {
            Ok(said) => said,
            Err(error) => {
                // Those that wait for the same answer do not each wait for a server that is slow or down.
                *kept = Some((Err(error.clone()), now_ms.saturating_add(FAILURE_MS)));
                return Err(error);
            }
        };
        let expires = said.as_ref().and_then(|said| said.get("exp")).and_then(Value::as_f64);
        let expires_ms = expires.map_or(i64::MAX, |exp| (exp * 1000.0) as i64);
        *kept = Some((Ok(said.clone()), now_ms.saturating_add(how.keep_ms).min(expires_ms)));
        Ok(said)
    }

    fn entry(&self, token: [u8; 32], now_ms: i64) -> Arc<Entry> {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= MOST && !entries.contains_key(&token) {
            // One that cannot be locked is being asked about.
            let counts = |entry: &Arc<Entry>| {
                entry.try_lock().map_or(true, |kept| kept.as_ref().is_some_and(|(_, until)| now_ms < *until))
            };
            entries.retain(|_, entry| counts(entry));
            if entries.len() >= MOST {
                // Any one of them: whoever sends tokens at random forgets no more than they ask about.
                let any = entries.keys().next().copied();
                any.map(|token| entries.remove(&token));
            }
        }
        Arc::clone(entries.entry(token).or_default())
    }
}

/// RFC 7662 §2.1.
async fn ask(token: &str, how: &Introspection, endpoint: &str, fetch: &dyn Fetch) -> Result<Said, String> {
    let form = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("token", token)
        .append_pair("token_type_hint", "access_token")
        .finish();
    let request = Request::post_form(endpoint, form)
        .header("authorization", &how.authorization)
        .header("accept", "application/json")
        .at_most(64 * 1024)
        .within(LONGEST);
    let answer = fetch.fetch(request).await.map_err(|error| error.to_string())?;
    if answer.status != 200 {
        return Err(format!("the answer is {}", answer.status));
    }
    let said = jose::json::parse_object(&answer.body, &jose::Limits::DEFAULT).map_err(|error| error.to_string())?;
    // RFC 7662 §2.2: `active` is required, and a boolean.
    match said.get("active") {
        Some(Value::Bool(true)) => Ok(Some(Arc::new(said))),
        Some(Value::Bool(false)) => Ok(None),
        _ => Err("the answer does not say whether the token is active".to_owned()),
    }
}

/// RFC 4648 §4, as HTTP Basic wants it.
fn base64(bytes: &[u8]) -> String {
    let url_safe = jose::base64url::encode(bytes).replace('-', "+").replace('_', "/");
    let padding = (4 - url_safe.len() % 4) % 4;
    format!("{url_safe}{}", &"=="[..padding.min(2)])
}

const LONGEST: Duration = Duration::from_secs(5);
const MOST: usize = 20_000;

/// Milliseconds from the question on for which a failure answers those who ask about the same token: as long as an answer
/// may take, and one second.
const FAILURE_MS: i64 = 6_000;

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7617 §2, RFC 4648 §10.
    #[test]
    fn credentials_are_written_as_http_basic_has_them() {
        for (text, expected) in
            [("Aladdin:open sesame", "QWxhZGRpbjpvcGVuIHNlc2FtZQ=="), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v")]
        {
            assert_eq!(base64(text.as_bytes()), expected);
        }
        let introspection = Introspection::new("a:b", "ä ?");
        assert_eq!(introspection.authorization, format!("Basic {}", base64(b"a%3Ab:%C3%A4+%3F")));
        assert!(!format!("{introspection:?}").contains("Basic"));
    }
}
