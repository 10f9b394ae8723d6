//! How a client says who it is (RFC 6749 §2.3, OpenID Connect Core §9): reading it, and what may be believed.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jose::JwsAlgorithm;
use zeroize::Zeroizing;

use crate::client::{AuthMethod, Client};
use crate::error::OAuthError;
use crate::request::Params;

/// The credentials in a request, not checked yet.
pub enum Presented<'a> {
    /// A public client's name.
    Name(&'a str),
    /// Name and secret, from the header or the body.
    Secret {
        /// `client_id`.
        client_id: String,
        /// The secret.
        secret: Zeroizing<String>,
    },
    /// A signed assertion (RFC 7523 §2.2).
    Assertion {
        /// The JWT.
        jwt: &'a str,
        /// `client_id`, where the request names it too (RFC 7521 §4.2).
        client_id: Option<&'a str>,
    },
}

/// The credentials of a request: exactly one kind of them (RFC 6749 §2.3).
pub fn presented<'a>(authorization: Option<&str>, params: &'a Params) -> Result<Presented<'a>, OAuthError> {
    let client_id = params.get("client_id");
    let secret = params.get("client_secret");
    let assertion = params.get("client_assertion");
    match (authorization, secret, assertion) {
        (Some(header), None, None) => {
            let (id, secret) = basic(header)?;
            if client_id.is_some_and(|other| other != id) {
                return Err(OAuthError::invalid_request("client_id differs from the Authorization header's"));
            }
            Ok(Presented::Secret { client_id: id, secret })
        }
        (None, Some(secret), None) => {
            let client_id = client_id.ok_or_else(missing)?.to_owned();
            Ok(Presented::Secret { client_id, secret: Zeroizing::new(secret.to_owned()) })
        }
        (None, None, Some(jwt)) => match params.get("client_assertion_type") {
            Some(JWT_BEARER) => Ok(Presented::Assertion { jwt, client_id }),
            _ => Err(OAuthError::invalid_client("client_assertion_type is not jwt-bearer")),
        },
        (None, None, None) => client_id.map(Presented::Name).ok_or_else(missing),
        _ => Err(OAuthError::invalid_request("more than one kind of client authentication")),
    }
}

fn missing() -> OAuthError {
    OAuthError::invalid_client("nobody says who the client is")
}

/// RFC 6749 §2.3.1: name and secret are form-encoded, then joined and put into Basic (RFC 7617 §2).
fn basic(header: &str) -> Result<(String, Zeroizing<String>), OAuthError> {
    let unreadable = || OAuthError::invalid_client("the Authorization header is not Basic with name and secret");
    let (scheme, credentials) = header.split_once(' ').ok_or_else(unreadable)?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(unreadable());
    }
    let decoded = STANDARD.decode(credentials.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let decoded = Zeroizing::new(decoded.ok_or_else(unreadable)?);
    let (id, secret) = decoded.split_once(':').ok_or_else(unreadable)?;
    Ok((form_decoded(id).ok_or_else(unreadable)?, Zeroizing::new(form_decoded(secret).ok_or_else(unreadable)?)))
}

/// One value of a form; `None` where it is not UTF-8 or a percent sign encodes nothing.
fn form_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits = [rest.next()?, rest.next()?].map(|digit| char::from(digit).to_digit(16));
                u8::try_from(digits[0]? << 4 | digits[1]?).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

/// Whether `client` may authenticate with its secret as it stands. Header and body are worth the same, so a client
/// registered for one may use the other.
pub fn takes_secret(client: &Client) -> bool {
    matches!(client.auth_method, AuthMethod::ClientSecretBasic | AuthMethod::ClientSecretPost)
}

/// The algorithms in which an assertion of `client` may be signed (Core §9); none where it uses another method.
pub fn assertion_algorithms(client: &Client) -> Vec<JwsAlgorithm> {
    let symmetric = match client.auth_method {
        AuthMethod::ClientSecretJwt => true,
        AuthMethod::PrivateKeyJwt => false,
        _ => return Vec::new(),
    };
    let fits = |alg: &JwsAlgorithm| {
        alg.is_symmetric() == symmetric && client.auth_signing_alg.is_none_or(|registered| registered == *alg)
    };
    JwsAlgorithm::ALL.iter().copied().filter(fits).collect()
}

/// RFC 7523 §2.2.
pub const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

#[cfg(test)]
mod tests {
    use super::*;

    fn read(authorization: Option<&str>, form: &str) -> Result<(String, String), OAuthError> {
        let params = Params::parse(form.as_bytes()).expect("sound parameters");
        presented(authorization, &params).map(|presented| match presented {
            Presented::Name(id) => (id.to_owned(), "none".to_owned()),
            Presented::Secret { client_id, secret } => (client_id, secret.to_string()),
            Presented::Assertion { jwt, client_id } => (client_id.unwrap_or("?").to_owned(), format!("jwt {jwt}")),
        })
    }

    fn header(credentials: &str) -> String {
        format!("Basic {}", STANDARD.encode(credentials))
    }

    /// RFC 6749 §2.3.1: `web-secret` arrives as `web%2Dsecret` from some, unencoded from others.
    #[test]
    fn basic_is_form_decoded() {
        for (credentials, id, secret) in [
            ("web:web%2Dsecret", "web", "web-secret"),
            ("web:web-secret", "web", "web-secret"),
            ("a%3Ab:c+d%C3%BC", "a:b", "c dü"),
            ("web:a:b", "web", "a:b"),
        ] {
            let expected = (id.to_owned(), secret.to_owned());
            assert_eq!(read(Some(&header(credentials)), "grant_type=x"), Ok(expected), "{credentials}");
        }
    }

    #[test]
    fn what_is_no_basic_is_invalid_client() {
        for text in [
            "Basic",
            "Basic !!",
            "Bearer abc",
            &header("no colon"),
            &header("a:%4"),
            &header("a:%zz"),
            &header("a:%ff"),
        ] {
            let error = read(Some(text), "").expect_err(text);
            assert_eq!(error.code, crate::ErrorCode::InvalidClient, "{text}");
        }
    }

    /// RFC 6749 §2.3: one method in each request; RFC 7521 §4.2.
    #[test]
    fn one_kind_of_credentials() {
        let jwt = format!("client_assertion=e&client_assertion_type={}", JWT_BEARER.replace(':', "%3A"));
        let ok = |id: &str, rest: &str| Ok((id.to_owned(), rest.to_owned()));
        assert_eq!(read(None, "client_id=c"), ok("c", "none"));
        assert_eq!(read(None, "client_id=c&client_secret=s"), ok("c", "s"));
        assert_eq!(read(None, &jwt), ok("?", "jwt e"));
        assert_eq!(read(None, &format!("{jwt}&client_id=c")), ok("c", "jwt e"));
        assert_eq!(read(Some(&header("c:s")), "client_id=c"), ok("c", "s"));
        for (authorization, form) in [
            (Some(header("c:s")), "client_secret=s".to_owned()),
            (Some(header("c:s")), "client_id=other".to_owned()),
            (Some(header("c:s")), jwt.clone()),
            (None, format!("{jwt}&client_secret=s")),
        ] {
            let error = read(authorization.as_deref(), &form).expect_err(&form);
            assert_eq!(error.code, crate::ErrorCode::InvalidRequest, "{form}");
        }
        for form in ["", "client_secret=s", "client_assertion=e&client_assertion_type=saml"] {
            assert_eq!(read(None, form).expect_err(form).code, crate::ErrorCode::InvalidClient, "{form}");
        }
    }
}
