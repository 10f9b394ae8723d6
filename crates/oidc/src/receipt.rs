//! A receipt for a consent: who allowed whom what, when, and how it is taken back (ISO/IEC TS 27560:2023, clause 6, in JSON).

use serde_json::{Value, json};

use crate::claims;
use crate::consent::Terms;
use crate::hub::Assured;
use crate::scope::{OPENID, Scopes};
use crate::{Id, Time};

/// What a receipt is made of.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The issuer, whose receipt it is.
    pub issuer: &'a str,
    /// The receipt's own id, and when it was written.
    pub receipt: (Id, Time),
    /// Who allowed.
    pub subject: Id,
    /// Whom: the `client_id`.
    pub client_id: &'a str,
    /// The app's name.
    pub app: &'a str,
    /// Who offers the app, where that is known.
    pub owner: Option<&'a str>,
    /// How its people are reached.
    pub contacts: &'a [String],
    /// Its site.
    pub site: Option<&'a str>,
    /// What was allowed.
    pub scopes: &'a Scopes,
    /// What was offered and left out.
    pub declined: &'a Scopes,
    /// Which answer of this person about this app it is, counted from 1.
    pub version: i64,
    /// When the first answer was given.
    pub granted_at: Time,
    /// When this one was.
    pub updated_at: Time,
    /// The terms that were shown.
    pub terms: &'a Terms,
    /// Where it is taken back.
    pub withdrawal: &'a str,
}

/// What a person confirmed, and how.
#[derive(Clone, Copy, Debug)]
pub struct Confirmation<'a> {
    /// The issuer, whose record it is.
    pub issuer: &'a str,
    /// The record's own id.
    pub id: Id,
    /// When it was confirmed.
    pub at: Time,
    /// Who confirmed.
    pub subject: Id,
    /// For whom: the `client_id`.
    pub client_id: &'a str,
    /// The app's name.
    pub app: &'a str,
    /// What was asked, as it came (RFC 9396 §2).
    pub details: &'a [Value],
    /// What was read, a sentence for each of them.
    pub shown: &'a [String],
    /// In which language.
    pub language: &'a str,
    /// In which session.
    pub session: Id,
    /// By what its person had proven themselves.
    pub assured: &'a Assured,
}

/// The record of a confirmation, to be signed: a payment's names amount and creditor, to which what was proven is so linked
/// (Delegated Regulation (EU) 2018/389, Article 5).
pub fn confirmation(of: &Confirmation<'_>) -> Value {
    json!({
        "iss": of.issuer,
        "sub": of.subject,
        "iat": of.at.seconds(),
        "jti": of.id,
        "client_id": of.client_id,
        "app": of.app,
        "authorization_details": of.details,
        "shown": of.shown,
        "shown_language": of.language,
        "sid": of.session,
        "auth_time": of.assured.at.seconds(),
        "amr": of.assured.amr,
        "acr": of.assured.acr,
    })
}

/// The receipt, to be signed.
pub fn receipt(facts: &Facts<'_>) -> Value {
    let (receipt_id, written) = facts.receipt;
    json!({
        "iss": facts.issuer,
        "sub": facts.subject,
        "iat": written.seconds(),
        "jti": receipt_id,
        "receipt_metadata": {
            "schema_version": SCHEMA,
            "receipt_id": receipt_id,
            "receipt_timestamp": written.to_string(),
        },
        "record_metadata": {
            "schema_version": SCHEMA,
            "record_id": format!("{}/{}/{}", facts.subject, facts.client_id, facts.version),
            "pii_principal_id": facts.subject,
        },
        "pii_processing": {
            "privacy_notice": facts.terms.policy_uri,
            "terms_of_service": facts.terms.tos_uri,
            "terms_version": facts.terms.version,
            "purposes": facts.scopes.iter().map(|scope| purpose(facts, scope)).collect::<Vec<_>>(),
            "declined": facts.declined.iter().collect::<Vec<_>>(),
        },
        "party_identification": parties(facts),
        "event": [event("initially given", facts.granted_at, facts), event("given", facts.updated_at, facts)],
    })
}

