//! Requests to the provider's endpoints, each with its proof (RFC 9449 §5), and once more where it wants a nonce (§8).

use std::sync::{Arc, Mutex, PoisonError};

use jose::dpop::Draft;
use jose::provider::aws_lc;
use serde::Deserialize;
use url::form_urlencoded::Serializer;
use verify::clock::Clock;
use verify::fetch::{Answer, Fetch, Request};

use crate::error::{Error, Refusal};
use crate::keys::{DeviceKey, sign};
use crate::pkce::random;
use crate::tokens::Tokens;

/// Sends in the app's name.
pub(crate) struct Endpoints {
    pub(crate) client_id: String,
    pub(crate) fetch: Arc<dyn Fetch>,
    pub(crate) clock: Arc<dyn Clock>,
    /// None where the provider knows no proofs.
    pub(crate) key: Option<Arc<dyn DeviceKey>>,
    /// The one that the provider gave last.
    pub(crate) nonce: Mutex<Option<String>>,
}

#[derive(Deserialize)]
struct Failure {
    error: String,
    error_description: Option<String>,
    authorization_uri: Option<String>,
}

impl Endpoints {
    /// Posts a form in the app's name and gives the body of a good answer.
    pub(crate) async fn post(&self, url: &str, fields: &[(&str, &str)]) -> Result<Vec<u8>, Error> {
        let form =
            Serializer::new(String::new()).append_pair("client_id", &self.client_id).extend_pairs(fields).finish();
        self.call(Request::post_form(url, form), None).await
    }

    /// Sends a request, with these tokens if there are any, and gives the body of a good answer.
    pub(crate) async fn call(&self, request: Request, tokens: Option<&Tokens>) -> Result<Vec<u8>, Error> {
        match self.once(request.clone(), tokens).await? {
            Err(refusal) if refusal.code == "use_dpop_nonce" => Ok(self.once(request, tokens).await??),
            verdict => Ok(verdict?),
        }
    }

    /// The same, and a nonce that is wanted is the caller's.
    pub(crate) async fn once(
        &self,
        request: Request,
        tokens: Option<&Tokens>,
    ) -> Result<Result<Vec<u8>, Refusal>, Error> {
        let mut request = request.header("accept", "application/json").at_most(256 * 1024);
        let bound = tokens.is_none_or(|tokens| tokens.bound);
        if let Some(tokens) = tokens {
            request = request.header("authorization", tokens.authorization());
        }
        let access_token = tokens.map(|tokens| tokens.access_token.as_str());
        let proof = match bound {
            true => self.proof(request.method(), request.url(), access_token, self.kept_nonce()).await?,
            false => None,
        };
        request = proof.into_iter().fold(request, |request, proof| request.header("dpop", proof));
        let method = request.method();
        let answer = self.fetch.fetch(request).await.map_err(|error| Error::Unreachable(error.to_string()))?;
        if let Some(nonce) = answer.header("dpop-nonce") {
            *self.nonce.lock().unwrap_or_else(PoisonError::into_inner) = Some(nonce.to_owned());
        }
        match answer.status {
            200 | 201 | 204 => Ok(Ok(answer.body)),
            // What was to be there no more is not there.
            404 if method == "DELETE" => Ok(Ok(answer.body)),
            _ => failed(&answer).map(Err),
        }
    }

    /// A proof for a request, where the provider knows them.
    pub(crate) async fn proof(
        &self,
        method: &str,
        url: &str,
        access_token: Option<&str>,
        nonce: Option<String>,
    ) -> Result<Option<String>, Error> {
        let Some(key) = self.key.clone() else { return Ok(None) };
        let (jti, now) = (random()?, self.clock.now_ms().div_euclid(1000));
        let mut draft = Draft::new(method, url, now, &jti);
        if let Some(nonce) = &nonce {
            draft = draft.nonce(nonce);
        }
        if let Some(token) = access_token {
            draft = draft.access_token(token);
        }
        let prepared = draft.prepare(aws_lc(), key.alg(), key.public_jwk());
        sign(key, prepared.map_err(|error| Error::Key(error.to_string()))?).await.map(Some)
    }

    pub(crate) fn kept_nonce(&self) -> Option<String> {
        self.nonce.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// RFC 6749 §5.2. What is no such answer comes from something on the way.
fn failed(answer: &Answer) -> Result<Refusal, Error> {
    let failure = serde_json::from_slice::<Failure>(&answer.body).ok().filter(|_| (400..500).contains(&answer.status));
    let unreachable = || Error::Unreachable(format!("the answer is {}", answer.status));
    failure
        .map(|Failure { error, error_description, authorization_uri }| Refusal {
            code: error,
            description: error_description,
            goes_on_at: authorization_uri,
        })
        .ok_or_else(unreachable)
}

/// An answer in JSON.
pub(crate) fn parse<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(body).map_err(|error| Error::Answer(error.to_string()))
}
