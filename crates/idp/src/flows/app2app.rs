//! App to app: the host app in which a person is signed in shows another app's pushed request, and answers it with a proof by its
//! device's key. The same hub decides as in the browser; what it would show a page for goes on there.

use jose::base64url;
use oidc::device_key::DeviceKey;
use oidc::hub::{Choice, Facts};
use oidc::request::AuthorizationRequest;
use oidc::{ErrorCode, Id, OAuthError, Scopes, scope};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, Onward};
use crate::access::{Access, text};
use crate::audit::{Event, Kind};
use crate::caller::Caller;
use crate::device_keys::{owner, unproven};
use crate::possession::Presented;
use crate::pushed::unknown;
use crate::{Context, Fault};

/// Another app's request, as the host app is told of it.
#[derive(Clone, Debug, PartialEq)]
pub struct AppRequest {
    /// Who asks: `client_id`, name, owner and site.
    pub client: Value,
    /// What is asked.
    pub scopes: Scopes,
    /// What else is asked, each as it came and in words (RFC 9396).
    pub details: Vec<(Value, String)>,
    /// What the proof must cover.
    pub challenge: String,
    /// SHA-256 of the whole request, which the proof must cover too.
    pub request_hash: String,
}

/// What a host app sends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    proof: String,
}

/// A pushed request with the host app that looks at it.
struct Seen {
    access: Access,
    user: Id,
    host: String,
    link: Id,
    request: AuthorizationRequest,
    challenge: String,
    request_hash: String,
}

impl Context {
    /// Another app's request, for the host app that is to show it.
    pub async fn app_request(
        &self,
        presented: &Presented<'_>,
        (client_id, request_uri): (&str, &str),
        languages: &[&str],
    ) -> Result<AppRequest, OAuthError> {
        let Seen { request, challenge, request_hash, .. } = self.seen(presented, client_id, request_uri).await?;
        let registered = self.enabled_client(client_id).await?.ok_or_else(unknown)?;
        let scopes = registered.client.allowed(&request.scopes);
        let shown = &registered.client.shown;
        let client = json!({
            "client_id": client_id,
            "name": super::app_name(&registered.client),
            "owner": registered.client.owner,
            "uri": shown.client_uri,
        });
        let say = |item: &Value| oidc::details::plain(&self.settings.detail_types.say(item, languages));
        let details = request.authorization_details.items.iter().map(|item| (item.clone(), say(item))).collect();
        Ok(AppRequest { client, scopes, details, challenge, request_hash })
    }

