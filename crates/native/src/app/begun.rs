//! A sign-in that is under way: what must be known when the person comes back.

use serde::{Deserialize, Serialize};
use url::Url;

use crate::error::Error;
use crate::pkce::{challenge, random};
use crate::provider::Provider;
use crate::redirect::is_at;

/// What is drawn anew for each.
#[derive(Serialize, Deserialize)]
pub(super) struct Begun {
    pub(super) redirect_uri: String,
    pub(super) state: String,
    pub(super) nonce: String,
    pub(super) verifier: String,
}

impl Begun {
    pub(super) fn at(redirect_uri: &str) -> Result<Self, Error> {
        let (state, nonce, verifier) = (random()?, random()?, random()?);
        Ok(Self { redirect_uri: redirect_uri.to_owned(), state, nonce, verifier })
    }

    pub(super) fn challenge(&self) -> String {
        challenge(&self.verifier)
    }

    /// What a request says of it.
    pub(super) fn fields<'a>(&'a self, challenge: &'a str) -> [(&'static str, &'a str); 5] {
        [
            ("redirect_uri", &self.redirect_uri),
            ("code_challenge", challenge),
            ("code_challenge_method", "S256"),
            ("state", &self.state),
            ("nonce", &self.nonce),
        ]
    }

    /// The address where a provider says that this goes on, if it does: its own authorization endpoint, and either a request
    /// that it keeps or one with all that was said of this.
    pub(super) fn goes_on(&self, said: &str, client_id: &str, provider: &Provider) -> Option<Url> {
        let url = Url::parse(said).ok().filter(|url| is_at(url, &provider.metadata.authorization_endpoint))?;
        let is = |name: &str, value: &str| {
            let mut found = url.query_pairs().filter(|(one, _)| one == name);
            found.next().is_some_and(|(_, one)| one == value) && found.next().is_none()
        };
        let pushed = url.query_pairs().filter(|(name, _)| name == "request_uri").count() == 1;
        let challenge = self.challenge();
        let ours = || self.fields(&challenge).iter().all(|(name, value)| is(name, value));
        (is("client_id", client_id) && (pushed || ours())).then_some(url)
    }
}
