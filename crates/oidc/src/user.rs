//! A person, as claims tell of them.

use serde_json::{Map, Value};

use crate::claims::{self, Asked};
use crate::{Id, Scopes, Time};

/// What is known of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The `sub`, where it is not pairwise.
    pub id: Id,
    /// The address, and whether it was proven.
    pub email: Option<String>,
    /// Whether the address was proven.
    pub email_verified: bool,
    /// `preferred_username`.
    pub username: Option<String>,
    /// The full name.
    pub name: Option<String>,
    /// The other standard claims (Core §5.1) by their names.
    pub profile: Map<String, Value>,
    /// Whether nobody may sign in with it.
    pub disabled: bool,
    /// When the claims last changed.
    pub updated_at: Time,
}

impl User {
    /// The claims for `scopes` and for those asked for one by one (Core §5.4, §5.5), without `sub`.
    /// What is not known is left out (Core §5.3.2).
    pub fn claims<'a>(&self, scopes: &Scopes, asked: impl IntoIterator<Item = &'a String>) -> Map<String, Value> {
        let mut claims = Map::new();
        let mut tell = |name: &str| {
            if let Some(value) = self.claim(name) {
                claims.insert(name.to_owned(), value);
            }
        };
        scopes.iter().flat_map(claims::of_scope).for_each(|name| tell(name));
        asked.into_iter().for_each(|name| tell(name));
        claims
    }

    fn claim(&self, name: &str) -> Option<Value> {
        match name {
            "email" => self.email.clone().map(Value::from),
            "email_verified" => self.email.as_ref().map(|_| Value::from(self.email_verified)),
            "name" => self.name.clone().map(Value::from),
            "preferred_username" => self.username.clone().map(Value::from),
            "updated_at" => Some(Value::from(self.updated_at.seconds())),
            _ if claims::is_standard(name) => self.profile.get(name).cloned(),
            _ => None,
        }
    }
}

/// The names of `asked` that `scopes` allow: a claim asked for by name is
/// given only within the scopes that the person saw and allowed.
pub fn asked_within<'a>(asked: &'a Asked, scopes: &'a Scopes) -> impl Iterator<Item = &'a String> {
    let allowed = move |name: &str| scopes.iter().any(|scope| claims::of_scope(scope).contains(&name));
    asked.keys().filter(move |name| allowed(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claims::ClaimsRequest;

    fn user() -> User {
        let profile = serde_json::json!({ "locale": "fr", "password": "x", "phone_number": "+1" });
        User {
            id: Id::from_bytes([1; 16]),
            email: Some("ada@example.com".to_owned()),
            email_verified: true,
            username: None,
            name: Some("Ada".to_owned()),
            profile: profile.as_object().cloned().expect("an object"),
            disabled: false,
            updated_at: Time::from_seconds(7),
        }
    }

    /// Core §5.4; unknown ones are left out (§5.3.2), and what is no standard claim is never told.
    #[test]
    fn claims_follow_the_scopes() {
        let asked = ["password".to_owned(), "phone_number".to_owned()];
        for (scopes, asked, names) in [
            ("openid", &asked[..0], &[][..]),
            ("openid email", &asked[..0], &["email", "email_verified"]),
            ("profile", &asked[..0], &["locale", "name", "updated_at"]),
            ("openid", &asked[..], &["phone_number"]),
        ] {
            let scopes = Scopes::parse(scopes).expect("scopes");
            let claims = user().claims(&scopes, asked);
            assert_eq!(claims.keys().collect::<Vec<_>>(), names, "{scopes}");
        }
    }

    #[test]
    fn what_is_asked_by_name_stays_within_the_scopes() {
        let asked = ClaimsRequest::parse(r#"{"userinfo": {"email": null, "phone_number": null}}"#).expect("claims");
        let scopes = Scopes::parse("openid email").expect("scopes");
        assert_eq!(asked_within(&asked.userinfo, &scopes).collect::<Vec<_>>(), ["email"]);
    }
}
