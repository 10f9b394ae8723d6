//! The address of a request to a site, and the host in it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A host as a site is registered: a name in lower case, with its port where that is not the usual one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Host(String);

/// A host with a request target below it. Its text is what a browser of ours and every other understands alike: the
/// host is nothing but letters, digits, dots and hyphens, and what follows it begins with a slash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// The host.
    pub host: Host,
    target: Target,
}

/// A path with a query (RFC 9112 §3.2.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
struct Target(String);

impl Host {
    /// Reads a name with or without a port, as a `Host` header has it (RFC 9110 §7.2). No address is one, and no name
    /// with a final dot, which is another name to a browser.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, port) = match text.split_once(':') {
            Some((name, port)) => (name, Some(port)),
            None => (text, None),
        };
        let port = match port {
            None | Some("80" | "443") => None,
            Some(port) => Some(port).filter(|port| is_port(port)).map(Some)?,
        };
        let labels = name.split('.').all(is_label);
        let named = name.rsplit('.').next().is_some_and(|last| last.bytes().any(|byte| byte.is_ascii_alphabetic()));
        if name.len() > LONGEST_NAME || !labels || !named {
            return None;
        }
        let mut host = name.to_ascii_lowercase();
        if let Some(port) = port {
            host.push(':');
            host.push_str(port);
        }
        Some(Self(host))
    }

    /// The name without the port.
    pub fn name(&self) -> &str {
        self.0.split(':').next().unwrap_or_default()
    }

    /// Whether a cookie for `domain`, such as `.example.com`, reaches it (RFC 6265 §5.1.3).
    pub fn is_below(&self, domain: &str) -> bool {
        let domain = domain.strip_prefix('.').unwrap_or(domain);
        let rest = self.name().strip_suffix(domain);
        rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Address {
    /// An address from its parts, as a proxy tells them: the host, and the request target as it came.
    pub fn of_parts(host: &str, target: &str) -> Option<Self> {
        Some(Self { host: Host::parse(host)?, target: Target::parse(target)? })
    }

    /// Reads an `http` or `https` address. Only what is told is read: which of the two is spoken, the provider knows.
    pub fn of_url(text: &str) -> Option<Self> {
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (host, target) = rest.split_at(end);
        match target.starts_with('/') {
            true => Self::of_parts(host, target),
            false => Self::of_parts(host, &format!("/{target}")),
        }
    }

    /// The path with the query.
    pub fn target(&self) -> &str {
        &self.target.0
    }

    /// Its text where this scheme is spoken.
    pub fn to_url(&self, scheme: &str) -> String {
        format!("{scheme}://{}{}", self.host, self.target.0)
    }
}

impl Target {
    /// RFC 3986 §2: visible ASCII alone. Nobody's fragment comes over the wire.
    fn parse(text: &str) -> Option<Self> {
        let sound = text.len() <= LONGEST_TARGET && text.starts_with('/') && !text.contains('#');
        (sound && text.bytes().all(|byte| matches!(byte, 0x21..=0x7e))).then(|| Self(text.to_owned()))
    }
}

fn is_port(text: &str) -> bool {
    !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u16>().is_ok()
}

fn is_label(label: &str) -> bool {
    let sound = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    sound && (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-')
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Host {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("not the host of a site")
    }
}

impl From<Host> for String {
    fn from(host: Host) -> Self {
        host.0
    }
}

impl TryFrom<String> for Target {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("not a request target")
    }
}

impl From<Target> for String {
    fn from(target: Target) -> Self {
        target.0
    }
}

/// RFC 1035 §2.3.4.
const LONGEST_NAME: usize = 253;
/// The head of a request may be longer; what is kept with a sign-in is not.
const LONGEST_TARGET: usize = 4 * 1024;
