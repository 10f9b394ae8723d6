//! How far a fetcher may reach.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

use super::address::{Network, Sort, behind_nat64, sort};
use super::error::FetchError;
use super::resolve::Resolve;

/// What may be talked to: by default https to public addresses, and nothing else.
///
/// ```
/// use vestibule_verify::fetch::{Network, Reach};
///
/// let intranet = Network::parse("10.20.0.0/16").expect("a network");
/// let reach = Reach::public().and_network(intranet);
/// # let _ = (reach, Reach::public().and_loopback(), Reach::everywhere());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Reach {
    loopback: bool,
    everything: bool,
    networks: Vec<Network>,
}

impl Reach {
    /// https to public addresses. What a name leads to is looked at, whatever the name is.
    pub fn public() -> Self {
        Self::default()
    }

    /// This machine too, and there by http, where the URL itself says so: `localhost`, a name below it, or a loopback
    /// address. For development.
    pub fn and_loopback(mut self) -> Self {
        self.loopback = true;
        self
    }

    /// The same for whom this issuer is the provider: this machine too, where the issuer is on it.
    ///
    /// ```
    /// use vestibule_verify::fetch::Reach;
    ///
    /// let reach = Reach::public().of_issuer("http://localhost:8080");
    /// # let _ = reach;
    /// ```
    pub fn of_issuer(self, issuer: &str) -> Self {
        match Url::parse(issuer).is_ok_and(|url| is_on_loopback(&url)) {
            true => self.and_loopback(),
            false => self,
        }
    }

    /// Also a network of one's own (RFC 1918, RFC 4193, RFC 6598, or the prefix of NAT64).
    pub fn and_network(mut self, network: Network) -> Self {
        self.networks.push(network);
        self
    }

    /// By http too, and everywhere but on the link with its metadata services: for URLs that an operator wrote.
    pub fn everywhere() -> Self {
        Self { loopback: true, everything: true, networks: Vec::new() }
    }

    /// The addresses of a URL's host that may be talked to, at least one. They are the ones to connect to: a name that is
    /// asked for twice may lead elsewhere the second time.
    pub(super) async fn addresses(&self, url: &Url, resolver: &dyn Resolve) -> Result<Vec<IpAddr>, FetchError> {
        let host = url.host().ok_or(FetchError::Url("it has no host"))?;
        self.scheme(url, &host)?;
        let (found, says_loopback) = match host {
            Host::Ipv4(address) => (vec![address.into()], true),
            Host::Ipv6(address) => (vec![address.into()], true),
            // RFC 6761 §6.3: these names are this machine, whatever a resolver says.
            Host::Domain(name) if is_localhost(name) => {
                (vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()], true)
            }
            Host::Domain(name) => (resolver.resolve(name).await.map_err(FetchError::Unresolved)?, false),
        };
        let first = found.first().copied();
        let allowed: Vec<_> = found.into_iter().filter(|address| self.allows(*address, says_loopback)).collect();
        match (allowed.is_empty(), first) {
            (false, _) => Ok(allowed),
            (true, Some(address)) => Err(FetchError::OutOfReach { address }),
            (true, None) => Err(FetchError::Unresolved(std::io::Error::other("the name has no address"))),
        }
    }

    fn scheme(&self, url: &Url, host: &Host<&str>) -> Result<(), FetchError> {
        let local = is_loopback(host);
        match url.scheme() {
            "https" => Ok(()),
            "http" if self.everything || (self.loopback && local) => Ok(()),
            "http" => Err(FetchError::Url("only https is fetched")),
            _ => Err(FetchError::Url("only http and https are known")),
        }
    }

    fn allows(&self, address: IpAddr, says_loopback: bool) -> bool {
        match sort(address) {
            Sort::Public => true,
            Sort::Loopback => self.everything || (self.loopback && says_loopback),
            Sort::Private => {
                let listed = self.everything || self.networks.iter().any(|network| network.holds(address));
                // Behind NAT64 the same rules hold.
                listed && behind_nat64(address).is_none_or(|inner| self.allows(inner, false))
            }
            Sort::Never => false,
        }
    }
}

/// Whether a URL itself says that it leads to this machine.
pub(crate) fn is_on_loopback(url: &Url) -> bool {
    url.host().is_some_and(|host| is_loopback(&host))
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
        Host::Domain(name) => is_localhost(name),
    }
}

