//! Redirect URIs: which may be registered, and when a request's is a registered one.

use std::fmt;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

/// A redirect URI that may be registered. Its text is kept as it was given: it is compared
/// character by character (RFC 9700 §4.1.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RedirectUri {
    text: String,
    url: Url,
}

/// Why a redirect URI may not be registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RedirectUriError {
    /// RFC 6749 §3.1.2: an absolute URI.
    #[error("a redirect URI is an absolute URI of at most 2048 visible ASCII characters")]
    NotAbsolute,
    /// RFC 6749 §3.1.2: no fragment.
    #[error("a redirect URI has no fragment")]
    Fragment,
    /// A name or a password in it misleads people about where it leads.
    #[error("a redirect URI carries no user name and no password")]
    Credentials,
    /// RFC 9700 §2.6: plain http only where it does not leave the machine.
    #[error("a redirect URI is https; http only for 127.0.0.1, [::1], localhost and names below it")]
    PlainHttp,
    /// RFC 8252 §7.1: a private-use scheme is a reversed domain name.
    #[error("a private-use scheme contains a dot, as in com.example.app")]
    Scheme,
}

impl RedirectUri {
    /// Parses a URI that a client registers.
    pub fn parse(text: &str) -> Result<Self, RedirectUriError> {
        if text.len() > LONGEST || !text.bytes().all(|byte| matches!(byte, 0x21..=0x7e)) {
            return Err(RedirectUriError::NotAbsolute);
        }
        let url = Url::parse(text).map_err(|_| RedirectUriError::NotAbsolute)?;
        if url.fragment().is_some() {
            return Err(RedirectUriError::Fragment);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(RedirectUriError::Credentials);
        }
        match url.scheme() {
            "https" => {}
            "http" if is_local(&url) => {}
            "http" => return Err(RedirectUriError::PlainHttp),
            scheme if !scheme.contains('.') => return Err(RedirectUriError::Scheme),
            _ => {}
        }
        Ok(Self { text: text.to_owned(), url })
    }

    /// Whether `requested` is this URI, character by character.
    pub fn is(&self, requested: &str) -> bool {
        self.text == requested
    }

    /// Whether `requested` is this URI but for the port of a loopback address (RFC 8252 §7.3): a
    /// native app listens on whatever port is free.
    pub fn is_but_for_loopback_port(&self, requested: &str) -> bool {
        let Some(path) = self.loopback_literal_and_rest() else { return self.is(requested) };
        let Ok(Self { text, url }) = Self::parse(requested) else { return false };
        let asked = Self { text, url };
        asked.loopback_literal_and_rest() == Some(path)
    }

    /// Whether the system vouches that only its owner gets what is sent there: an https address, not
    /// a loopback port nor a private-use scheme that any app can claim (RFC 8252 §8.6).
    pub fn is_claimed(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Whether it has a private-use scheme (RFC 8252 §7.1).
    pub fn is_private_use(&self) -> bool {
        !matches!(self.url.scheme(), "https" | "http")
    }

    /// The origin for CORS and for `form-action`; for a private-use scheme `scheme:` alone.
    pub fn origin(&self) -> String {
        match self.url.origin() {
            origin @ url::Origin::Tuple(..) => origin.ascii_serialization(),
            url::Origin::Opaque(_) => format!("{}:", self.url.scheme()),
        }
    }

    /// The text as registered.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// For `http://127.0.0.1[:port]/rest` and `http://[::1][:port]/rest`: the literal and the rest, as written.
    fn loopback_literal_and_rest(&self) -> Option<(&'static str, &str)> {
        LOOPBACK.iter().find_map(|literal| {
            let rest = self.text.strip_prefix("http://")?.strip_prefix(literal)?;
            let after_port =
                rest.strip_prefix(':').map_or(rest, |port| port.trim_start_matches(|c: char| c.is_ascii_digit()));
            (after_port.is_empty() || after_port.starts_with(['/', '?'])).then_some((*literal, after_port))
        })
    }
}

fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

impl fmt::Display for RedirectUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl TryFrom<String> for RedirectUri {
    type Error = RedirectUriError;

