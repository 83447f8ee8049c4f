use std::io;
use std::net::IpAddr;

use crate::port::PortRange;

/// Why the media plane could not start or could not open a session.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    /// The range is reversed or holds no room for one call.
    #[error("media ports {range} are no usable range: a call takes two even/odd pairs")]
    BadRange {
        /// The range as configured.
        range: PortRange,
    },
    /// The bind address cannot be bound on this machine.
    #[error("media address {address} cannot be bound: {cause}")]
    BadAddress {
        /// The address as configured.
        address: IpAddr,
        /// What the kernel said.
        cause: io::Error,
    },
    /// The advertised address is not one that a far end could send to.
    #[error("media address {advertise} cannot be advertised for sockets on {bind}: {reason}")]
    BadAdvertise {
        /// The address for SDP.
        advertise: IpAddr,
        /// The address of the sockets.
        bind: IpAddr,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// There may be one address of each version of IP.
    #[error("media addresses {first} and {second} are of the same version of IP: give one of each")]
    SameFamily {
        /// The address as configured.
        first: IpAddr,
        /// The further one.
        second: IpAddr,
    },
    /// The number of workers is zero or beyond reason.
    #[error("{workers} media workers: give 1 to {max}")]
    BadWorkers {
        /// The number as configured.
        workers: usize,
        /// The largest accepted number.
        max: usize,
    },
    /// A worker thread or its event queue could not be made.
    #[error("a media worker could not start: {0}")]
    NoWorker(#[source] io::Error),
    /// Every port pair is in use, resting after a call, or held by another process.
    #[error("no media ports left")]
    NoPortsLeft,
    /// The kernel refused a socket for a reason other than a port in use, such as the limit of open files.
    #[error("a media socket could not be opened: {0}")]
    Socket(#[source] io::Error),
    /// The plane was stopped.
    #[error("the media plane is stopped")]
    Stopped,
}
