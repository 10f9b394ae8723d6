//! From a native app into a web client: whether one app may open another client, and the address that it opens there
//! (OpenID Connect Core §4).

use crate::client::Client;
use crate::redirect_uri::RedirectUri;

/// Why a hand-off is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// There is no such client.
    NoClient,
    /// The client does not name this app.
    NotAllowed,
    /// The client has no place where a sign-in begins that others ask for.
    NoPlace,
    /// The page is none of the client's.
    ForeignTarget,
}

/// Decides whether the app `from` may hand its person off to `target`, at this page of it.
pub fn decide(from: &str, target: &Client, target_link_uri: Option<&str>) -> Result<(), Refused> {
    if !target.shown.vestibule_handoff_from.iter().any(|allowed| allowed == from) {
        return Err(Refused::NotAllowed);
    }
    let Some(place) = &target.initiate_login_uri else { return Err(Refused::NoPlace) };
    let Some(page) = target_link_uri else { return Ok(()) };
    // Core §4 has the client look at it; nobody is sent there with what could not be the client's.
    let page = RedirectUri::parse(page).map_err(|_| Refused::ForeignTarget)?;
    let origins = target.redirect_uris.iter().map(RedirectUri::origin).chain([place.origin()]);
    match !page.is_private_use() && origins.into_iter().any(|origin| origin == page.origin()) {
        true => Ok(()),
        false => Err(Refused::ForeignTarget),
    }
}

/// An address with these pairs behind the query that it has.
pub fn with_query<'a>(to: &RedirectUri, pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let pairs = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let join = match to.as_str().split_once('?') {
        None => "?",
        Some((_, "")) => "",
        Some(_) => "&",
    };
    format!("{to}{join}{pairs}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn client(members: serde_json::Value) -> Client {
        let mut all = json!({ "client_id": "web", "redirect_uris": ["https://app.example/cb"] });
        all.as_object_mut().expect("an object").extend(members.as_object().expect("an object").clone());
        serde_json::from_value(all).expect("a client")
    }

    #[test]
    fn who_may_open_what() {
        let place = "https://www.app.example/login";
        let full = json!({ "initiate_login_uri": place, "vestibule_handoff_from": ["phone"] });
        for (from, members, page, expected) in [
            ("phone", &full, None, Ok(())),
            ("phone", &full, Some("https://www.app.example/inbox?x=1"), Ok(())),
            ("phone", &full, Some("https://app.example/"), Ok(())),
            ("tablet", &full, None, Err(Refused::NotAllowed)),
            ("phone", &json!({ "initiate_login_uri": place }), None, Err(Refused::NotAllowed)),
            ("phone", &json!({ "vestibule_handoff_from": ["phone"] }), None, Err(Refused::NoPlace)),
            ("phone", &full, Some("https://evil.example/"), Err(Refused::ForeignTarget)),
            ("phone", &full, Some("https://app.example.evil.example/"), Err(Refused::ForeignTarget)),
            ("phone", &full, Some("https://app.example@evil.example/"), Err(Refused::ForeignTarget)),
            ("phone", &full, Some("http://app.example/"), Err(Refused::ForeignTarget)),
            ("phone", &full, Some("javascript:alert(1)"), Err(Refused::ForeignTarget)),
            ("phone", &full, Some("/inbox"), Err(Refused::ForeignTarget)),
        ] {
            assert_eq!(decide(from, &client(members.clone()), page), expected, "{from} {members} {page:?}");
        }
    }

    #[test]
    fn a_query_stays_and_grows() {
        let to = |text| RedirectUri::parse(text).expect("a URI");
        let pairs = || [("iss", "https://id.example"), ("target_link_uri", "https://app.example/?a=b&c")].into_iter();
        let expected = "iss=https%3A%2F%2Fid.example&target_link_uri=https%3A%2F%2Fapp.example%2F%3Fa%3Db%26c";
        assert_eq!(
            with_query(&to("https://app.example/login"), pairs()),
            format!("https://app.example/login?{expected}")
        );
        assert_eq!(
            with_query(&to("https://app.example/?x=y"), pairs()),
            format!("https://app.example/?x=y&{expected}")
        );
    }
}
