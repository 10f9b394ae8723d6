//! Who asks, where proxies stand between: what they say is believed only of those that are trusted.

use std::net::{IpAddr, SocketAddr};

use http::HeaderMap;
use verify::fetch::Network;
use web::front::Forwarded;

use crate::config::Settings;

/// The networks whose word counts.
#[derive(Debug, Default)]
pub(crate) struct Proxies(Vec<Network>);

impl Proxies {
    /// Those of `trusted_proxies`.
    pub(crate) fn of(settings: &Settings) -> Self {
        Self(settings.list("trusted_proxies").filter_map(Network::parse).collect())
    }

    /// What is said of the request that a trusted proxy asks about, for `/forward-auth`; nothing of what anybody else says.
    /// A header that stands twice is none: one of the two came from outside. The headers are taken away.
    pub(crate) fn forwarded(&self, peer: IpAddr, headers: &mut HeaderMap) -> Forwarded {
        let trusted = self.trusts(peer.to_canonical());
        let mut one = |name: &str| {
            let mut values = headers.get_all(name).iter();
            let value = values.next().filter(|_| values.next().is_none());
            let said = value.and_then(|value| value.to_str().ok()).map(str::to_owned);
            // What stands there and cannot be read must not look as if nothing did.
            let said = said.or_else(|| headers.contains_key(name).then(String::new));
            headers.remove(name);
            said
        };
        let host = one("x-forwarded-host");
        let (uri, original_url) = (one("x-forwarded-uri"), one("x-original-url"));
        match trusted {
            true => Forwarded { host, uri, original_url },
            false => Forwarded::default(),
        }
    }

    /// The address that asks. What trusted proxies say is read from the nearest to the farthest, as far as each next
    /// is trusted, too; whatever stands beyond, anybody may have written. The headers are taken away, so that nobody
    /// further in believes them by mistake.
    pub(crate) fn client(&self, peer: IpAddr, headers: &mut HeaderMap) -> IpAddr {
        let peer = peer.to_canonical();
        let mut client = peer;
        if self.trusts(peer) {
            for said in hops(headers).iter().rev() {
                let Some(said) = node(said) else { break };
                client = said;
                if !self.trusts(said) {
                    break;
                }
            }
        }
        for name in HEADERS {
            headers.remove(name);
        }
        client
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.holds(address))
    }
}

/// Whether somebody passed this request on, whoever it was.
pub(crate) fn is_forwarded(headers: &HeaderMap) -> bool {
    HEADERS.iter().chain(&["via"]).any(|name| headers.contains_key(*name))
}

/// The hops from the farthest to the nearest: of `Forwarded` (RFC 7239 §4), else of `X-Forwarded-For`.
fn hops(headers: &HeaderMap) -> Vec<String> {
    let lines = |name: &str| -> Vec<String> {
        let lines = headers.get_all(name).iter().map(|line| line.to_str().unwrap_or(UNREADABLE));
        lines.flat_map(|line| line.split(',')).map(|item| item.trim().to_owned()).collect()
    };
    let forwarded = lines("forwarded");
    if forwarded.is_empty() {
        return lines("x-forwarded-for");
    }
    let of = |element: &String| {
        let pairs = element.split(';').filter_map(|pair| pair.trim().split_once('='));
        let mut nodes = pairs.filter(|(name, _)| name.trim().eq_ignore_ascii_case("for")).map(|(_, node)| node);
        nodes.next().unwrap_or(UNREADABLE).trim().trim_matches('"').to_owned()
    };
    forwarded.iter().map(of).collect()
}

/// An address with or without a port (RFC 7239 §6). «unknown» and hidden names are none.
fn node(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    bare.parse().ok().or_else(with_port).map(|address: IpAddr| address.to_canonical())
}

