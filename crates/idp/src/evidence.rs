//! Signed records of what people confirmed (RFC 9396 types with `evidence`): a payment with its amount and creditor for one
//! (Delegated Regulation (EU) 2018/389, Article 5, dynamic linking).
//!
//! A record is written with the code, in one transaction, and never changed. It says what was asked, the words that were read, and
//! by what its person had proven themselves.

use oidc::details::plain;
use oidc::hub::{Account, Assured};
use oidc::receipt::{Confirmation, confirmation};
use oidc::{Id, Time};
use serde::Deserialize;
use store::evidence::Evidence;

use crate::flows::Asks;
use crate::keys::TokenType;
use crate::tokens::ACCESS_TOKEN_ALG;
use crate::{Context, Fault};

/// What a person confirmed, as they are told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmed {
    /// The record's id.
    pub id: Id,
    /// The app's name.
    pub app: String,
    /// What they read.
    pub words: Vec<String>,
    /// When.
    pub at: Time,
}

#[derive(Deserialize)]
struct Recorded {
    app: String,
    shown: Vec<String>,
}

impl Context {
    /// The record of an answer, signed; `None` where none of what was asked wants one.
    pub(crate) async fn evidence(
        &self,
        asks: &Asks,
        account: &Account,
        (assured, language): (&Assured, Option<&str>),
    ) -> Result<Option<Evidence>, Fault> {
        let details = &asks.request.authorization_details;
        // Who was not asked has confirmed nothing.
        let Some(language) = language.filter(|_| details.evidence) else { return Ok(None) };
        let (id, now, user) = (self.randomness.new_id(), self.now(), account.session.user_id);
        let say = |item| plain(&self.settings.detail_types.say(item, &[language]));
        let shown: Vec<String> = details.items.iter().map(say).collect();
        let record = confirmation(&Confirmation {
            issuer: self.issuer(),
            id,
            at: now,
            subject: user,
            client_id: &asks.client().id,
            app: asks.app_name(),
            details: &details.items,
            shown: &shown,
            language,
            session: account.session.id,
            assured,
        });
        let jwt = self.signer(ACCESS_TOKEN_ALG, TokenType::Evidence).await?.sign(&record)?;
        let (client_id, expires_at) = (asks.client().id.clone(), now.plus(self.settings.audit.retention));
        Ok(Some(Evidence { user_id: user, id, client_id, jwt, created_at: now, expires_at }))
    }

    /// What a person has confirmed, the newest first.
    pub async fn confirmed(&self, user: Id) -> Result<Vec<Confirmed>, Fault> {
        let mut all = Vec::new();
        for row in store::evidence::newest_of_user(&self.store, user, MOST_SHOWN).await? {
            let corrupt = |error: &dyn std::fmt::Display| Fault::corrupt(&format!("the evidence {}", row.id), error);
            let read = jose::jwt::inspect(&row.jwt, &jose::Limits::DEFAULT).map_err(|error| corrupt(&error))?;
            let said = serde_json::Value::Object(read.claims.clone());
            let Recorded { app, shown } = serde_json::from_value(said).map_err(|error| corrupt(&error))?;
            all.push(Confirmed { id: row.id, app, words: shown, at: row.created_at });
        }
        Ok(all)
    }

    /// One record, signed as it was then.
    pub async fn confirmation_record(&self, user: Id, id: Id) -> Result<Option<String>, Fault> {
        Ok(store::evidence::find(&self.store, user, id).await?.map(|row| row.jwt))
    }
}

/// How many are shown at once.
const MOST_SHOWN: u32 = 50;