fn purpose(facts: &Facts<'_>, scope: &str) -> Value {
    let claims: &[&str] = if scope == OPENID { &["sub"] } else { claims::of_scope(scope) };
    json!({
        "purpose": scope,
        "purpose_type": "scope",
        "lawful_basis": "consent",
        "pii_information": claims.iter().map(|claim| json!({ "pii_type": claim })).collect::<Vec<_>>(),
        "pii_controllers": [facts.client_id],
        "collection_method": "consent page of the identity provider",
        "recipient_third_parties": [],
        "withdrawal_method": facts.withdrawal,
        "privacy_rights": facts.withdrawal,
    })
}

fn parties(facts: &Facts<'_>) -> Value {
    json!([
        {
            "party_id": facts.client_id,
            "party_name": facts.owner.unwrap_or(facts.app),
            "party_role": "PII controller",
            "party_contact": facts.contacts,
            "party_url": facts.site,
            "service": facts.app,
        },
        { "party_id": facts.issuer, "party_role": "consent record keeper", "party_url": facts.issuer },
    ])
}

fn event(state: &str, at: Time, facts: &Facts<'_>) -> Value {
    json!({
        "event_time": at.to_string(),
        "event_type": "explicit",
        "event_state": state,
        "validity_duration": "until withdrawn",
        "entity_id": facts.subject,
    })
}

const SCHEMA: &str = "ISO/IEC TS 27560:2023";

#[cfg(test)]
mod tests {
    use super::*;

    /// TS 27560 clause 6: the sections, and who, whom, what, when, and how it is taken back.
    #[test]
    fn a_receipt_says_all_there_is_to_say() {
        let scopes = |text| Scopes::parse(text).expect("scopes");
        let (allowed, declined) = (scopes("openid email photos"), scopes("phone"));
        let terms = Terms {
            version: Some("3".to_owned()),
            tos_uri: None,
            policy_uri: Some("https://app.example/privacy".to_owned()),
        };
        let facts = Facts {
            issuer: "https://id.example",
            receipt: (Id::from_bytes([1; 16]), Time::from_seconds(200)),
            subject: Id::from_bytes([2; 16]),
            client_id: "app",
            app: "Photos",
            owner: Some("Lantern"),
            contacts: &["privacy@app.example".to_owned()],
            site: None,
            scopes: &allowed,
            declined: &declined,
            version: 2,
            granted_at: Time::from_seconds(0),
            updated_at: Time::from_seconds(100),
            terms: &terms,
            withdrawal: "https://id.example/account/apps",
        };
        let receipt = receipt(&facts);
        for (pointer, value) in [
            ("/iss", json!("https://id.example")),
            ("/receipt_metadata/schema_version", json!("ISO/IEC TS 27560:2023")),
            ("/receipt_metadata/receipt_timestamp", json!("1970-01-01T00:03:20Z")),
            ("/record_metadata/pii_principal_id", json!(facts.subject)),
            ("/pii_processing/privacy_notice", json!("https://app.example/privacy")),
            ("/pii_processing/terms_version", json!("3")),
            ("/pii_processing/purposes/0/purpose", json!("email")),
            ("/pii_processing/purposes/0/lawful_basis", json!("consent")),
            ("/pii_processing/purposes/0/pii_information/0/pii_type", json!("email")),
            ("/pii_processing/purposes/0/withdrawal_method", json!("https://id.example/account/apps")),
            ("/pii_processing/purposes/2/pii_information", json!([])),
            ("/pii_processing/declined", json!(["phone"])),
            ("/party_identification/0/party_name", json!("Lantern")),
            ("/party_identification/0/party_contact/0", json!("privacy@app.example")),
            ("/event/0/event_time", json!("1970-01-01T00:00:00Z")),
            ("/event/1/event_time", json!("1970-01-01T00:01:40Z")),
        ] {
            assert_eq!(receipt.pointer(pointer), Some(&value), "{pointer} of {receipt}");
        }
    }
}