const HEADERS: [&str; 5] =
    ["forwarded", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-forwarded-port"];
/// No address is read from it.
const UNREADABLE: &str = "?";

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;

    fn client(trusted: &[&str], peer: &str, said: &[(&str, &str)]) -> String {
        let proxies = Proxies(trusted.iter().filter_map(|text| Network::parse(text)).collect());
        let mut headers = HeaderMap::new();
        for (name, value) in said {
            let name: HeaderName = name.parse().expect("a name");
            headers.append(name, HeaderValue::try_from(*value).expect("a value"));
        }
        let client = proxies.client(peer.parse().expect("an address"), &mut headers);
        assert!(!is_forwarded(&headers), "nothing is left to be believed");
        client.to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        let local = &["127.0.0.1/32"][..];
        let two = &["127.0.0.1", "10.0.0.0/8", "fd00::/8"][..];
        for (trusted, peer, said, expected) in [
            (&[][..], "127.0.0.1", &[("x-forwarded-for", "203.0.113.9")][..], "127.0.0.1"),
            (local, "192.0.2.1", &[("x-forwarded-for", "203.0.113.9")], "192.0.2.1"),
            (local, "127.0.0.1", &[("x-forwarded-for", "203.0.113.9")], "203.0.113.9"),
            (local, "::ffff:127.0.0.1", &[("x-forwarded-for", "203.0.113.9")], "203.0.113.9"),
            (local, "127.0.0.1", &[], "127.0.0.1"),
            // Whatever stands left of the first that is not trusted, anybody may have written.
            (local, "127.0.0.1", &[("x-forwarded-for", "198.51.100.1, 203.0.113.9")], "203.0.113.9"),
            (two, "127.0.0.1", &[("x-forwarded-for", "198.51.100.1, 203.0.113.9, 10.1.2.3")], "203.0.113.9"),
            (two, "127.0.0.1", &[("x-forwarded-for", "203.0.113.9"), ("x-forwarded-for", "10.1.2.3")], "203.0.113.9"),
            (two, "127.0.0.1", &[("x-forwarded-for", "10.9.9.9, 10.1.2.3")], "10.9.9.9"),
            // Nothing is read past what cannot be read.
            (two, "127.0.0.1", &[("x-forwarded-for", "203.0.113.9, unknown, 10.1.2.3")], "10.1.2.3"),
            (local, "127.0.0.1", &[("x-forwarded-for", "evil")], "127.0.0.1"),
            // RFC 7239 §4 and §6.
            (local, "127.0.0.1", &[("forwarded", "for=203.0.113.9;proto=https")], "203.0.113.9"),
            (local, "127.0.0.1", &[("forwarded", "proto=https;For=\"203.0.113.9:4711\"")], "203.0.113.9"),
            (local, "127.0.0.1", &[("forwarded", "for=\"[2001:db8::1]:4711\"")], "2001:db8::1"),
            (two, "fd00::1", &[("forwarded", "for=203.0.113.9, for=10.1.2.3")], "203.0.113.9"),
            (local, "127.0.0.1", &[("forwarded", "for=_hidden")], "127.0.0.1"),
            (
                local,
                "127.0.0.1",
                &[("forwarded", "for=203.0.113.9"), ("x-forwarded-for", "198.51.100.1")],
                "203.0.113.9",
            ),
        ] {
            assert_eq!(client(trusted, peer, said), expected, "{trusted:?} {peer} {said:?}");
        }
    }

    fn forwarded(peer: &str, said: &[(&str, &str)]) -> Forwarded {
        let proxies = Proxies(vec![Network::parse("127.0.0.1/32").expect("a network")]);
        let mut headers = HeaderMap::new();
        for (name, value) in said {
            let name: HeaderName = name.parse().expect("a name");
            headers.append(name, HeaderValue::from_bytes(value.as_bytes()).expect("a value"));
        }
        let forwarded = proxies.forwarded(peer.parse().expect("an address"), &mut headers);
        assert!(headers.is_empty(), "nothing is left to be believed: {headers:?}");
        forwarded
    }

    #[test]
    fn what_a_request_is_about_only_a_trusted_proxy_says() {
        let whole = &[("x-forwarded-host", "wiki.example.com"), ("x-forwarded-uri", "/a")][..];
        let some = |text: &str| Some(text.to_owned());
        let parts = Forwarded { host: some("wiki.example.com"), uri: some("/a"), original_url: None };
        assert_eq!(forwarded("127.0.0.1", whole), parts);
        assert_eq!(forwarded("192.0.2.1", whole), Forwarded::default());
        let url = &[("x-original-url", "https://wiki.example.com/a")][..];
        assert_eq!(forwarded("192.0.2.1", url), Forwarded::default());
        assert_eq!(forwarded("127.0.0.1", url).original_url, some("https://wiki.example.com/a"));
        // One of two came from outside; what cannot be read is not left out.
        let twice = &[("x-forwarded-host", "wiki.example.com"), ("x-forwarded-host", "blog.example.com")][..];
        assert_eq!(forwarded("127.0.0.1", twice).host, some(""));
        assert_eq!(forwarded("127.0.0.1", &[("x-original-url", "https://w\u{fc}")]).original_url, some(""));
    }

    #[test]
    fn networks_hold_what_shares_their_bits() {
        for (network, address, holds) in [
            ("10.0.0.0/8", "10.255.0.1", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            ("0.0.0.0/0", "203.0.113.9", true),
            ("::/0", "2001:db8::1", true),
            ("::/0", "203.0.113.9", false),
            ("127.0.0.1", "127.0.0.2", false),
            ("2001:db8::/33", "2001:db8:8000::1", false),
        ] {
            let network = Network::parse(network).expect("a network");
            assert_eq!(network.holds(address.parse().expect("an address")), holds, "{network:?} {address}");
        }
    }
}
