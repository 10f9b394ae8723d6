//! Which redirect URIs belong to one sector (OpenID Connect Core §8.1).

use crate::redirect_uri::RedirectUri;

/// Why a sector identifier's document does not vouch for a client.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SectorError {
    /// Registration §5: a file with a single JSON array of redirect URIs.
    #[error("sector_identifier_uri leads to no JSON array of redirect URIs")]
    NoArray,
    /// Registration §5: each of the client's redirect URIs stands in it.
    #[error("{0} is not among the redirect URIs at sector_identifier_uri")]
    NotListed(String),
}

/// Whether the document at a client's `sector_identifier_uri` names all of its redirect URIs, character by character
/// (OpenID Connect Registration §5).
pub fn vouches(document: &[u8], redirect_uris: &[RedirectUri]) -> Result<(), SectorError> {
    let listed: Vec<String> = serde_json::from_slice(document).map_err(|_| SectorError::NoArray)?;
    match redirect_uris.iter().find(|uri| !listed.iter().any(|listed| uri.is(listed))) {
        Some(missing) => Err(SectorError::NotListed(missing.to_string())),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_redirect_uri_is_listed() {
        let uris = |texts: &[&str]| texts.iter().map(|text| RedirectUri::parse(text).expect(text)).collect::<Vec<_>>();
        let (a, b) = ("https://a.example/cb", "https://b.example/cb");
        for (document, registered, expected) in [
            (r#"["https://a.example/cb","https://b.example/cb"]"#, &[a, b][..], Ok(())),
            (r#"["https://a.example/cb","https://b.example/cb"]"#, &[b], Ok(())),
            (r#"["https://a.example/cb"]"#, &[a, b], Err(SectorError::NotListed(b.to_owned()))),
            (r#"["https://a.example/cb/"]"#, &[a], Err(SectorError::NotListed(a.to_owned()))),
            ("[]", &[a], Err(SectorError::NotListed(a.to_owned()))),
            (r#"{"redirect_uris":["https://a.example/cb"]}"#, &[a], Err(SectorError::NoArray)),
            (r#"["https://a.example/cb",1]"#, &[a], Err(SectorError::NoArray)),
            ("<html>", &[a], Err(SectorError::NoArray)),
        ] {
            assert_eq!(vouches(document.as_bytes(), &uris(registered)), expected, "{document}");
        }
    }
}
