//! What is asked of a resolver and what it says.

use std::net::IpAddr;

/// A look-up to be made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Need {
    /// NAPTR records of a domain (RFC 3403).
    Naptr(String),
    /// SRV records of a service name (RFC 2782).
    Srv(String),
    /// A and AAAA records of a host, the preferred family first.
    Address(String),
}

/// What the resolver found; empty when there is nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    /// To [`Need::Naptr`].
    Naptr(Vec<Naptr>),
    /// To [`Need::Srv`].
    Srv(Vec<Srv>),
    /// To [`Need::Address`], in the order to be tried.
    Address(Vec<IpAddr>),
}

/// A NAPTR record, as far as SIP uses it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Naptr {
    /// Lower is first.
    pub order: u16,
    /// Lower is first within an order.
    pub preference: u16,
    /// `s` leads to SRV records; others are not for SIP.
    pub flags: String,
    /// `SIP+D2U` and its kin.
    pub service: String,
    /// The name to ask next.
    pub replacement: String,
}

/// An SRV record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Srv {
    /// Lower is first.
    pub priority: u16,
    /// Share among the same priority.
    pub weight: u16,
    /// The port to send to.
    pub port: u16,
    /// The host; a lone dot means that there is no such service.
    pub target: String,
}
