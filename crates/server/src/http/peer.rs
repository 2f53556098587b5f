//! From where a request comes: the address at the other end of the connection,
//! or what a proxy that is trusted says of it.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

use axum::http::HeaderMap;

/// How many entries of `X-Forwarded-For` are looked at, from its end.
const MOST_PROXIES: usize = 16;

/// The other end of a connection, and which proxies may say who is behind them.
#[derive(Debug, Clone)]
pub(crate) struct Peer {
    address: IpAddr,
    proxies: Arc<[IpAddr]>,
}

impl Peer {
    /// The other end of a connection.
    pub(crate) fn new(address: IpAddr, proxies: Arc<[IpAddr]>) -> Peer {
        Peer { address: address.to_canonical(), proxies }
    }

    /// Who asks. Behind a proxy that is trusted it is the last entry of
    /// `X-Forwarded-For` that is no such proxy: what stands before it anybody can
    /// have written.
    pub(super) fn client(&self, headers: &HeaderMap) -> IpAddr {
        let trusted = |address: &IpAddr| self.proxies.contains(address);
        if !trusted(&self.address) {
            return network(self.address);
        }
        let mut client = self.address;
        let lines = headers.get_all("x-forwarded-for").iter().rev();
        let entries = lines.flat_map(|line| line.to_str().unwrap_or_default().rsplit(','));
        for entry in entries.take(MOST_PROXIES) {
            let Ok(address) = entry.trim().parse::<IpAddr>() else { break };
            client = address.to_canonical();
            if !trusted(&client) {
                break;
            }
        }
        network(client)
    }
}

/// Of an IPv6 address the network: whoever has one address there has 2^64.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, forwarded: &[&'static str]) -> String {
        let proxies = ["10.0.0.1", "10.0.0.2"].map(|proxy| proxy.parse().unwrap());
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        Peer::new(peer.parse().unwrap(), proxies.into()).client(&headers).to_string()
    }

    #[test]
    fn only_proxies_that_are_trusted_say_who_is_behind_them() {
        assert_eq!(client("10.0.0.9", &["1.2.3.4"]), "10.0.0.9");
        assert_eq!(client("10.0.0.1", &["1.2.3.4"]), "1.2.3.4");
        assert_eq!(client("::ffff:10.0.0.1", &["1.2.3.4"]), "1.2.3.4");
        assert_eq!(client("10.0.0.1", &["9.9.9.9, 1.2.3.4 ,10.0.0.2"]), "1.2.3.4");
        assert_eq!(client("10.0.0.1", &["9.9.9.9", "1.2.3.4"]), "1.2.3.4");
        assert_eq!(client("10.0.0.1", &["9.9.9.9, unknown"]), "10.0.0.1");
        assert_eq!(client("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(client("2001:db8:1:2:3:4:5:6", &[]), "2001:db8:1:2::");
    }
}
