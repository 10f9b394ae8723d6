//! The signed assertion by which a site can be sure of what its proxy tells it.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use jose::JwsAlgorithm;
use oidc::site::Host;
use oidc::{Id, Time, assurance};
use serde::Serialize;

use super::admitting::Visitor;
use crate::keys::TokenType;
use crate::{Context, Fault};

/// An assertion that was signed a moment ago.
#[derive(Clone, Debug)]
pub(super) struct Signed {
    text: Arc<str>,
    at: Time,
}

/// Its claims (RFC 7519 §4.1, Core §2, §5.1).
#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    aud: &'a str,
    sub: Id,
    sid: Id,
    iat: i64,
    exp: i64,
    auth_time: Option<i64>,
    acr: Option<&'a str>,
    amr: Vec<String>,
    preferred_username: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email_verified: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    groups: &'a [String],
}

impl Context {
    /// Who the visitor is, for this host alone and for a minute. One that was signed less than half a minute ago does again.
    pub(super) async fn site_assertion(&self, visitor: &Visitor, host: &Host) -> Result<Arc<str>, Fault> {
        let now = self.now();
        let kept = || visitor.assertions.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(signed) = kept().get(host.as_str()).filter(|signed| now.since(signed.at) < AGAIN) {
            return Ok(Arc::clone(&signed.text));
        }
        let about = &visitor.about;
        let reached = assurance::reached(&about.proofs);
        let claims = Claims {
            iss: &self.issuer,
            aud: host.as_str(),
            sub: about.user,
            sid: about.child,
            iat: now.seconds(),
            exp: now.plus(ASSERTION_LIFETIME).seconds(),
            auth_time: reached.as_ref().map(|reached| reached.at.seconds()),
            acr: reached.as_ref().map(|reached| self.settings.contexts.name(reached.level)),
            amr: reached.as_ref().map(|reached| reached.amr()).unwrap_or_default(),
            preferred_username: &about.login,
            email: about.email.as_deref(),
            email_verified: about.email.as_ref().map(|_| true),
            name: about.name.as_deref(),
            groups: &about.standing.groups,
        };
        let text: Arc<str> = self.signer(ALG, TokenType::SiteAssertion).await?.sign(&claims)?.into();
        let mut kept = kept();
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(host.to_string(), Signed { text: Arc::clone(&text), at: now });
        Ok(text)
    }
}

/// How long an assertion is good.
pub(crate) const ASSERTION_LIFETIME: Duration = Duration::from_secs(60);
/// How long it is handed out again.
const AGAIN: Duration = Duration::from_secs(30);
const ALG: JwsAlgorithm = JwsAlgorithm::ES256;
/// Hosts that one visitor sees within half a minute.
const MOST: usize = 64;
