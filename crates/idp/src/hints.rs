//! ID tokens that come back as hints: genuine, however old (Core §3.1.2.1, RP-Initiated Logout 1.0 §2).

use jose::JwsAlgorithm;
use jose::jwt::{Rules, verify};
use oidc::logout::Hint;
use serde_json::{Map, Value};

use crate::access::text;
use crate::{Context, Fault};

impl Context {
    /// What a genuine ID token of ours says; `None` for any other text. Its time does not count.
    pub(crate) async fn id_token_hint(&self, token: &str) -> Result<Option<Hint>, Fault> {
        let Some(claims) = self.genuine_id_token(token) else { return Ok(None) };
        let client_id = text(&claims, "aud").to_owned();
        let client = self.client(&client_id).await?;
        let Ok(subject) = text(&claims, "sub").parse() else { return Ok(None) };
        let subject = client.map_or(subject, |registered| self.person(&registered.client, subject));
        Ok(Some(Hint { subject, session: text(&claims, "sid").parse().ok(), client_id }))
    }

    /// The claims of an ID token of ours, however old.
    pub(crate) fn genuine_id_token(&self, token: &str) -> Option<Map<String, Value>> {
        let algorithms: Vec<JwsAlgorithm> =
            JwsAlgorithm::ALL.iter().copied().filter(|alg| !alg.is_symmetric()).collect();
        // The type tells it from an access token (RFC 8725 §3.11).
        let rules = Rules::new(self.now().seconds(), &algorithms).issuer(&self.issuer).typ("JWT").accept_expired();
        Some(verify(token, &*self.hint_keys(), &rules).ok()?.into_claims())
    }
}
