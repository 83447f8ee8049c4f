//! Where a gateway is, and which of our own addresses speaks to it.

use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    str::FromStr,
};

use serde::{Deserialize, Serialize};

use crate::{SipHost, routing_gateway::sip_address};

/// Where a gateway's calls are sent (SIP-15).
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum GatewayAddress {
    /// An address.
    At(SocketAddr),
    /// A name, whose addresses are found by RFC 3263 and looked up again before they are out of date. With a port only its
    /// addresses are looked up, without one its services too.
    Named(SipHost),
}

impl GatewayAddress {
    /// Reads an address, which has the port `usual` unless another one is written, or a name.
    ///
    /// # Errors
    /// What to write instead.
    pub fn read(text: &str, usual: u16) -> Result<Self, &'static str> {
        let text = text.trim();
        match sip_address(text, usual) {
            Ok(address) => Ok(Self::At(address)),
            Err(wrong) => match text.parse::<SipHost>() {
                // A last part of digits is an address with a mistake (RFC 1123 §2.1).
                Ok(name) if !ends_in_digits(&name.host) && !name.host.starts_with('[') => {
                    Ok(Self::Named(name))
                }
                _ => Err(wrong),
            },
        }
    }

    /// The address, when none must be looked up.
    pub fn literal(&self) -> Option<SocketAddr> {
        match self {
            Self::At(address) => Some(*address),
            Self::Named(_) => None,
        }
    }

    /// The name, when there is one.
    pub fn name(&self) -> Option<&SipHost> {
        match self {
            Self::At(_) => None,
            Self::Named(name) => Some(name),
        }
    }
}

fn ends_in_digits(host: &str) -> bool {
    host.rsplit('.').next().is_some_and(|last| last.bytes().all(|b| b.is_ascii_digit()))
}

impl fmt::Display for GatewayAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(address) => address.fmt(f),
            Self::Named(name) => name.fmt(f),
        }
    }
}

impl TryFrom<String> for GatewayAddress {
    type Error = &'static str;
    fn try_from(s: String) -> Result<Self, Self::Error> {
        Self::read(&s, 5060)
    }
}

impl From<GatewayAddress> for String {
    fn from(address: GatewayAddress) -> String {
        address.to_string()
    }
}

/// One of the addresses that the switch listens on (SIP-18): an address, with the port where several share it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LocalAddress {
    /// The address.
    pub ip: IpAddr,
    /// The port, when it is written.
    pub port: Option<u16>,
}

impl LocalAddress {
    /// Whether a listener at `address` is meant.
    pub fn is(&self, address: SocketAddr) -> bool {
        self.ip == address.ip() && self.port.is_none_or(|port| port == address.port())
    }
}

impl FromStr for LocalAddress {
    type Err = &'static str;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let s = s.trim();
        let read = match s.parse::<IpAddr>() {
            Ok(ip) => Some(Self { ip, port: None }),
            Err(_) => s.parse::<SocketAddr>().ok().map(|at| Self { ip: at.ip(), port: Some(at.port()) }),
        };
        read.filter(|local| !local.ip.is_unspecified() && local.port != Some(0))
            .ok_or("write one of the switch's addresses, like 192.0.2.1 or 192.0.2.1:5070, or nothing")
    }
}

impl fmt::Display for LocalAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.port {
            Some(port) => SocketAddr::new(self.ip, port).fmt(f),
            None => self.ip.fmt(f),
        }
    }
}

impl TryFrom<String> for LocalAddress {
    type Error = &'static str;
    fn try_from(s: String) -> Result<Self, Self::Error> {
        s.parse()
    }
}

impl From<LocalAddress> for String {
    fn from(local: LocalAddress) -> String {
        local.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_or_a_name_is_read_and_written_the_same() {
        for (text, written) in [
            ("192.0.2.7", "192.0.2.7:5060"),
            ("192.0.2.7:5080", "192.0.2.7:5080"),
            ("2001:db8::7", "[2001:db8::7]:5060"),
            (" SIP.Example.com ", "sip.example.com"),
            ("sip.example.com:5080", "sip.example.com:5080"),
            ("carrier", "carrier"),
        ] {
            let address = GatewayAddress::read(text, 5060).unwrap();
            assert_eq!(address.to_string(), written);
            assert_eq!(GatewayAddress::read(written, 5061).unwrap(), address);
            assert_eq!(address.literal().is_some(), address.name().is_none());
        }
    }

    #[test]
    fn a_mistaken_address_is_not_taken_for_a_name() {
        for text in [
            "",
            "192.0.2.300",
            "192.0.2",
            "10",
            "0.0.0.0",
            "sip.example.com:0",
            "a..b",
            "-a.com",
            "a b",
            "[::1",
        ] {
            assert!(GatewayAddress::read(text, 5060).is_err(), "{text}");
        }
    }

    #[test]
    fn a_local_address_without_port_is_any_listener_there() {
        let at = |text: &str| text.parse::<SocketAddr>().unwrap();
        let local: LocalAddress = "192.0.2.1".parse().unwrap();
        assert!(
            local.is(at("192.0.2.1:5060"))
                && local.is(at("192.0.2.1:5070"))
                && !local.is(at("192.0.2.2:5060"))
        );
        let local: LocalAddress = "[2001:db8::1]:5070".parse().unwrap();
        assert!(local.is(at("[2001:db8::1]:5070")) && !local.is(at("[2001:db8::1]:5060")));
        for wrong in ["", "eth0", "0.0.0.0", "192.0.2.1:0"] {
            assert!(wrong.parse::<LocalAddress>().is_err(), "{wrong}");
        }
    }
}
