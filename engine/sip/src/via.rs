//! One hop of the Via header (RFC 3261 §20.42, RFC 3581).

use crate::message::ParseError;
use crate::scan;

/// One Via element, borrowed from its message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Via<'a> {
    /// The transport word as sent: `UDP`, `tls`, or something we do not know.
    pub transport: &'a str,
    /// The host of sent-by; IPv6 stands in brackets.
    pub host: &'a str,
    /// The port of sent-by, when written.
    pub port: Option<u16>,
    params: &'a str,
}

impl<'a> Via<'a> {
    /// Reads one element, `SIP / 2.0 / UDP host : port ; params` with all the blanks the grammar allows.
    pub fn parse(text: &'a str) -> Result<Self, ParseError> {
        Self::read(text).ok_or(ParseError::BadVia)
    }

    fn read(text: &'a str) -> Option<Self> {
        let end = text.find(';').unwrap_or(text.len());
        let (head, params) = text.split_at(end);
        let (name, rest) = head.split_once('/')?;
        let (version, rest) = rest.split_once('/')?;
        if !name.trim().eq_ignore_ascii_case("SIP") || version.trim() != "2.0" {
            return None;
        }
        let rest = rest.trim_start();
        let end = rest.find([' ', '\t'])?;
        let (transport, sent_by) = rest.split_at(end);
        let (host, port) = scan::host_and_port(sent_by)?;
        scan::is_token(transport).then_some(Self { transport, host, port, params })
    }

    /// The verbatim value of a parameter; `Some("")` when it stands without one.
    pub fn param(&self, name: &str) -> Option<&'a str> {
        scan::find_param(self.params, name)
    }

    /// The transaction's name (RFC 3261 §8.1.1.7); `None` from RFC 2543 peers.
    pub fn branch(&self) -> Option<&'a str> {
        self.param("branch").filter(|branch| !branch.is_empty())
    }

    /// The source address that a hop before us noted.
    pub fn received(&self) -> Option<&'a str> {
        self.param("received").filter(|address| !address.is_empty())
    }

    /// Whether the sender asked for the answer on its source port (RFC 3581 §3).
    pub fn wants_rport(&self) -> bool {
        self.param("rport").is_some()
    }

    /// The parameters as they stand, from the first semicolon on.
    pub(crate) fn params(&self) -> &'a str {
        self.params
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_ipv6_and_parameters_are_read() {
        let via = Via::parse("SIP / 2.0 / UDP [2001:db8::9] : 5070 ; branch = z9hG4bKx;rport;received=[::1]")
            .unwrap();
        assert_eq!((via.transport, via.host, via.port), ("UDP", "[2001:db8::9]", Some(5070)));
        assert_eq!((via.branch(), via.received()), (Some("z9hG4bKx"), Some("[::1]")));
        assert!(via.wants_rport());
    }

    #[test]
    fn nonsense_is_an_error() {
        for bad in [
            "",
            "SIP/2.0/UDP",
            "SIP/3.0/UDP h",
            "HTTP/2.0/UDP h",
            "SIP/2.0/UDP h:99999",
            "SIP/2.0/UDP ;branch=x",
        ] {
            assert_eq!(Via::parse(bad), Err(ParseError::BadVia), "{bad}");
        }
    }
}
