//! What every handler works with.

use std::sync::Arc;

use axum::body::Bytes;
use idp::Context;

use crate::check_session::StateCookie;
use crate::look::Brand;
use crate::tools::Module;

/// One provider as it is seen over HTTP: cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    context: Arc<Context>,
    brand: Brand,
    module: Option<Module>,
    origin: String,
    secure: bool,
    metadata: Bytes,
    trace: fn() -> String,
}

impl App {
    /// Over one context. `module` holds the tools in the browser, where they were built in; `trace` gives the trace id of
    /// the next request.
    pub fn new(context: Arc<Context>, brand: Brand, module: Option<Module>, trace: fn() -> String) -> Self {
        let issuer = context.issuer();
        let origin = url::Url::parse(issuer).map(|url| url.origin().ascii_serialization()).unwrap_or_default();
        let secure = issuer.starts_with("https:");
        let metadata = crate::discovery::written(&context);
        Self(Arc::new(Inner { context, brand, module, origin, secure, metadata, trace }))
    }

    /// The use cases.
    pub(crate) fn context(&self) -> &Context {
        &self.0.context
    }

    /// Whose pages they are.
    pub(crate) fn brand(&self) -> &Brand {
        &self.0.brand
    }

    /// The tools in the browser.
    pub(crate) fn module(&self) -> Option<Module> {
        self.0.module
    }

    /// The origin of the issuer (RFC 6454 §6.2).
    pub(crate) fn origin(&self) -> &str {
        &self.0.origin
    }

    /// The provider's metadata.
    pub(crate) fn metadata(&self) -> Bytes {
        self.0.metadata.clone()
    }

    /// The next trace id.
    pub(crate) fn next_trace(&self) -> String {
        (self.0.trace)()
    }

    /// The cookie that holds the browser's sessions (CONTRACT §4).
    pub(crate) fn session_cookie(&self) -> Cookie {
        Cookie { name: if self.0.secure { "__Host-vestibule" } else { "vestibule" }, secure: self.0.secure }
    }

    /// The cookie that scripts of ours read in frames on other sites.
    pub(crate) fn state_cookie(&self) -> StateCookie {
        StateCookie::new(self.0.secure)
    }

    /// `https`, or `http` on this machine: sites speak what the provider speaks.
    pub(crate) fn scheme(&self) -> &'static str {
        if self.0.secure { "https" } else { "http" }
    }

    /// The cookie that the plain websites of the domain share (CONTRACT §4).
    pub(crate) fn site_cookie(&self) -> SiteCookie<'_> {
        let name = if self.0.secure { "__Secure-vestibule-site" } else { "vestibule-site" };
        let domain = self.context().settings().session.site_domain.as_deref().unwrap_or_default();
        SiteCookie { domain, cookie: Cookie { name, secure: self.0.secure } }
    }

    /// The cookie that binds flows and forms to the browser that began them.
    pub(crate) fn flow_cookie(&self) -> Cookie {
        Cookie { name: if self.0.secure { "__Host-vestibule-flow" } else { "vestibule-flow" }, secure: self.0.secure }
    }

    /// The cookie that repeats how pages look and speak for the person who signed in here last.
    pub(crate) fn look_cookie(&self) -> Cookie {
        let name = if self.0.secure { "__Host-vestibule-look" } else { "vestibule-look" };
        Cookie { name, secure: self.0.secure }
    }

    /// The cookie of a browser whose person has declined a passkey not long ago.
    pub(crate) fn declined_cookie(&self) -> Cookie {
        let name = if self.0.secure { "__Host-vestibule-no-passkey" } else { "vestibule-no-passkey" };
        Cookie { name, secure: self.0.secure }
    }

    /// The cookie by which a browser is known to those who have signed in there.
    pub(crate) fn device_cookie(&self) -> Cookie {
        let name = if self.0.secure { "__Host-vestibule-device" } else { "vestibule-device" };
        Cookie { name, secure: self.0.secure }
    }
}

/// A cookie of ours: host-only, for the whole origin, out of reach of scripts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cookie {
    name: &'static str,
    secure: bool,
}

impl Cookie {
    /// Its value in a `Cookie` header (RFC 6265 §5.4). Were it there twice, somebody planted one: neither counts.
    pub(crate) fn find<'a>(&self, headers: &'a http::HeaderMap) -> Option<&'a str> {
        cookie(headers, self.name)
    }

    /// The `Set-Cookie` line that keeps `value` for `max_age` seconds, or until the browser is closed.
    pub(crate) fn set(&self, value: &str, max_age: Option<u64>) -> String {
        let secure = if self.secure { "; Secure" } else { "" };
        let age = max_age.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
        format!("{}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}", self.name)
    }

    /// The line that takes it away.
    pub(crate) fn clear(&self) -> String {
        self.set("", Some(0))
    }
}

/// A cookie for all hosts of a domain.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SiteCookie<'a> {
    domain: &'a str,
    cookie: Cookie,
}

impl SiteCookie<'_> {
    /// Its name.
    pub(crate) fn name(&self) -> &'static str {
        self.cookie.name
    }

    /// Its value: see [`Cookie::find`].
    pub(crate) fn find<'a>(&self, headers: &'a http::HeaderMap) -> Option<&'a str> {
        self.cookie.find(headers)
    }

    /// The line that keeps `value` for `max_age` seconds.
    pub(crate) fn set(&self, value: &str, max_age: u64) -> String {
        // RFC 6265 §5.2.3: a dot before it means nothing.
        let domain = self.domain.strip_prefix('.').unwrap_or(self.domain);
        format!("{}; Domain={domain}", self.cookie.set(value, Some(max_age)))
    }

    /// The line that takes it away.
    pub(crate) fn clear(&self) -> String {
        self.set("", 0)
    }
}

/// The value of the cookie of this name; none where it stands twice.
pub(crate) fn cookie<'a>(headers: &'a http::HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(http::header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let mut values = pairs.filter(|(key, _)| *key == name).map(|(_, value)| value);
    values.next().filter(|_| values.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderMap, header::COOKIE};

    const COOKIE_OF_OURS: Cookie = Cookie { name: "__Host-vestibule", secure: true };

    #[test]
    fn a_cookie_that_stands_twice_does_not_count() {
        for (lines, found) in [
            (&["__Host-vestibule=a"][..], Some("a")),
            (&["x=1; __Host-vestibule=a; y=2"], Some("a")),
            (&["x=1", "__Host-vestibule=a"], Some("a")),
            (&["vestibule=a; __Host-vestibule-flow=b"], None),
            (&["__Host-vestibule=a; __Host-vestibule=b"], None),
            (&["__Host-vestibule=a", "__Host-vestibule=a"], None),
        ] {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(COOKIE, line.parse().unwrap());
            }
            assert_eq!(COOKIE_OF_OURS.find(&headers), found, "{lines:?}");
        }
    }

    /// CONTRACT §4; RFC 6265bis §4.1.3.2.
    #[test]
    fn what_a_host_cookie_must_say() {
        let line = COOKIE_OF_OURS.set("v", Some(5));
        assert_eq!(line, "__Host-vestibule=v; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=5");
        let site =
            SiteCookie { domain: ".example.com", cookie: Cookie { name: "__Secure-vestibule-site", secure: true } };
        let line = site.set("v", 5);
        let expected =
            "__Secure-vestibule-site=v; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=5; Domain=example.com";
        assert_eq!(line, expected);
        let plain = Cookie { name: "vestibule", secure: false };
        assert_eq!(plain.clear(), "vestibule=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    }
}
