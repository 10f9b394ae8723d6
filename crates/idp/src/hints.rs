//! ID tokens that come back as hints: genuine, however old (Core §3.1.2.1, RP-Initiated Logout 1.0 §2).

use jose::JwsAlgorithm;
use jose::jwt::{Rules, verify};
use oidc::logout::Hint;
use serde_json::{Map, Value};

use crate::Context;
use crate::access::text;

impl Context {
    /// What a genuine ID token of ours says; `None` for any other text. Its time does not count.
    pub(crate) fn id_token_hint(&self, token: &str) -> Option<Hint> {
        let algorithms: Vec<JwsAlgorithm> =
            JwsAlgorithm::ALL.iter().copied().filter(|alg| !alg.is_symmetric()).collect();
        // The type tells it from an access token (RFC 8725 §3.11).
        let rules = Rules::new(self.now().seconds(), &algorithms).issuer(&self.issuer).typ("JWT").accept_expired();
        let verified = verify::<Map<String, Value>>(token, &*self.hint_keys(), &rules).ok()?;
        let claims = verified.claims();
        Some(Hint {
            subject: text(claims, "sub").parse().ok()?,
            session: text(claims, "sid").parse().ok(),
            client_id: text(claims, "aud").to_owned(),
        })
    }
}
