use std::net::{IpAddr, SocketAddr};

use crate::error::MediaError;
use crate::port::probe;

/// The version of IP by which a side is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Version 4.
    V4,
    /// Version 6.
    V6,
}

impl From<IpAddr> for Family {
    fn from(ip: IpAddr) -> Family {
        if ip.is_ipv4() { Family::V4 } else { Family::V6 }
    }
}

impl From<SocketAddr> for Family {
    fn from(address: SocketAddr) -> Family {
        address.ip().into()
    }
}

/// An address at which the relay receives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address {
    /// Address of the sockets; the unspecified address means every interface.
    pub bind: IpAddr,
    /// Address written into SDP; the same unless a static NAT stands before the machine.
    pub advertise: IpAddr,
}

impl Address {
    fn family(self) -> Family {
        self.bind.into()
    }

    fn check(self) -> Result<(), MediaError> {
        let Address { bind, advertise } = self;
        let bad_advertise = |reason| MediaError::BadAdvertise { advertise, bind, reason };
        if advertise.is_unspecified() || advertise.is_multicast() {
            return Err(bad_advertise("it is not the address of one host"));
        }
        if advertise.is_ipv4() != bind.is_ipv4() {
            return Err(bad_advertise("one is IPv4, the other IPv6"));
        }
        probe(bind).map_err(|cause| MediaError::BadAddress { address: bind, cause })
    }
}

/// The relay's addresses, at most one of each family.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Addresses {
    first: Address,
    second: Option<Address>,
}

impl Addresses {
    /// # Errors
    /// An address that cannot be bound or advertised, or two of one family.
    pub(crate) fn new(first: Address, second: Option<Address>) -> Result<Addresses, MediaError> {
        first.check()?;
        if let Some(second) = second {
            second.check()?;
            if second.family() == first.family() {
                return Err(MediaError::SameFamily { first: first.bind, second: second.bind });
            }
        }
        Ok(Addresses { first, second })
    }

    /// The family by which a far end of `family` is met: its own, if the relay has an address of it.
    pub(crate) fn serving(&self, family: Family) -> Family {
        match self.second {
            Some(second) if second.family() == family => family,
            _ => self.first.family(),
        }
    }

    /// The address of that family, or else the first.
    pub(crate) fn of(&self, family: Family) -> Address {
        self.second.filter(|second| second.family() == family).unwrap_or(self.first)
    }
}
