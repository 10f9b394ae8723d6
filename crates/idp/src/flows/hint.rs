//! `id_token_hint`: an ID token of ours that says whom the client expects (Core §3.1.2.1).

use jose::JwsAlgorithm;
use jose::jwt::{Rules, Verified};
use oidc::Id;
use serde::Deserialize;

use crate::{Context, Fault};

/// What a hint comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hint {
    /// There is none.
    None,
    /// It is none of ours, or of a key that was revoked.
    Unusable,
    /// This person.
    Person(Id),
}

#[derive(Deserialize)]
struct Claims {
    sub: String,
    #[serde(default)]
    aud: String,
}

impl Context {
    /// Whom the hint names. An expired one is as good as another, and so is one that another client got: it is no
    /// proof of anything, only a wish.
    pub(super) async fn hint(&self, token: Option<&str>) -> Result<Hint, Fault> {
        let Some(token) = token else { return Ok(Hint::None) };
        let keys = self.hint_keys();
        let mut algorithms: Vec<JwsAlgorithm> = keys.iter().flat_map(|key| key.algs()).collect();
        algorithms.dedup();
        // An access token is no hint.
        let rules = Rules::new(self.now().seconds(), &algorithms)
            .issuer(self.issuer())
            .typ_or_absent("JWT")
            .require_sub()
            .accept_expired();
        let verified = jose::jwt::verify::<Claims>(token, &*keys, &rules).ok();
        let Some(claims) = verified.map(Verified::into_claims) else { return Ok(Hint::Unusable) };
        let client = self.client(&claims.aud).await?;
        let person = |subject| client.as_ref().map_or(subject, |client| self.person(&client.client, subject));
        Ok(claims.sub.parse().map_or(Hint::Unusable, |subject| Hint::Person(person(subject))))
    }
}
