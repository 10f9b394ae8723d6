//! What an app asked for without a browser, as the authorization request that finishes it in one.
//!
//! Nothing in it is secret, and nothing in it is the server's to choose: what proves in the end that the code is the app's
//! (RFC 7636), the app sends along or adds itself.

use super::Params;
use crate::client::Client;
use crate::error::OAuthError;
use crate::scope::{self, Scopes};

/// The members of that request; `None` for a client that no browser leads back to. The redirect URI is the one that the app
/// names, where it is registered, or the first that is.
pub fn going_on(
    params: &Params,
    client: &Client,
    scopes: &Scopes,
) -> Result<Option<Vec<(&'static str, String)>>, OAuthError> {
    let unregistered = || OAuthError::invalid_request("redirect_uri is not registered for this client");
    let redirect_uri = match params.get("redirect_uri") {
        Some(text) => Some(client.redirect_uri(text).ok_or_else(unregistered)?),
        None => client.redirect_uris.first().cloned(),
    };
    let Some(redirect_uri) = redirect_uri else { return Ok(None) };
    let scopes = scopes.clone().and(scope::OPENID);
    let mut members = vec![
        ("client_id", client.id.clone()),
        ("redirect_uri", redirect_uri.to_string()),
        ("response_type", "code".to_owned()),
        ("scope", scopes.to_string()),
    ];
    let sent = PASSED_ON.iter().filter_map(|name| Some((*name, params.get(name)?.to_owned())));
    members.extend(sent);
    Ok(Some(members))
}

/// An endpoint's address with these members as its query.
pub fn address(endpoint: &str, members: &[(&'static str, String)]) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(members).finish();
    format!("{endpoint}?{query}")
}

/// What is the app's own of an authorization request.
const PASSED_ON: &[&str] = &["state", "nonce", "code_challenge", "code_challenge_method"];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn client(redirect_uris: &[&str], grant: &str) -> Client {
        let metadata = json!({
            "client_id": "mail", "application_type": "native", "redirect_uris": redirect_uris, "grant_types": [grant],
        });
        serde_json::from_value(metadata).unwrap()
    }

    #[test]
    fn it_names_what_was_asked_and_nothing_secret() {
        let native = client(&["https://mail.example/cb", "http://127.0.0.1/cb"], "authorization_code");
        let scopes = Scopes::parse("email").unwrap();
        for (form, expected) in [
            (
                "actor_token=secret&subject_token=secret&device_proof=secret",
                Ok(
                    "https://id/a?client_id=mail&redirect_uri=https%3A%2F%2Fmail.example%2Fcb&response_type=code&scope=email+openid",
                ),
            ),
            (
                "redirect_uri=http://127.0.0.1:7000/cb&state=s%26t&code_challenge=c&code_challenge_method=S256",
                Ok("https://id/a?client_id=mail&redirect_uri=http%3A%2F%2F127.0.0.1%3A7000%2Fcb&response_type=code\
                    &scope=email+openid&state=s%26t&code_challenge=c&code_challenge_method=S256"),
            ),
            ("redirect_uri=https://evil.example/cb", Err(())),
        ] {
            let params = Params::parse(form.as_bytes()).unwrap();
            let members = going_on(&params, &native, &scopes);
            let found = members.map(|members| address("https://id/a", &members.unwrap())).map_err(|_| ());
            assert_eq!(found.as_deref().map_err(|_| ()), expected, "{form}");
        }
        let nowhere = client(&[], "urn:ietf:params:oauth:grant-type:device_code");
        assert_eq!(going_on(&Params::parse(b"a=b").unwrap(), &nowhere, &scopes).unwrap(), None);
    }
}
