//! Signing out at an app's wish (OpenID Connect RP-Initiated Logout 1.0).

pub mod backchannel;
pub mod frontchannel;

use crate::Id;
use crate::client::Client;
use crate::error::OAuthError;
use crate::request::Params;
use crate::session::Session;

/// What a genuine `id_token_hint` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// Whom it is about: the `sub`.
    pub subject: Id,
    /// Of which session: the `sid`.
    pub session: Option<Id>,
    /// For whom it was made: the `aud`.
    pub client_id: String,
}

/// What to do about the sessions of this browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Nobody is signed in whom it could be about.
    Nothing,
    /// The request is proven: end this session.
    End(Id),
    /// Ask the person whether to end these: anybody could have sent the browser here (§2, §6).
    Ask(Vec<Id>),
}

/// Decides which sessions end.
pub fn decide(hint: Option<&Hint>, sessions: &[Session]) -> Decision {
    if sessions.is_empty() {
        return Decision::Nothing;
    }
    let Some(hint) = hint else {
        return Decision::Ask(sessions.iter().map(|session| session.id).collect());
    };
    let named = sessions.iter().find(|session| Some(session.id) == hint.session);
    let same_person = || sessions.iter().find(|session| session.user_id == hint.subject);
    match named.or_else(same_person) {
        Some(session) => Decision::End(session.id),
        None => Decision::Nothing,
    }
}

/// Who asks: the hint's client, or the one named. Two different ones are refused (§2 `client_id`).
pub fn client_id<'a>(params: &'a Params, hint: Option<&'a Hint>) -> Result<Option<&'a str>, OAuthError> {
    let hinted = hint.map(|hint| hint.client_id.as_str());
    match (params.get("client_id"), hinted) {
        (Some(named), Some(hinted)) if named != hinted => {
            Err(OAuthError::invalid_request("client_id is not the one that id_token_hint was made for"))
        }
        (named, hinted) => Ok(named.or(hinted)),
    }
}

/// Where the browser goes afterwards: a registered address, with `state` (§3). An address that is not registered is
/// an error that stays on a page.
pub fn redirect(params: &Params, client: Option<&Client>) -> Result<Option<String>, OAuthError> {
    let Some(wished) = params.get("post_logout_redirect_uri") else {
        return Ok(None);
    };
    let registered = client.is_some_and(|client| client.post_logout_redirect_uris.iter().any(|uri| uri.is(wished)));
    if !registered {
        return Err(OAuthError::invalid_request("post_logout_redirect_uri is not registered for this client"));
    }
    let Some(state) = params.get("state") else {
        return Ok(Some(wished.to_owned()));
    };
    let mut address =
        url::Url::parse(wished).map_err(|_| OAuthError::invalid_request("post_logout_redirect_uri is no URI"))?;
    address.query_pairs_mut().append_pair("state", state);
    Ok(Some(address.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Time;

    fn id(byte: u8) -> Id {
        Id::from_bytes([byte; 16])
    }

    fn session(session: u8, user: u8) -> Session {
        Session {
            id: id(session),
            user_id: id(user),
            authenticated_at: Time::default(),
            proofs: Vec::new(),
            last_seen_at: Time::default(),
            expires_at: Time::default(),
            ended: false,
            unlocked: false,
        }
    }

    /// §2 and §6: without a hint of this browser's own the person is asked.
    #[test]
    fn who_is_asked_and_who_is_not() {
        let sessions = [session(1, 10), session(2, 20)];
        let hint = |subject, sid| Hint { subject: id(subject), session: Some(id(sid)), client_id: "c".to_owned() };
        assert_eq!(decide(None, &[]), Decision::Nothing);
        assert_eq!(decide(Some(&hint(10, 1)), &[]), Decision::Nothing);
        assert_eq!(decide(None, &sessions), Decision::Ask(vec![id(1), id(2)]));
        assert_eq!(decide(Some(&hint(10, 1)), &sessions), Decision::End(id(1)));
        assert_eq!(decide(Some(&hint(20, 9)), &sessions), Decision::End(id(2)));
        assert_eq!(decide(Some(&hint(10, 2)), &sessions), Decision::End(id(2)), "the session that is named counts");
        assert_eq!(decide(Some(&hint(30, 9)), &sessions), Decision::Nothing);
    }

    #[test]
    fn where_the_browser_goes() {
        let client: Client = serde_json::from_value(serde_json::json!({
            "client_id": "c",
            "redirect_uris": ["https://app.example/cb"],
            "post_logout_redirect_uris": ["https://app.example/out?x=1"],
        }))
        .expect("a client");
        let go = |query: &str, client| redirect(&Params::parse(query.as_bytes()).expect("sound"), client);
        let out = "post_logout_redirect_uri=https%3A%2F%2Fapp.example%2Fout%3Fx%3D1";
        assert_eq!(go("", Some(&client)), Ok(None));
        assert_eq!(go(out, Some(&client)), Ok(Some("https://app.example/out?x=1".to_owned())));
        let with_state = format!("{out}&state=a%20%26");
        assert_eq!(go(&with_state, Some(&client)), Ok(Some("https://app.example/out?x=1&state=a+%26".to_owned())));
        assert!(go(out, None).is_err());
        assert!(go("post_logout_redirect_uri=https%3A%2F%2Fapp.example%2Fout", Some(&client)).is_err());
    }

    #[test]
    fn one_client_asks() {
        let hint = Hint { subject: id(1), session: None, client_id: "c".to_owned() };
        let who = |query: &str, hint: Option<&Hint>| {
            client_id(&Params::parse(query.as_bytes()).expect("sound"), hint).map(|id| id.map(str::to_owned))
        };
        assert_eq!(who("", None), Ok(None));
        assert_eq!(who("", Some(&hint)), Ok(Some("c".to_owned())));
        assert_eq!(who("client_id=d", None), Ok(Some("d".to_owned())));
        assert!(who("client_id=d", Some(&hint)).is_err());
    }
}
