//! Where a mapping gateway's calls come from.

use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    str::FromStr,
};

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

/// A source address condition: an address or network, optionally with one port (REG-1, modes IP and IP+port).
/// Written `192.0.2.7`, `192.0.2.0/24`, `192.0.2.7:5060` or `[2001:db8::1]:5060`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Source {
    /// The network; a single address has the full prefix length.
    pub net: IpNet,
    /// The port, when the gateway is told apart by it.
    pub port: Option<u16>,
}

/// Text that is no source address.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("write an address like 192.0.2.7, 192.0.2.0/24 or 192.0.2.7:5060")]
pub struct SourceError;

impl Source {
    /// True when a request from `address` is from this source.
    pub fn matches(&self, address: SocketAddr) -> bool {
        self.net.contains(&address.ip()) && self.port.is_none_or(|port| port == address.port())
    }
}

impl FromStr for Source {
    type Err = SourceError;
    fn from_str(s: &str) -> Result<Self, SourceError> {
        let s = s.trim();
        if let Ok(address) = s.parse::<IpAddr>() {
            return Ok(Self { net: address.into(), port: None });
        }
        if let Ok(address) = s.parse::<SocketAddr>() {
            return Ok(Self { net: address.ip().into(), port: Some(address.port()).filter(|p| *p > 0) });
        }
        s.parse::<IpNet>().map(|net| Self { net: net.trunc(), port: None }).map_err(|_| SourceError)
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.port {
            Some(port) => SocketAddr::new(self.net.addr(), port).fmt(f),
            None if self.net.prefix_len() == self.net.max_prefix_len() => self.net.addr().fmt(f),
            None => self.net.fmt(f),
        }
    }
}

impl TryFrom<String> for Source {
    type Error = SourceError;
    fn try_from(s: String) -> Result<Self, SourceError> {
        s.parse()
    }
}

impl From<Source> for String {
    fn from(source: Source) -> String {
        source.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_written_form_survives_print_and_parse() {
        for text in ["192.0.2.7", "192.0.2.0/24", "192.0.2.7:5060", "[2001:db8::1]:5060", "2001:db8::/32"] {
            assert_eq!(text.parse::<Source>().unwrap().to_string(), text);
        }
        for text in ["", "example.org", "192.0.2.7:", "300.1.1.1", "192.0.2.7/33", "1;drop table"] {
            assert!(text.parse::<Source>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_port_condition_refuses_other_ports() {
        let source: Source = "192.0.2.7:5062".parse().unwrap();
        assert!(source.matches("192.0.2.7:5062".parse().unwrap()));
        assert!(!source.matches("192.0.2.7:5060".parse().unwrap()));
    }
}