    /// The host app's answer: what takes the person back to the app that asked. A request that must be shown in the browser stays as
    /// it is.
    pub async fn answer_app_request(
        &self,
        presented: &Presented<'_>,
        (client_id, request_uri): (&str, &str),
        body: &[u8],
        caller: &Caller,
    ) -> Result<Answer, OAuthError> {
        let seen = self.seen(presented, client_id, request_uri).await?;
        let malformed = || OAuthError::invalid_request("the body must be JSON with proof");
        let value = jose::json::parse(body, MOST_BYTES, 2).map_err(|_| malformed())?;
        let Sent { proof } = serde_json::from_value(value).map_err(|_| malformed())?;
        let read = jose::jwt::inspect(&proof, &jose::Limits::DEFAULT).map_err(|error| unproven(&error.to_string()))?;
        let decision = match text(&read.claims, "decision") {
            decision @ ("allow" | "deny") => decision.to_owned(),
            _ => return Err(unproven("it decides nothing")),
        };
        let key = read.header.kid().and_then(DeviceKey::id_of_kid).ok_or_else(|| unproven("it names no key"))?;
        let device = self.device_key(seen.user, &seen.host, key).await?;
        let covered = [
            ("challenge", seen.challenge.as_str()),
            ("request_hash", seen.request_hash.as_str()),
            ("decision", decision.as_str()),
        ];
        let proven = self.device_proof(&device.key, &proof, (PROOF, &covered)).await?;
        // Absent, it is all that was asked; an empty one is the sign-in alone.
        let allowed = match proven.claims.get("scope") {
            None => None,
            Some(Value::String(text)) => {
                let scopes = Scopes::parse(text).map_err(|_| unproven("its scope is no list of scopes"))?;
                Some(scopes.and(scope::OPENID))
            }
            Some(_) => return Err(unproven("its scope is no text")),
        };
        // It stands in the record of what was confirmed (RFC 5646 §4.4.1).
        let locale = text(&proven.claims, "locale");
        if locale.len() > LONGEST_TAG || !locale.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            return Err(unproven("its locale is no language tag"));
        }
        let answer = self.apply_answer(&seen, (&decision, allowed, locale), device.unlocked, caller).await?;
        store::device_keys::touch(&self.store, seen.user, key, self.now()).await.map_err(Fault::from)?;
        let kind = if decision == "allow" { Kind::AppRequestAllowed } else { Kind::AppRequestDenied };
        let detail = json!({ "host": seen.host, "key": key, "proof": proven.jti, "request": seen.request_hash });
        self.audit(caller, Event::new(kind).user(seen.user).client(client_id).detail(detail)).await?;
        Ok(answer)
    }

    /// The request, for a token of a host app's person.
    async fn seen(&self, presented: &Presented<'_>, client_id: &str, request_uri: &str) -> Result<Seen, OAuthError> {
        let access = self.accept(presented, scope::OPENID).await?;
        let (user, host) = owner(&access)?;
        let registered = self.enabled_client(&host).await?;
        if registered.is_none_or(|registered| !registered.client.shown.vestibule_app2app_host) {
            return Err(OAuthError::new(ErrorCode::UnauthorizedClient, "this client answers no other app's requests"));
        }
        let (link, request) = self.find_pushed(client_id, request_uri).await?;
        if client_id == host {
            return Err(OAuthError::invalid_request("an app does not answer its own request"));
        }
        let stored = serde_json::to_vec(&request).map_err(|error| Fault::corrupt("a pushed request", error))?;
        let request_hash = base64url::encode(jose::sha256(&stored));
        let about = jose::sha256(&[link.as_bytes().as_slice(), user.as_bytes(), host.as_bytes()].concat());
        let challenge = self.csrf.token(&about, PROOF);
        Ok(Seen { access, user, host, link, request, challenge, request_hash })
    }

    /// Decides as the browser would, uses the request up, and writes what follows.
    async fn apply_answer(
        &self,
        seen: &Seen,
        (decision, allowed, language): (&str, Option<Scopes>, &str),
        unlocked: bool,
        caller: &Caller,
    ) -> Result<Answer, OAuthError> {
        let Some(session) = &seen.access.grant else { return Err(unknown()) };
        let asked = &seen.request.scopes;
        let granted = allowed.map_or_else(|| asked.clone(), |allowed| asked.intersection(&allowed));
        let facts =
            Facts { choice: Choice::Session(session.session_id), continued: true, unlocked, ..Facts::default() };
        let facts = match decision {
            "allow" => facts
                .consented(session.session_id, granted)
                .read_in(if language.is_empty() { "en" } else { language }.to_owned()),
            _ => facts.denied(),
        };
        let concluded = self.conclude(seen.request.clone(), facts, session.browser_id, caller).await?;
        if !store::links::claim(&self.store, seen.link, self.now()).await.map_err(Fault::from)? {
            return Err(unknown());
        }
        self.write(&concluded).await?;
        match concluded.end.onward {
            Onward::Client(answer) => Ok(*answer),
            _ => Err(unknown()),
        }
    }
}

const PROOF: &str = "vestibule-app2app+jwt";
const MOST_BYTES: usize = 16 * 1024;
/// Letters of a language's tag.
const LONGEST_TAG: usize = 35;
