//! What people have allowed clients, remembered.

use oidc::client::Client;
use oidc::consent::{Consent, Terms};
use oidc::{Id, Scopes, Time};

use crate::clients::RegisteredClient;
use crate::consents::{Detail, read};
use crate::{Context, Fault};

impl Context {
    /// What this person answered about this client; not about one that had its id before. Where the app's terms are
    /// others by now, it is as if nothing had been answered.
    pub(super) async fn consent(&self, user: Id, registered: &RegisteredClient) -> Result<Option<Consent>, Fault> {
        let client = &registered.client.id;
        let found = store::consents::find(&self.store, user, client).await?;
        let Some(row) = found.filter(|row| row.updated_at >= registered.created_at) else {
            return Ok(None);
        };
        let (scopes, detail) = read(&row)?;
        let agreed = detail.terms == Terms::of(&registered.client);
        Ok(Some(match agreed {
            true => Consent { scopes, declined: detail.declined, outdated: None },
            false => Consent { outdated: Some(row.updated_at), ..Consent::default() },
        }))
    }
}

/// An answer as it is remembered.
pub(super) fn row(user: Id, client: &Client, consent: &Consent, now: Time) -> Result<store::consents::Consent, Fault> {
    let detail = Detail { declined: consent.declined.clone(), terms: Terms::of(client) };
    Ok(store::consents::Consent {
        user_id: user,
        client_id: client.id.clone(),
        scopes: consent.scopes.to_string(),
        detail_json: serde_json::to_string(&detail).map_err(|error| Fault::corrupt("a consent", error))?,
        granted_at: now,
        updated_at: now,
        version: 1,
    })
}

/// What is remembered after `requested` was asked and `allowed` of it given: the latest answer counts for what it is
/// about, everything else stays as it was.
pub(super) fn answered(before: Option<&Consent>, requested: &Scopes, allowed: &Scopes) -> Consent {
    let before = before.cloned().unwrap_or_default();
    let declined = requested.without(allowed);
    Consent {
        scopes: union(&before.scopes.without(requested), allowed),
        declined: union(&before.declined.without(requested), &declined),
        outdated: None,
    }
}

/// Both, where they are not more than scopes may be; else the later ones alone, and the others are asked again.
fn union(earlier: &Scopes, later: &Scopes) -> Scopes {
    match (earlier.is_empty(), later.is_empty()) {
        (true, _) => later.clone(),
        (_, true) => earlier.clone(),
        _ => Scopes::parse(&format!("{earlier} {later}")).unwrap_or_else(|_| later.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_answer_counts_for_what_it_is_about() {
        let scopes = |text| Scopes::parse(text).expect("scopes");
        let consent =
            |allowed, declined| Consent { scopes: scopes(allowed), declined: scopes(declined), outdated: None };
        for (before, requested, allowed, after) in [
            (None, "openid email", "openid", consent("openid", "email")),
            (Some(consent("openid", "email")), "openid phone", "openid phone", consent("openid phone", "email")),
            (Some(consent("openid phone", "email")), "email phone", "email", consent("email openid", "phone")),
            (Some(consent("openid", "")), "", "", consent("openid", "")),
        ] {
            assert_eq!(answered(before.as_ref(), &scopes(requested), &scopes(allowed)), after, "{requested}");
        }
    }
}
