//! The address that the far ends are told.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

/// The address to write into Contact and SDP when SIP listens on `sip`: that address itself, or, when it stands for all
/// addresses, the one with which the default route is left, else the loopback address.
pub(crate) fn address(sip: SocketAddr) -> IpAddr {
    if !sip.ip().is_unspecified() {
        return sip.ip();
    }
    let (any, far, own): (IpAddr, IpAddr, IpAddr) = match sip {
        // Addresses of RFC 5737 and RFC 3849 stand for "anywhere": connecting a UDP socket asks the routing table and sends
        // nothing.
        SocketAddr::V4(_) => {
            (Ipv4Addr::UNSPECIFIED.into(), Ipv4Addr::new(203, 0, 113, 1).into(), Ipv4Addr::LOCALHOST.into())
        }
        SocketAddr::V6(_) => (
            Ipv6Addr::UNSPECIFIED.into(),
            Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1).into(),
            Ipv6Addr::LOCALHOST.into(),
        ),
    };
    UdpSocket::bind((any, 0))
        .and_then(|socket| socket.connect((far, 9)).and_then(|()| socket.local_addr()))
        .map_or(own, |local| local.ip())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_is_listened_on_is_advertised() {
        assert_eq!(address("127.0.0.9:5060".parse().unwrap()), IpAddr::from([127, 0, 0, 9]));
    }

    #[test]
    fn all_addresses_become_one_that_can_be_reached() {
        for all in ["0.0.0.0:5060", "[::]:5060"] {
            let all: SocketAddr = all.parse().unwrap();
            let address = address(all);
            assert!(!address.is_unspecified());
            assert_eq!(address.is_ipv4(), all.is_ipv4());
        }
    }
}
