//! Claims about a person: which are asked for (Core §5.5) and which a scope stands for (Core §5.4).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The `claims` parameter (Core §5.5). Unknown members are ignored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClaimsRequest {
    /// For the UserInfo answer.
    pub userinfo: Asked,
    /// For the ID token.
    pub id_token: Asked,
}

/// The claims asked for by name, each with what is said of it.
pub type Asked = BTreeMap<String, Option<ClaimRequest>>;

/// What is said of one claim (Core §5.5.1).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClaimRequest {
    /// Whether the task needs it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub essential: bool,
    /// The one value that will do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// The values that will do, best first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub values: Option<Vec<Value>>,
}

impl ClaimsRequest {
    /// Parses the parameter: a JSON object.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        // Through a map, since serde would read a list as this struct too.
        let members: serde_json::Map<String, Value> = serde_json::from_str(text)?;
        serde_json::from_value(Value::Object(members))
    }

    /// The subject that the answer must be about (Core §5.5.1): any other makes the request fail.
    pub fn subject(&self) -> Option<&str> {
        [&self.id_token, &self.userinfo]
            .into_iter()
            .find_map(|claims| claims.get("sub")?.as_ref()?.value.as_ref()?.as_str())
    }
}

/// The claims that `scope` stands for (Core §5.4).
pub fn of_scope(scope: &str) -> &'static [&'static str] {
    match scope {
        "profile" => PROFILE,
        "email" => &["email", "email_verified"],
        "phone" => &["phone_number", "phone_number_verified"],
        "address" => &["address"],
        _ => &[],
    }
}

/// Whether `name` is one of the standard claims (Core §5.1).
pub fn is_standard(name: &str) -> bool {
    crate::scope::STANDARD.iter().any(|scope| of_scope(scope).contains(&name))
}

const PROFILE: &[&str] = &[
    "name",
    "family_name",
    "given_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "profile",
    "picture",
    "website",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "updated_at",
];

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of Core §5.5.
    #[test]
    fn the_example_of_core_5_5() {
        let request = ClaimsRequest::parse(
            r#"{"userinfo": {"given_name": {"essential": true}, "picture": null},
                "id_token": {"auth_time": {"essential": true}, "acr": {"values": ["urn:a"]}, "sub": {"value": "248289761001"}}}"#,
        )
        .expect("claims");
        assert_eq!(request.userinfo["picture"], None);
        assert!(request.userinfo["given_name"].as_ref().is_some_and(|claim| claim.essential));
        assert_eq!(request.subject(), Some("248289761001"));
        let text = serde_json::to_string(&request).expect("JSON");
        assert_eq!(ClaimsRequest::parse(&text).expect("claims"), request);
    }

    #[test]
    fn other_shapes_are_refused() {
        for text in ["", "1", "[]", r#"{"userinfo": 1}"#, r#"{"id_token": {"sub": "x"}}"#, "{}x"] {
            assert!(ClaimsRequest::parse(text).is_err(), "{text}");
        }
    }

    /// Core §5.4.
    #[test]
    fn scopes_stand_for_claims() {
        assert_eq!(of_scope("email"), ["email", "email_verified"]);
        assert_eq!(of_scope("profile").len(), 14);
        assert!(of_scope("openid").is_empty() && of_scope("offline_access").is_empty());
    }
}