    fn try_from(text: String) -> Result<Self, RedirectUriError> {
        Self::parse(&text)
    }
}

impl From<RedirectUri> for String {
    fn from(uri: RedirectUri) -> Self {
        uri.text
    }
}

const LOOPBACK: &[&str] = &["127.0.0.1", "[::1]"];
const LONGEST: usize = 2048;

#[cfg(test)]
mod tests {
    use super::*;

    fn uri(text: &str) -> RedirectUri {
        RedirectUri::parse(text).expect(text)
    }

    #[test]
    fn what_may_be_registered() {
        use RedirectUriError::{Credentials, Fragment, NotAbsolute, PlainHttp, Scheme};
        for (text, expected) in [
            ("https://app.example/cb", Ok(())),
            ("https://app.example/cb?a=b", Ok(())),
            ("http://localhost:3000/cb", Ok(())),
            ("http://photos.localhost:8081/callback", Ok(())),
            ("http://127.0.0.1/cb", Ok(())),
            ("http://[::1]/cb", Ok(())),
            ("com.example.app:/cb", Ok(())),
            ("http://app.example/cb", Err(PlainHttp)),
            ("http://localhost.example/cb", Err(PlainHttp)),
            ("https://app.example/cb#", Err(Fragment)),
            ("https://app.example@evil.example/", Err(Credentials)),
            ("javascript:alert(1)", Err(Scheme)),
            ("myapp:/cb", Err(Scheme)),
            ("/cb", Err(NotAbsolute)),
            ("https://app.example/c b", Err(NotAbsolute)),
            ("", Err(NotAbsolute)),
        ] {
            assert_eq!(RedirectUri::parse(text).map(drop), expected, "{text}");
        }
    }

    /// RFC 9700 §4.1.3: simple string comparison.
    #[test]
    fn comparison_is_exact() {
        let registered = uri("https://app.example/cb");
        assert!(registered.is("https://app.example/cb"));
        for other in [
            "https://app.example/cb/",
            "https://app.example/CB",
            "https://APP.example/cb",
            "https://app.example:443/cb",
            "https://app.example/x/../cb",
        ] {
            assert!(!registered.is(other), "{other}");
            assert!(!registered.is_but_for_loopback_port(other), "{other}");
        }
    }

    /// RFC 8252 §7.3: any port at request time, for loopback IP literals alone.
    #[test]
    fn a_loopback_port_is_free() {
        let registered = uri("http://127.0.0.1/cb?x=1");
        for (requested, same) in [
            ("http://127.0.0.1:51004/cb?x=1", true),
            ("http://127.0.0.1/cb?x=1", true),
            ("http://127.0.0.1:51004/cb", false),
            ("http://127.0.0.1:51004/other?x=1", false),
            ("http://[::1]:51004/cb?x=1", false),
            ("http://localhost:51004/cb?x=1", false),
            ("https://127.0.0.1:51004/cb?x=1", false),
            ("http://127.0.0.1:5@evil.example/cb?x=1", false),
            ("http://127.0.0.1.evil.example/cb?x=1", false),
            ("http://127.0.0.1:99999/cb?x=1", false),
        ] {
            assert_eq!(registered.is_but_for_loopback_port(requested), same, "{requested}");
        }
        assert!(!uri("http://localhost:1/cb").is_but_for_loopback_port("http://localhost:2/cb"));
    }

    #[test]
    fn origins() {
        assert_eq!(uri("https://app.example:8443/cb").origin(), "https://app.example:8443");
        assert_eq!(uri("com.example.app:/cb").origin(), "com.example.app:");
        assert!(uri("https://app.example/cb").is_claimed());
        assert!(!uri("http://127.0.0.1/cb").is_claimed() && !uri("com.example.app:/cb").is_claimed());
    }
}
