//! Telling apps of a sign-out by iframes on our page (OpenID Connect Front-Channel Logout 1.0).

use url::Url;

use crate::Id;
use crate::redirect_uri::RedirectUri;

/// The address of the iframe that signs out of an app: its registered one with `iss` and `sid` (§2: both, or neither;
/// an app that needs neither overlooks them). What its query holds already stays.
pub fn address(registered: &RedirectUri, issuer: &str, session: Id) -> Option<String> {
    let mut address = Url::parse(registered.as_str()).ok()?;
    address.query_pairs_mut().append_pair("iss", issuer).append_pair("sid", &session.to_string());
    Some(address.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// §2 and §3.
    #[test]
    fn the_frame_is_told_who_and_which_session() {
        let sid = Id::from_bytes([0xab; 16]);
        for (registered, expected) in [
            ("https://app.example/out", "https://app.example/out?iss=https%3A%2F%2Fid.example&sid="),
            ("https://app.example/out?a=b", "https://app.example/out?a=b&iss=https%3A%2F%2Fid.example&sid="),
        ] {
            let uri = RedirectUri::parse(registered).expect("a URI");
            let expected = format!("{expected}{}", "ab".repeat(16));
            assert_eq!(address(&uri, "https://id.example", sid), Some(expected));
        }
    }
}
