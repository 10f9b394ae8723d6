//! The rule of token exchange (RFC 8693): who may turn whose tokens into which.
//!
//! Nothing may be exchanged unless the client that asks has a line for it in its registration: a pair of clients (whose
//! token, and who asks), the audiences, the scopes, and whether the new token names who acts.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::error::{ErrorCode, OAuthError};
use crate::scope::{self, Scopes};

/// One line of a client's policy (`vestibule_exchange`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    /// Whose access tokens: the `client_id` they were issued to.
    pub client: String,
    /// For whom the new token may be.
    pub audience: Vec<String>,
    /// What of its subject's scopes it may keep.
    #[serde(default)]
    pub scope: Scopes,
    /// What it may have beyond its subject, where that is asked for by name.
    #[serde(default, skip_serializing_if = "Scopes::is_empty")]
    pub adds: Scopes,
    /// Whether it says who acts.
    #[serde(default)]
    pub act: Act,
}

/// RFC 8693 §1.1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Act {
    /// The new token names who acts for the person, and everybody before.
    #[default]
    Delegation,
    /// The new token looks as if the person themselves had it.
    Impersonation,
}

/// The subject token, after all checks of a token.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// Whom it was issued to.
    pub client_id: &'a str,
    /// What it allows.
    pub scopes: &'a Scopes,
    /// Who acts by it already.
    pub act: Option<&'a Value>,
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// `audience` and `resource` together.
    pub audience: Vec<String>,
    /// `scope`.
    pub scopes: Option<Scopes>,
    /// Who is to act: the `sub` of the actor token, or the client itself.
    pub actor: &'a str,
    /// The client that asks.
    pub client_id: &'a str,
}

/// What is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The `aud`.
    pub audience: Vec<String>,
    /// The `scope`.
    pub scopes: Scopes,
    /// The `act` (§4.1).
    pub act: Option<Value>,
}

/// Decides by the policy of the client that asks.
pub fn decide(policy: &[Exchange], subject: &Subject<'_>, asked: Asked<'_>) -> Result<Given, OAuthError> {
    let of_pair: Vec<&Exchange> = policy.iter().filter(|line| line.client == subject.client_id).collect();
    let audience = match (asked.audience.as_slice(), of_pair.as_slice()) {
        // §2.2.2: unacceptable by policy.
        (_, []) => return Err(OAuthError::invalid_request("this client may not exchange the tokens of that client")),
        ([], [Exchange { audience, .. }]) if audience.len() == 1 => audience.clone(),
        ([], _) => return Err(OAuthError::invalid_request("audience is missing")),
        (asked, _) => asked.to_vec(),
    };
    let line = of_pair.into_iter().find(|line| audience.iter().all(|one| line.audience.contains(one)));
    let line =
        line.ok_or_else(|| OAuthError::new(ErrorCode::InvalidTarget, "no token is exchanged for this audience"))?;
    // An exchange never widens (§1.2, §5: the subject's authority is the bound), but by what the line says that it adds.
    let kept = line.scope.intersection(subject.scopes);
    let scopes = match asked.scopes {
        None => kept,
        Some(asked) if asked.without(&line.adds).is_within(&kept) => asked,
        Some(_) => return Err(OAuthError::new(ErrorCode::InvalidScope, "scope goes beyond what may be exchanged")),
    };
    // No identity and no access for the time when people are away comes of an exchange.
    let never = Scopes::parse(&[scope::OPENID, scope::OFFLINE_ACCESS].join(" ")).unwrap_or_default();
    let act = match line.act {
        Act::Impersonation => subject.act.cloned(),
        Act::Delegation => Some(acting(asked.actor, asked.client_id, subject.act)?),
    };
    Ok(Given { audience, scopes: scopes.without(&never), act })
}

/// §4.1: the one who acts now outermost, those before inside.
fn acting(actor: &str, client_id: &str, before: Option<&Value>) -> Result<Value, OAuthError> {
    let mut act = json!({ "sub": actor });
    if actor != client_id {
        act["client_id"] = client_id.into();
    }
    if let Some(before) = before {
        act["act"] = before.clone();
    }
    let depth = std::iter::successors(Some(&act), |act| act.get("act")).count();
    match depth > MOST_ACTORS {
        true => Err(OAuthError::invalid_request("the token has passed through too many hands")),
        false => Ok(act),
    }
}