fn is_localhost(name: &str) -> bool {
    name == "localhost" || name.ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(reach: &Reach, address: &str) -> bool {
        reach.allows(address.parse().expect(address), false)
    }

    /// RFC 6890 and the registries it begins, where no allow list says otherwise.
    #[test]
    fn where_a_name_may_lead() {
        for (address, expected) in [
            ("8.8.8.8", true),
            ("192.0.1.1", true),
            ("172.15.0.1", true),
            ("172.32.0.1", true),
            ("100.128.0.1", true),
            ("2a00:1450::1", true),
            ("2001:4860:4860::8888", true),
            // Loopback.
            ("127.0.0.1", false),
            ("127.255.255.254", false),
            ("::1", false),
            // Private: RFC 1918, RFC 4193, RFC 6598, RFC 2544.
            ("10.0.0.7", false),
            ("172.16.0.1", false),
            ("172.31.255.255", false),
            ("192.168.1.1", false),
            ("100.64.0.1", false),
            ("100.127.255.255", false),
            ("198.18.0.1", false),
            ("fc00::1", false),
            ("fd12:3456::1", false),
            // The link, with the metadata services of clouds.
            ("169.254.169.254", false),
            ("fe80::1", false),
            ("fd00:ec2::254", false),
            // Nobody's server.
            ("0.0.0.0", false),
            ("0.1.2.3", false),
            ("::", false),
            ("224.0.0.1", false),
            ("239.255.255.250", false),
            ("240.0.0.1", false),
            ("255.255.255.255", false),
            ("ff02::1", false),
            ("fec0::1", false),
            ("192.0.0.8", false),
            ("192.0.2.1", false),
            ("198.51.100.1", false),
            ("203.0.113.9", false),
            ("192.88.99.1", false),
            ("2001:db8::1", false),
            ("3fff::1", false),
            ("4000::1", false),
            // Others in disguise: mapped, compatible, translated, NAT64, 6to4, Teredo; even where the address inside is public.
            ("::ffff:127.0.0.1", false),
            ("::ffff:10.0.0.1", false),
            ("::ffff:169.254.169.254", false),
            ("::ffff:8.8.8.8", false),
            ("::7f00:1", false),
            ("::ffff:0:7f00:1", false),
            ("64:ff9b::7f00:1", false),
            ("64:ff9b::808:808", false),
            ("64:ff9b:1::7f00:1", false),
            ("2002:7f00:1::", false),
            ("2002:808:808::1", false),
            ("2001:0:7f00:1::1", false),
        ] {
            assert_eq!(allows(&Reach::public(), address), expected, "{address}");
            // Development opens this machine to those who name it, and to no name that leads there.
            assert_eq!(allows(&Reach::public().and_loopback(), address), expected, "{address}");
        }
    }

    #[test]
    fn an_allow_list_opens_what_it_names_and_never_the_link() {
        let list =
            ["10.0.0.0/8", "fd00::/8", "169.254.0.0/16", "fe80::/10", "127.0.0.0/8", "::ffff:0:0/96", "64:ff9b::/96"];
        let reach = list.iter().filter_map(|text| Network::parse(text)).fold(Reach::public(), Reach::and_network);
        for (address, expected) in [
            ("10.0.0.7", true),
            ("fd12::1", true),
            ("192.168.1.1", false),
            ("169.254.169.254", false),
            ("fd00:ec2::254", false),
            ("fe80::1", false),
            ("127.0.0.1", false),
            ("::ffff:10.0.0.7", false),
            ("64:ff9b::808:808", true),
            ("64:ff9b::a00:7", true),
            ("64:ff9b::c0a8:101", false),
            ("64:ff9b::7f00:1", false),
            ("64:ff9b::a9fe:a9fe", false),
        ] {
            assert_eq!(allows(&reach, address), expected, "{address}");
        }
    }

    #[test]
    fn an_operators_own_urls_lead_everywhere_but_to_the_link() {
        for (address, expected) in
            [("10.0.0.7", true), ("8.8.8.8", true), ("169.254.169.254", false), ("fe80::1", false)]
        {
            assert_eq!(allows(&Reach::everywhere(), address), expected, "{address}");
        }
    }
}
