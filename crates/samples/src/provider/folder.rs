//! Drive's locked folder, as the app asks its API for it.

use serde::Deserialize;
use url::Url;

use super::{RelyingParty, unreachable};
use crate::challenge::StepUp;
use crate::fault::Fault;
use crate::sessions::SignedIn;

/// The app's API, as the provider knows it and as the app reaches it.
pub(crate) struct ApiAddress {
    pub(crate) resource: String,
    pub(crate) locked: Url,
}

/// What the API says of the locked folder.
pub(crate) enum Opened {
    /// What lies in it.
    Files(Vec<String>),
    /// The person has not proven enough.
    NotEnough(StepUp),
}

impl RelyingParty {
    /// Asks the API for the locked folder, with the access token that is there.
    pub(crate) async fn locked(&self, user: &SignedIn) -> Result<Opened, Fault> {
        let api = self.api.as_ref().ok_or(Fault::Foreign)?;
        let request = self.http.get(api.locked.clone()).bearer_auth(user.access_token.secret());
        let answer = request.send().await.map_err(unreachable)?;
        if answer.status() == reqwest::StatusCode::UNAUTHORIZED {
            let header = answer.headers().get(reqwest::header::WWW_AUTHENTICATE);
            let challenge = header.and_then(|value| value.to_str().ok()).unwrap_or_default();
            return StepUp::read(challenge).map(Opened::NotEnough).ok_or(Fault::Ended);
        }
        let body = answer.error_for_status().map_err(unreachable)?.bytes().await.map_err(unreachable)?;
        let Files { files } = serde_json::from_slice(&body).map_err(unreachable)?;
        Ok(Opened::Files(files))
    }
}

/// What the API answers.
#[derive(Deserialize)]
struct Files {
    files: Vec<String>,
}
