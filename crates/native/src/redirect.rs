//! The redirect that ends a request, and the one rule of what counts as it.

use url::{Position, Url};

use crate::error::{Error, Refusal};

/// What must stand in the redirect.
pub(crate) struct Awaited<'a> {
    pub(crate) state: &'a str,
    pub(crate) issuer: &'a str,
    /// Whether the issuer always names itself (RFC 9207 §2.3).
    pub(crate) names_issuer: bool,
}

/// Whether an address is the one that was told, whatever its query says.
pub(crate) fn is_at(url: &Url, redirect_uri: &str) -> bool {
    let bare = |url: &Url| url[..Position::AfterPath].to_owned();
    Url::parse(redirect_uri).is_ok_and(|expected| bare(&expected) == bare(url))
}

/// RFC 6749 §4.1.2 and §10.12, RFC 9207 §2.4. None where it is not the redirect that is awaited.
pub(crate) fn code_of(url: &Url, awaited: &Awaited<'_>) -> Option<Result<String, Error>> {
    let mut found: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    found.sort();
    let one = |name: &str| {
        let mut values = found.iter().filter(|(one, _)| one == name).map(|(_, value)| value.as_str());
        values.next().filter(|_| values.next().is_none())
    };
    if !one("state").is_some_and(|state| jose::constant_time_eq(state.as_bytes(), awaited.state.as_bytes())) {
        return None;
    }
    let issuer = one("iss");
    if issuer.map_or(awaited.names_issuer, |issuer| issuer != awaited.issuer) {
        return Some(Err(Error::Answer("the redirect is another issuer's".to_owned())));
    }
    if let Some(code) = one("error") {
        let description = one("error_description").map(str::to_owned);
        return Some(Err(Refusal { code: code.to_owned(), description, goes_on_at: None }.into()));
    }
    Some(one("code").map(str::to_owned).ok_or_else(|| Error::Answer("the redirect has no code".to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_redirect_that_is_awaited_counts() {
        let awaited = Awaited { state: "s", issuer: "https://id.example", names_issuer: true };
        let said = |query: &str| {
            let url = Url::parse(&format!("https://app.example/cb?{query}")).unwrap();
            match code_of(&url, &awaited) {
                None => "nothing".to_owned(),
                Some(Ok(code)) => code,
                Some(Err(error)) => error.to_string(),
            }
        };
        let iss = "iss=https%3A%2F%2Fid.example";
        for (query, expected) in [
            (format!("code=c&state=s&{iss}"), "c"),
            (format!("code=c&state=other&{iss}"), "nothing"),
            (format!("code=c&{iss}"), "nothing"),
            (format!("code=c&state=s&state=s&{iss}"), "nothing"),
            (format!("error=access_denied&state=s&{iss}"), "access_denied"),
            (format!("state=s&{iss}"), "the provider's answer is not believed: the redirect has no code"),
            (format!("code=a&code=b&state=s&{iss}"), "the provider's answer is not believed: the redirect has no code"),
            ("code=c&state=s".to_owned(), "the provider's answer is not believed: the redirect is another issuer's"),
            (
                "code=c&state=s&iss=https%3A%2F%2Fevil.example".to_owned(),
                "the provider's answer is not believed: the redirect is another issuer's",
            ),
        ] {
            assert_eq!(said(&query), expected, "{query}");
        }
    }

    #[test]
    fn an_address_is_the_one_that_was_told() {
        for (url, told, same) in [
            ("https://app.example/cb?code=c", "https://app.example/cb", true),
            ("com.example.notes:/cb?code=c", "com.example.notes:/cb", true),
            ("https://app.example/cb/more?code=c", "https://app.example/cb", false),
            ("https://app.example:444/cb?code=c", "https://app.example/cb", false),
            ("https://ada@app.example/cb?code=c", "https://app.example/cb", false),
            ("http://app.example/cb?code=c", "https://app.example/cb", false),
            ("com.example.mail:/cb?code=c", "com.example.notes:/cb", false),
        ] {
            assert_eq!(is_at(&Url::parse(url).unwrap(), told), same, "{url}");
        }
    }
}
