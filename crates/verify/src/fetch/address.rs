//! Which addresses may be talked to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What an address is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// Anybody on the internet may be there.
    Public,
    /// This machine.
    Loopback,
    /// Somebody's own network: an allow list may name it.
    Private,
    /// Nobody's server is there, or it is another address in disguise: never.
    Never,
}

/// The registries of special addresses (RFC 6890) as they concern a client.
pub(super) fn sort(address: IpAddr) -> Sort {
    match address {
        IpAddr::V4(address) => sort_v4(address),
        IpAddr::V6(address) => sort_v6(address),
    }
}

fn sort_v4(address: Ipv4Addr) -> Sort {
    match address.octets() {
        [127, ..] => Sort::Loopback,
        // RFC 1918; RFC 6598, between a carrier and its customers; RFC 2544, benchmarks.
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] | [100, 64..=127, ..] | [198, 18..=19, ..] => Sort::Private,
        // «This network», the link with the metadata services of clouds, protocol assignments, documentation, the relays of
        // 6to4, multicast, reserved and broadcast.
        [0, ..] | [169, 254, ..] | [192, 0, 0 | 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => Sort::Never,
        [192, 88, 99, _] | [224..=255, ..] => Sort::Never,
        _ => Sort::Public,
    }
}

fn sort_v6(address: Ipv6Addr) -> Sort {
    match address.segments() {
        _ if address == Ipv6Addr::LOCALHOST => Sort::Loopback,
        // The one metadata service outside of the link's addresses.
        _ if address == AWS_METADATA => Sort::Never,
        // RFC 4193. RFC 6052: NAT64, the way into IPv4 of networks that have none of it. (Of RFC 8215's local prefix nobody
        // knows where the IPv4 address stands: never.)
        [0xfc00..=0xfdff, ..] | [0x0064, 0xff9b, 0, 0, 0, 0, _, _] => Sort::Private,
        // Protocol assignments with Teredo, documentation, and 6to4, which hides an IPv4 address.
        [0x2001, 0x0000..=0x01ff, ..] | [0x2001, 0x0db8, ..] | [0x2002, ..] | [0x3fff, 0x0000..=0x0fff, ..] => {
            Sort::Never
        }
        // RFC 4291 §2.4: global unicast.
        [0x2000..=0x3fff, ..] => Sort::Public,
        // All else: unspecified, IPv4-mapped and -compatible, the link, the old site-local, multicast, unassigned.
        _ => Sort::Never,
    }
}

/// The IPv4 address that stands behind one of NAT64 (RFC 6052 §2.2).
pub(super) fn behind_nat64(address: IpAddr) -> Option<IpAddr> {
    let IpAddr::V6(address) = address else { return None };
    let [0x0064, 0xff9b, 0, 0, 0, 0, high, low] = address.segments() else { return None };
    let [[a, b], [c, d]] = [high.to_be_bytes(), low.to_be_bytes()];
    Some(Ipv4Addr::new(a, b, c, d).into())
}

const AWS_METADATA: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254);

/// An address and how many of its bits count.
///
/// ```
/// use vestibule_verify::fetch::Network;
///
/// let network = Network::parse("10.1.0.0/16").expect("a network");
/// assert!(network.holds("10.1.2.3".parse()?) && !network.holds("10.2.2.3".parse()?));
/// assert!(Network::parse("10.1.0.0/33").is_none());
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

impl Network {
    /// `ADDRESS/PREFIX`, or one address alone.
    pub fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = text.split_once('/').map_or((text, None), |(address, prefix)| (address, Some(prefix)));
        let address: IpAddr = address.parse().ok()?;
        let whole = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Some(whole), |prefix| prefix.parse().ok())?;
        (prefix <= whole).then_some(Self { address, prefix })
    }

    /// Whether this address is one of the network's.
    pub fn holds(self, address: IpAddr) -> bool {
        let same = |a: u128, b: u128, width: u32| {
            let ignored = width.saturating_sub(u32::from(self.prefix));
            a.checked_shr(ignored).unwrap_or(0) == b.checked_shr(ignored).unwrap_or(0)
        };
        match (self.address, address) {
            (IpAddr::V4(a), IpAddr::V4(b)) => same(a.to_bits().into(), b.to_bits().into(), 32),
            (IpAddr::V6(a), IpAddr::V6(b)) => same(a.to_bits(), b.to_bits(), 128),
            _ => false,
        }
    }
}
