//! `id_token_hint`: an ID token of ours that says whom the client expects (Core §3.1.2.1).

use jose::JwsAlgorithm;
use jose::jwt::Rules;
use oidc::Id;
use serde::Deserialize;

use crate::Context;

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
}

impl Context {
    /// Whom the hint names. An expired one is as good as another, and so is one that another client got: it is no
    /// proof of anything, only a wish.
    pub(super) fn hint(&self, token: Option<&str>) -> Hint {
        let Some(token) = token else { return Hint::None };
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
        match verified.and_then(|verified| verified.claims().sub.parse().ok()) {
            Some(person) => Hint::Person(person),
            None => Hint::Unusable,
        }
    }
}
