//! What a request presents.

use crate::reason::Reason;

/// What of a request concerns its token.
///
/// ```
/// use vestibule_verify::Presented;
///
/// let presented = Presented::new("GET", "/files").authorization("DPoP eyJ…").proof("eyJ…").certificate(&[0x30]);
/// # let _ = presented;
/// let (parts, _) = http::Request::get("/files").header("authorization", "Bearer eyJ…").body(()).expect("a request").into_parts();
/// let presented = Presented::of(&parts);
/// # let _ = presented;
/// ```
#[derive(Clone, Debug)]
pub struct Presented<'a> {
    authorization: Vec<&'a str>,
    proofs: Vec<&'a str>,
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) certificate: Option<&'a [u8]>,
}

/// The client certificate of a connection, in DER: whoever ends TLS puts it among a request's extensions.
///
/// ```
/// use vestibule_verify::ClientCertificate;
///
/// let mut request = http::Request::get("/").body(()).expect("a request");
/// request.extensions_mut().insert(ClientCertificate(vec![0x30]));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientCertificate(pub Vec<u8>);

/// How a token is presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    Bearer,
    Dpop,
}

impl<'a> Presented<'a> {
    /// A request by this method to this path; a query does not count.
    pub fn new(method: &'a str, path: &'a str) -> Self {
        Self { authorization: Vec::new(), proofs: Vec::new(), method, path, certificate: None }
    }

    /// What a request's head presents, with a [`ClientCertificate`] among its extensions. A header that is no text stands
    /// for a token that is none. The path is the whole one, though a router of axum's that is nested in another sees a part.
    pub fn of(parts: &'a http::request::Parts) -> Self {
        let all = |name| parts.headers.get_all(name).iter().map(|value| value.to_str().unwrap_or("?")).collect();
        let certificate = parts.extensions.get::<ClientCertificate>().map(|certificate| certificate.0.as_slice());
        let (authorization, proofs) = (all("authorization"), all("dpop"));
        Self { authorization, proofs, certificate, ..Self::new(parts.method.as_str(), whole_path(parts)) }
    }

    /// With this `Authorization` header.
    #[must_use]
    pub fn authorization(mut self, value: &'a str) -> Self {
        self.authorization.push(value);
        self
    }

    /// With this `DPoP` header.
    #[must_use]
    pub fn proof(mut self, value: &'a str) -> Self {
        self.proofs.push(value);
        self
    }

    /// Over a connection with this client certificate, in DER.
    #[must_use]
    pub fn certificate(mut self, der: &'a [u8]) -> Self {
        self.certificate = Some(der);
        self
    }

    /// RFC 6750 §2.1 and §3.1, RFC 9449 §7.1: one token, in one way.
    pub(crate) fn token(&self) -> Result<(Scheme, &'a str), Reason> {
        let header = match self.authorization.as_slice() {
            [] => return Err(Reason::NoToken),
            [header] => header,
            _ => return Err(Reason::Request),
        };
        let (scheme, token) = header.split_once(' ').unwrap_or((header, ""));
        let scheme = match scheme {
            scheme if scheme.eq_ignore_ascii_case("bearer") => Scheme::Bearer,
            scheme if scheme.eq_ignore_ascii_case("dpop") => Scheme::Dpop,
            // Another scheme is another's business.
            _ => return Err(Reason::NoToken),
        };
        let token = token.trim_start_matches(' ');
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
        match token.is_empty() || token.len() > LONGEST || !token.bytes().all(fits) {
            true => Err(Reason::Request),
            false => Ok((scheme, token)),
        }
    }

    /// RFC 9449 §4.3, check 1.
    pub(crate) fn only_proof(&self) -> Result<Option<&'a str>, Reason> {
        match self.proofs.as_slice() {
            [] => Ok(None),
            [proof] => Ok(Some(proof)),
            _ => Err(Reason::Request),
        }
    }
}

/// The path that the client has asked for: routers that nest others cut it, and axum keeps it beside the request.
fn whole_path(parts: &http::request::Parts) -> &str {
    #[cfg(feature = "axum")]
    if let Some(original) = parts.extensions.get::<::axum::extract::OriginalUri>() {
        return original.0.path();
    }
    parts.uri.path()
}

/// Longer ones are refused unread.
const LONGEST: usize = 16 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_token_in_one_way() {
        for (headers, expected) in [
            (&[][..], Err(Reason::NoToken)),
            (&["Basic YTpi"], Err(Reason::NoToken)),
            (&["Bearer abc"], Ok((Scheme::Bearer, "abc"))),
            (&["bearer  a.b-c_d~e+f/g="], Ok((Scheme::Bearer, "a.b-c_d~e+f/g="))),
            (&["DPoP abc"], Ok((Scheme::Dpop, "abc"))),
            (&["Bearer"], Err(Reason::Request)),
            (&["Bearer a b"], Err(Reason::Request)),
            (&["Bearer a,b"], Err(Reason::Request)),
            (&["Bearer abc", "Bearer abc"], Err(Reason::Request)),
        ] {
            let presented =
                headers.iter().fold(Presented::new("GET", "/"), |presented, header| presented.authorization(header));
            assert_eq!(presented.token(), expected, "{headers:?}");
        }
    }
}