/// RFC 8693 §3.
pub const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
/// RFC 8693 §3.
pub const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";
/// Hands a token may pass through.
const MOST_ACTORS: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    fn scopes(text: &str) -> Scopes {
        Scopes::parse(text).expect("scopes")
    }

    fn line(client: &str, audience: &[&str], scope: &str, act: Act) -> Exchange {
        let audience = audience.iter().map(|one| (*one).to_owned()).collect();
        Exchange { client: client.to_owned(), audience, scope: scopes(scope), adds: Scopes::default(), act }
    }

    fn ask(audience: &[&str], scope: Option<&str>) -> Asked<'static> {
        let audience = audience.iter().map(|one| (*one).to_owned()).collect();
        Asked { audience, scopes: scope.map(scopes), actor: "gateway", client_id: "gateway" }
    }

    /// RFC 8693 §2.1, §2.2.2: what has no line is refused, and the line bounds audience and scope.
    #[test]
    fn the_policy_bounds_what_is_given() {
        let policy = [
            line("shop", &["orders"], "read write", Act::Delegation),
            line("shop", &["stock", "prices"], "read", Act::Impersonation),
            line("cart", &["orders"], "read", Act::Delegation),
        ];
        let read = scopes("openid read other");
        for (client_id, audience, scope, outcome) in [
            ("shop", &["orders"][..], None, Ok(("orders", "read", true))),
            ("shop", &[], None, Err(ErrorCode::InvalidRequest)),
            ("cart", &[], None, Ok(("orders", "read", true))),
            ("shop", &["orders"], Some("read"), Ok(("orders", "read", true))),
            // The line would let it, and the subject has it not.
            ("shop", &["orders"], Some("write"), Err(ErrorCode::InvalidScope)),
            ("shop", &["orders"], Some("read write"), Err(ErrorCode::InvalidScope)),
            // The subject has it, and the line does not let it.
            ("shop", &["orders"], Some("other"), Err(ErrorCode::InvalidScope)),
            ("shop", &["stock"], Some("read"), Ok(("stock", "read", false))),
            ("shop", &["prices", "stock"], None, Ok(("prices stock", "read", false))),
            ("shop", &["orders", "stock"], None, Err(ErrorCode::InvalidTarget)),
            ("shop", &["elsewhere"], None, Err(ErrorCode::InvalidTarget)),
            ("shop", &["stock"], Some("write"), Err(ErrorCode::InvalidScope)),
            ("shop", &["orders"], Some("openid"), Err(ErrorCode::InvalidScope)),
            ("other", &["orders"], None, Err(ErrorCode::InvalidRequest)),
        ] {
            let subject = Subject { client_id, scopes: &read, act: None };
            let given = decide(&policy, &subject, ask(audience, scope));
            let short = given.map(|given| (given.audience.join(" "), given.scopes.to_string(), given.act.is_some()));
            let outcome =
                outcome.map(|(audience, scope, act): (&str, &str, bool)| (audience.to_owned(), scope.to_owned(), act));
            assert_eq!(short.map_err(|error| error.code), outcome, "{client_id} {audience:?} {scope:?}");
        }
    }

    #[test]
    fn without_an_audience_the_policy_must_leave_no_choice() {
        let policy = [line("shop", &["stock", "prices"], "read", Act::Delegation)];
        let subject = Subject { client_id: "shop", scopes: &scopes("read"), act: None };
        let error = decide(&policy, &subject, ask(&[], None)).expect_err("a choice");
        assert_eq!(error.code, ErrorCode::InvalidRequest);
    }

    /// What an exchange adds stands in its line by name, and is given where it is asked for.
    #[test]
    fn what_is_added_is_named_twice() {
        let adding = Exchange { adds: scopes("audit openid"), ..line("shop", &["orders"], "read", Act::Delegation) };
        let has = scopes("read other");
        let subject = Subject { client_id: "shop", scopes: &has, act: None };
        for (scope, outcome) in [
            (None, Ok("read")),
            (Some("read audit"), Ok("audit read")),
            (Some("audit"), Ok("audit")),
            (Some("audit openid"), Ok("audit")),
            (Some("audit other"), Err(ErrorCode::InvalidScope)),
            (Some("audit write"), Err(ErrorCode::InvalidScope)),
        ] {
            let given = decide(std::slice::from_ref(&adding), &subject, ask(&[], scope));
            let given = given.map(|given| given.scopes.to_string()).map_err(|error| error.code);
            assert_eq!(given, outcome.map(str::to_owned), "{scope:?}");
        }
    }

    /// An exchange gives neither an ID token nor a way to come back, whatever a line says.
    #[test]
    fn identity_is_not_exchanged() {
        let policy = [line("shop", &["orders"], "openid offline_access read", Act::Delegation)];
        let all = scopes("openid offline_access read");
        let subject = Subject { client_id: "shop", scopes: &all, act: None };
        assert_eq!(decide(&policy, &subject, ask(&[], None)).expect("given").scopes, scopes("read"));
    }

    /// RFC 8693 §4.1.
    #[test]
    fn who_acts_is_told_outermost_first() {
        let policy = [line("shop", &["orders"], "", Act::Delegation)];
        let before = json!({ "sub": "first" });
        let none = Scopes::default();
        let subject = Subject { client_id: "shop", scopes: &none, act: Some(&before) };
        let asked = Asked { actor: "grace", ..ask(&["orders"], None) };
        let act = decide(&policy, &subject, asked).expect("given").act;
        assert_eq!(act, Some(json!({ "sub": "grace", "client_id": "gateway", "act": { "sub": "first" } })));
        let mut long = json!({ "sub": "first" });
        for _ in 1..MOST_ACTORS {
            long = json!({ "sub": "next", "act": long });
        }
        let subject = Subject { act: Some(&long), ..subject };
        assert!(decide(&policy, &subject, ask(&["orders"], None)).is_err());
        let silent = [line("shop", &["orders"], "", Act::Impersonation)];
        let act = decide(&silent, &subject, ask(&["orders"], None)).expect("given").act;
        assert_eq!(act, Some(long), "who acted before is not forgotten");
    }
}
