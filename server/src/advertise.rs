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

/// The address that far ends are told of a further listener: `advertised`, when it stands at the address of `sip` or for all of
/// that family; otherwise its own.
pub(crate) fn of_listener(listener: SocketAddr, sip: SocketAddr, advertised: IpAddr) -> IpAddr {
    let all = listener.ip().is_unspecified() && listener.is_ipv4() == advertised.is_ipv4();
    if listener.ip() == sip.ip() || all { advertised } else { address(listener) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_is_listened_on_is_advertised() {
        assert_eq!(address("127.0.0.9:5060".parse().unwrap()), IpAddr::from([127, 0, 0, 9]));
    }

    #[test]
    fn a_further_listener_is_told_by_its_own_address_unless_it_is_the_first_ones() {
        let at = |text: &str| text.parse::<SocketAddr>().unwrap();
        let advertised: IpAddr = [198, 51, 100, 7].into();
        let told = |listener, sip| of_listener(at(listener), at(sip), advertised);
        assert_eq!(told("0.0.0.0:5061", "0.0.0.0:5060"), advertised);
        assert_eq!(told("10.0.0.1:5070", "10.0.0.1:5060"), advertised);
        assert_eq!(told("10.9.0.1:5060", "10.0.0.1:5060"), IpAddr::from([10, 9, 0, 1]));
        assert!(told("[::]:5060", "0.0.0.0:5060").is_ipv6());
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
