//! Tokens are renewed before they end: by one for all who ask.

use std::sync::Arc;

use super::{App, Inner, to_its_end};
use crate::error::Error;
use crate::tokens::{Answer, Tokens};

impl App {
    /// Tokens that are good for a while. A refresh token that was used and whose successor was lost would sign the person out.
    pub(super) async fn fresh(&self) -> Result<Tokens, Error> {
        if let Some(tokens) = self.0.load().await?.filter(|tokens| self.0.is_fresh(tokens)) {
            return Ok(tokens);
        }
        let inner = Arc::clone(&self.0);
        to_its_end(async move { inner.renew().await }).await
    }
}

impl Inner {
    /// One refresh for all who wait (RFC 6749 §6).
    async fn renew(self: Arc<Self>) -> Result<Tokens, Error> {
        let _held = self.held.lock().await;
        let before = self.load().await?.ok_or(Error::SignedOut)?;
        if self.is_fresh(&before) {
            return Ok(before);
        }
        let provider = self.provider().await?;
        let Some(refresh_token) = before.refresh_token.as_deref() else {
            self.forget().await?;
            return Err(Error::SignedOut);
        };
        let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh_token)];
        let began = self.platform.clock.now_ms();
        let mut asked = provider.ask(&fields).await;
        if self.was_lost(&asked, began) {
            asked = provider.ask(&fields).await;
        }
        let mut answer = match asked {
            Err(Error::Refused(refusal)) if refusal.code == "invalid_grant" => {
                self.forget().await?;
                return Err(Error::SignedOut);
            }
            answer => answer?,
        };
        if let Some(id_token) = &answer.id_token {
            match provider.id_tokens.verify(id_token, None, before.subject.as_deref()).await {
                // The former refresh token is used up: what nobody can look at now is not a reason to lose its successor.
                Err(Error::Unreachable(_)) => answer.id_token = None,
                verdict => drop(verdict?),
            }
        }
        let tokens = answer.held(self.platform.clock.now_ms(), before.bound, Some(&before))?;
        self.save(tokens.clone()).await?;
        Ok(tokens)
    }

    /// Whether to ask once more, at once, since no answer came: what was used up gives the same again for ten seconds, and not
    /// later.
    pub(super) fn was_lost(&self, answer: &Result<Answer, Error>, began: i64) -> bool {
        matches!(answer, Err(Error::Unreachable(_))) && self.platform.clock.now_ms() - began < SOON
    }

    fn is_fresh(&self, tokens: &Tokens) -> bool {
        self.platform.clock.now_ms() < tokens.expires_at - AHEAD
    }
}

/// Milliseconds before its end in which a token is renewed rather than sent.
const AHEAD: i64 = 30_000;
/// Milliseconds after which an answer that was lost would not come again.
const SOON: i64 = 5_000;
