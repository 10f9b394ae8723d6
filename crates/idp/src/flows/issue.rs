//! The end that a flow is for: a code.

use oidc::consent::Consent;
use oidc::hub::Account;
use oidc::request::AuthorizationRequest;
use oidc::secret::SecretKind;
use oidc::token::grant::Grant;
use oidc::{Id, Scopes};
use store::codes::Code;

use super::consent::answered;
use super::known::{Open, Stored};
use super::{Answer, Asks, Visitor};
use crate::browsers::Browser;
use crate::{Context, Fault};

impl Context {
    /// Issues a code for what was granted and ends the flow in the same transaction; `None` where another tab was
    /// faster, and then there is no code.
    pub(super) async fn issue_code(
        &self,
        open: &Open,
        session: Id,
        granted: &Scopes,
        visitor: Visitor<'_>,
    ) -> Result<Option<Answer>, Fault> {
        let (Some(asks), Some(account), Some(browser)) = (open.asks(), open.account(session), &open.browser) else {
            return Err(Fault::Corrupt(format!("flow {} issues for a session that nobody knows", open.id)));
        };
        if let Some(consent) = to_remember(open, &asks, account, granted) {
            self.remember(account.session.user_id, &asks.client().id, &consent, self.now()).await?;
        }
        self.touch_session(browser, session).await?;
        let secret = self.randomness.new_secret_for(SecretKind::Code, open.id);
        let grant = grant(&asks.request, account, browser, granted);
        let now = self.now();
        let code = Code {
            flow_id: open.id,
            secret_hash: secret.hash().into(),
            client_id: asks.client().id.clone(),
            grant_json: serde_json::to_string(&grant).map_err(|error| Fault::corrupt("a grant", error))?,
            created_at: now,
            expires_at: now.plus(self.settings.tokens.code_lifetime),
            used_at: None,
        };
        let issued = match open.stored {
            Stored::At(version) => store::flows::finish_with_code(&self.store, version, now, &code).await?,
            Stored::Not => {
                let mut row = self.flow_row(open.id, &open.flow, &visitor.binding.hash())?;
                row.finished_at = Some(now);
                store::flows::insert_finished_with_code(&self.store, &row, &code).await?;
                true
            }
        };
        let reply = asks.request.reply.clone();
        Ok(issued.then(|| Answer::code(reply, self.issuer(), asks.app_name(), &secret.to_text())))
    }
}

/// What is to be remembered of this sign-in. A trusted client's first one too, without a scope: nobody was asked.
fn to_remember(open: &Open, asks: &Asks, account: &Account, granted: &Scopes) -> Option<Consent> {
    match (&open.flow.facts.consented, &account.consent) {
        (Some(_), before) => Some(answered(before.as_ref(), &asks.request.scopes, granted)),
        (None, None) => Some(Consent::default()),
        (None, Some(_)) => None,
    }
}

fn grant(request: &AuthorizationRequest, account: &Account, browser: &Browser, granted: &Scopes) -> Grant {
    let session = &account.session;
    Grant {
        user_id: session.user_id,
        browser_id: browser.id,
        session_id: session.id,
        authenticated_at: session.authenticated_at,
        amr: session.amr.clone(),
        acr: session.acr.clone(),
        scopes: granted.clone(),
        resource: request.resource.clone(),
        claims: request.claims.clone(),
        nonce: request.nonce.clone(),
        redirect_uri: request.reply.redirect_uri.to_string(),
        code_challenge: request.code_challenge.clone(),
    }
}
