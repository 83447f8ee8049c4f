use super::read::{LONGEST, MOST_MEDIA};

/// Why a body is no session description that can be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SdpError {
    /// Longer than 16 KiB.
    #[error("SDP of {length} octets, more than {LONGEST}")]
    TooLong {
        /// Octets.
        length: usize,
    },
    /// More than 16 media lines.
    #[error("SDP with {count} media lines, more than {MOST_MEDIA}")]
    TooManyMedia {
        /// Media lines.
        count: usize,
    },
    /// A line that does not follow RFC 8866 in a way that cannot be passed over. Line numbers count the lines that
    /// matter to a relay.
    #[error("SDP syntax: {0}")]
    Syntax(String),
    /// Live audio without a `c=` line (RFC 8866 §5.7).
    #[error("SDP audio has no connection address")]
    NoConnection,
    /// A `c=` line with a name: resolving it would make media wait for DNS.
    #[error("SDP connection address {0:?} is a name, not an IP address")]
    AddressIsName(String),
    /// A `c=` line with a group address.
    #[error("SDP connection address {0} is multicast")]
    AddressIsMulticast(std::net::IpAddr),
}
