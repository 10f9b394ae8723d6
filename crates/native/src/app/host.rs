//! The app that answers: another app's request is shown here, and answered with the device's key.

use serde::Deserialize;
use serde_json::json;
use url::Url;
use verify::fetch::Request;

use super::{App, Inner};
use crate::asked::{Asked, Decision};
use crate::error::Error;
use crate::protocol::parse;

impl App {
    /// What another app asks, by the link that the system opened this app with. `languages` is in what words, the best first
    /// (BCP 47, with blanks between).
    pub async fn asked(&self, link: &str, languages: &str) -> Result<Asked, Error> {
        let inner = &*self.0;
        let (id, client_id) = inner.read_link(link)?;
        let mut url = inner.at(&["api", "app2app", "v1", "requests", &id])?;
        url.query_pairs_mut().append_pair("client_id", &client_id);
        let answers_at = url.to_string();
        url.query_pairs_mut().append_pair("ui_locales", languages);
        let tokens = self.fresh().await?;
        let request = Request::get(url.as_str());
        let body = inner.provider().await?.endpoints.call(request, Some(&tokens)).await?;
        Ok(Asked { answers_at, link: link.to_owned(), ..parse::<Asked>(&body)? })
    }

    /// Answers it, with the device's key, which may ask the person first. Answered is the address that leads back to the app
    /// that asked: open it. `Refused` with `interaction_required` means that a page is due: open `asked.link` in the browser.
    pub async fn answer(&self, asked: &Asked, decision: &Decision) -> Result<String, Error> {
        #[derive(Deserialize)]
        struct Answered {
            redirect_to: String,
        }
        let (inner, tokens) = (&*self.0, self.fresh().await?);
        let key = inner.device_key().await?;
        let mut claims = json!({
            "challenge": asked.challenge,
            "request_hash": asked.request_hash,
            "decision": if *decision == Decision::Deny { "deny" } else { "allow" },
        });
        if let Decision::AllowOnly(scopes) = decision {
            claims["scope"] = scopes.join(" ").into();
        }
        if !asked.locale.is_empty() {
            claims["locale"] = asked.locale.as_str().into();
        }
        let endpoints = &inner.provider().await?.endpoints;
        let proof = inner.signed(&key, "vestibule-app2app+jwt", claims).await?;
        let request = Request::post_json(&asked.answers_at, json!({ "proof": proof }).to_string());
        let body = endpoints.call(request, Some(&tokens)).await?;
        parse::<Answered>(&body).map(|answered| answered.redirect_to)
    }
}

impl Inner {
    /// The request's id and who asks, of a link that is this app's own: whoever opens an app with a link is not to be believed.
    fn read_link(&self, link: &str) -> Result<(String, String), Error> {
        let foreign = || Error::Answer("the link is not this app's".to_owned());
        let url = Url::parse(link).map_err(|_| foreign())?;
        let own = self.at(&["a2a", &self.settings.client_id])?;
        if url.origin() != own.origin() || url.path() != own.path() {
            return Err(foreign());
        }
        let one = |name: &str| {
            let mut values = url.query_pairs().filter(|(one, _)| one == name).map(|(_, value)| value.into_owned());
            values.next().filter(|_| values.next().is_none())
        };
        let (Some(client_id), Some(uri)) = (one("client_id"), one("request_uri")) else { return Err(foreign()) };
        // Some text that is one segment of a path, and no more.
        let plain =
            |id: &&str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte));
        let id = uri.strip_prefix(PUSHED).filter(plain).filter(|id| id.trim_matches('.') == *id);
        Ok((id.ok_or_else(foreign)?.to_owned(), client_id))
    }
}

/// RFC 9126 §2.2, as the provider writes it.
const PUSHED: &str = "urn:ietf:params:oauth:request_uri:";
