//! Tokens are renewed before they end: by one for all who ask.

use std::sync::Arc;

use super::{App, Inner};
use crate::error::Error;
use crate::tokens::Tokens;

impl App {
    /// Tokens that are good for a while. The work goes on though whoever asked goes away: a refresh token that was used and
    /// whose successor was lost would sign the person out.
    pub(super) async fn fresh(&self) -> Result<Tokens, Error> {
        if let Some(tokens) = self.0.load().await?.filter(|tokens| self.0.is_fresh(tokens)) {
            return Ok(tokens);
        }
        let inner = Arc::clone(&self.0);
        let renewing = tokio::spawn(async move { inner.renew().await });
        renewing.await.unwrap_or_else(|error| Err(Error::Answer(error.to_string())))
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
        let answer = match provider.ask(&[("grant_type", "refresh_token"), ("refresh_token", refresh_token)]).await {
            Err(Error::Refused(refusal)) if refusal.code == "invalid_grant" => {
                self.forget().await?;
                return Err(Error::SignedOut);
            }
            answer => answer?,
        };
        if let Some(id_token) = &answer.id_token {
            provider.id_tokens.verify(id_token, None, before.subject.as_deref()).await?;
        }
        let tokens = answer.held(self.platform.clock.now_ms(), before.bound, Some(&before))?;
        self.save(tokens.clone()).await?;
        Ok(tokens)
    }

    fn is_fresh(&self, tokens: &Tokens) -> bool {
        self.platform.clock.now_ms() < tokens.expires_at - AHEAD
    }
}

/// Milliseconds before its end in which a token is renewed rather than sent.
const AHEAD: i64 = 30_000;
