//! Who shares an address: the unit by which callers are counted.

use std::net::{IpAddr, Ipv6Addr};

use axum::http::HeaderMap;
use ipnet::IpNet;

/// How many times the share of a single household the widest network gets.
pub(crate) const WIDEST: u32 = 16;

/// A network and how many times the share of a single household it gets.
pub(crate) type Level = (IpNet, u32);

/// The networks that an address is counted in, narrowest first. A customer has a whole IPv6 /64 and often a /56 or /48:
/// nobody gets more by changing addresses within those.
pub(crate) fn levels(address: IpAddr) -> Vec<Level> {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            [(64, 1), (56, 4), (48, WIDEST)].map(|(bits, share)| (network(v6, bits), share)).into()
        }
        v4 => vec![(IpNet::from(v4), 1)],
    }
}

fn network(address: Ipv6Addr, bits: u8) -> IpNet {
    IpNet::new(address.into(), bits).map_or_else(|_| IpNet::from(IpAddr::from(address)), |net| net.trunc())
}

/// The proxies in front that may say who called.
#[derive(Clone, Debug)]
pub(crate) struct Proxies {
    count: usize,
    networks: Vec<IpNet>,
}

impl Proxies {
    /// `count` proxies in a row, the last of them at an address in `networks` (a list with commas).
    pub(crate) fn new(count: usize, networks: &str) -> Result<Self, ipnet::AddrParseError> {
        let named = networks.split(',').map(str::trim).filter(|text| !text.is_empty());
        Ok(Self { count, networks: named.map(str::parse).collect::<Result<_, _>>()? })
    }

    /// Whether the other end of a connection is such a proxy.
    pub(crate) fn trusts(&self, peer: IpAddr) -> bool {
        let peer = peer.to_canonical();
        self.count > 0 && self.networks.iter().any(|network| network.contains(&peer))
    }

    /// The address that calls. What stands in the header before the outermost trusted proxy is hearsay. `None`: the proxy
    /// did not write an address.
    pub(crate) fn caller(&self, peer: IpAddr, headers: &HeaderMap) -> Option<IpAddr> {
        if !self.trusts(peer) {
            return Some(peer);
        }
        let all = headers.get_all("x-forwarded-for").iter();
        let text: Vec<_> = all.map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
        let hops: Vec<&str> = text.iter().flat_map(|value| value.split(',')).collect();
        address_in(hops.iter().rev().nth(self.count.saturating_sub(1))?.trim())
    }
}

/// An address, with or without a port.
fn address_in(text: &str) -> Option<IpAddr> {
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    bare.parse().ok().or_else(|| text.parse().ok().map(|socket: std::net::SocketAddr| socket.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(peer: &str, header: &[u8]) -> Option<IpAddr> {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", header.try_into().unwrap());
        Proxies::new(1, "127.0.0.0/8, ::1/128").unwrap().caller(peer.parse().unwrap(), &headers)
    }

    fn ip(text: &str) -> Option<IpAddr> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn only_a_proxy_says_who_called_and_only_its_own_word_counts() {
        assert_eq!(caller("127.0.0.1", b"9.9.9.9, 192.0.2.7"), ip("192.0.2.7"));
        assert_eq!(caller("::ffff:127.0.0.1", b"192.0.2.7"), ip("192.0.2.7"));
        assert_eq!(caller("203.0.113.4", b"192.0.2.7"), ip("203.0.113.4"));
    }

    #[test]
    fn ports_are_read_and_nonsense_is_nobody() {
        assert_eq!(caller("127.0.0.1", b"192.0.2.7:5678"), ip("192.0.2.7"));
        assert_eq!(caller("127.0.0.1", b"[2001:db8::1]:5678"), ip("2001:db8::1"));
        assert_eq!(caller("127.0.0.1", b"[2001:db8::1]"), ip("2001:db8::1"));
        assert_eq!(caller("127.0.0.1", b"unknown"), None);
        assert_eq!(caller("127.0.0.1", b"9.9.9.9, \xff"), None);
    }

    #[test]
    fn a_customer_has_one_share_in_all_its_networks() {
        let names = |text: &str| -> Vec<String> {
            levels(text.parse().unwrap()).into_iter().map(|(net, share)| format!("{net} x{share}")).collect()
        };
        assert_eq!(
            names("2001:db8:1:2ff::9"),
            ["2001:db8:1:2ff::/64 x1", "2001:db8:1:200::/56 x4", "2001:db8:1::/48 x16"]
        );
        assert_eq!(names("::ffff:192.0.2.7"), ["192.0.2.7/32 x1"]);
    }
}
