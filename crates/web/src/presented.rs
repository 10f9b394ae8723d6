//! An access token as a request brings it, and what is said to one that does not count (RFC 6750, RFC 9449 §7).

use axum::body::Bytes;
use axum::response::Response;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use idp::possession::{Presented, Scheme};
use oidc::request::Params;
use oidc::{ErrorCode, OAuthError, scope};

use crate::app::App;
use crate::form::is_form;
use crate::{answer, error};

/// A token, taken from its request.
pub(crate) struct Token {
    token: String,
    scheme: Scheme,
    proof: Option<String>,
    method: Method,
}

impl Token {
    /// In the header or in a form; never in the query, where it would stand in logs (RFC 6750 §2, RFC 9700 §4.3.2).
    /// `None` where there is none.
    pub(crate) fn of(method: &Method, headers: &HeaderMap, body: &[u8]) -> Result<Option<Self>, OAuthError> {
        let in_header = headers.get(header::AUTHORIZATION).and_then(|line| line.to_str().ok());
        let in_header = in_header.and_then(|line| line.split_once(' ')).and_then(|(scheme, token)| {
            let scheme = match scheme {
                _ if scheme.eq_ignore_ascii_case("bearer") => Scheme::Bearer,
                _ if scheme.eq_ignore_ascii_case("dpop") => Scheme::Dpop,
                _ => return None,
            };
            Some((scheme, token.trim().to_owned()))
        });
        // §2.2: only a form carries a token; any other body is nothing to us.
        let form = match is_form(headers) {
            true => Params::parse(body).map_err(|unsound| unsound.error)?,
            false => Params::default(),
        };
        let (scheme, token) = match (in_header, form.get("access_token")) {
            (Some(_), Some(_)) => {
                return Err(OAuthError::invalid_request("the token stands in the header and in the body"));
            }
            (Some(found), None) => found,
            (None, Some(token)) => (Scheme::Bearer, token.to_owned()),
            (None, None) => return Ok(None),
        };
        Ok(Some(Self { token, scheme, proof: proof(headers)?.map(str::to_owned), method: method.clone() }))
    }

    /// As it is presented to the endpoint at `path`.
    pub(crate) fn at<'a>(&'a self, path: &'a str) -> Presented<'a> {
        let proof = self.proof.as_deref();
        Presented { token: &self.token, scheme: self.scheme, proof, method: self.method.as_str(), path }
    }
}

/// The DPoP header: one at most (RFC 9449 §4.3, check 1).
pub(crate) fn proof(headers: &HeaderMap) -> Result<Option<&str>, OAuthError> {
    let mut lines = headers.get_all(DPOP).iter();
    let unsound = || OAuthError::new(ErrorCode::InvalidDpopProof, "the DPoP header must be there once, and be a token");
    let Some(line) = lines.next() else { return Ok(None) };
    match (line.to_str(), lines.next()) {
        (Ok(line), None) => Ok(Some(line)),
        _ => Err(unsound()),
    }
}

/// Tells whoever proves a key the nonce for the next time (RFC 9449 §8.2).
pub(crate) fn with_nonce(app: &App, headers: &HeaderMap, response: Response) -> Response {
    match headers.contains_key(DPOP) {
        true => give_nonce(app, response),
        false => response,
    }
}

/// The same answer with the nonce that the next proof should carry.
pub(crate) fn give_nonce(app: &App, mut response: Response) -> Response {
    if let Ok(nonce) = HeaderValue::try_from(app.context().dpop_nonce()) {
        response.headers_mut().insert(NONCE, nonce);
    }
    response
}

/// The token of a request that needs one; the error is the answer.
#[allow(clippy::result_large_err, reason = "made once for a request, and is its answer")]
pub(crate) fn required(trace: &str, found: Result<Option<Token>, OAuthError>) -> Result<Token, Response> {
    match found {
        Ok(Some(token)) => Ok(token),
        Ok(None) => Err(unasked()),
        Err(error) => Err(refused(trace, &error, None, scope::OPENID)),
    }
}

/// RFC 6750 §3.1: to a request without any token nothing is explained.
fn unasked() -> Response {
    let mut response = answer::json(StatusCode::UNAUTHORIZED, Bytes::new());
    for challenge in ["Bearer".to_owned(), format!("DPoP algs=\"{}\"", algorithms())] {
        append(&mut response, challenge);
    }
    response
}

/// RFC 6750 §3, RFC 9449 §7.1: the challenge is in the scheme that was used; `scope` is what was missing.
pub(crate) fn refused(trace: &str, error: &OAuthError, token: Option<&Token>, scope: &str) -> Response {
    let mut response = error::json(trace, error, None);
    if matches!(error.code, ErrorCode::InvalidDpopProof | ErrorCode::UseDpopNonce) {
        *response.status_mut() = StatusCode::UNAUTHORIZED;
    }
    if !response.status().is_client_error() {
        return response;
    }
    let scope = match error.code {
        ErrorCode::InsufficientScope => format!(", scope=\"{scope}\""),
        // RFC 9470 §3: what would do.
        ErrorCode::InsufficientUserAuthentication => format!(", max_age=\"{}\"", idp::FRESH_SIGN_IN.as_secs()),
        _ => String::new(),
    };
    let (scheme, algs) = match token.map(|token| token.scheme) {
        Some(Scheme::Dpop) => ("DPoP", format!(", algs=\"{}\"", algorithms())),
        _ => ("Bearer", String::new()),
    };
    let (code, words) = (error.code.as_str(), &error.description);
    append(&mut response, format!("{scheme} error=\"{code}\", error_description=\"{words}\"{scope}{algs}"));
    response
}

fn append(response: &mut Response, challenge: String) {
    if let Ok(challenge) = HeaderValue::try_from(challenge) {
        response.headers_mut().append(header::WWW_AUTHENTICATE, challenge);
    }
}

fn algorithms() -> String {
    jose::dpop::ALGORITHMS.iter().map(|alg| alg.as_str()).collect::<Vec<_>>().join(" ")
}

const DPOP: &str = "dpop";
const NONCE: &str = "dpop-nonce";
