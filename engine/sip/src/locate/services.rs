//! The names that transports have in the DNS (RFC 3263 §4.1, RFC 7118 §8).

use super::Naptr;
use crate::flow::Transport;

pub(super) fn is_secure(transport: Transport) -> bool {
    matches!(transport, Transport::Tls | Transport::Wss)
}

/// The transport that a URI's parameter asks for; `sips:` means the same inside TLS (RFC 3261 §26.2.2).
pub(super) fn asked(word: &str, secure: bool) -> Option<Transport> {
    Some(match (word.to_ascii_lowercase().as_str(), secure) {
        ("udp", false) => Transport::Udp,
        ("tcp", false) => Transport::Tcp,
        ("tls", _) | ("tcp", true) => Transport::Tls,
        ("ws", false) => Transport::Ws,
        ("wss", _) | ("ws", true) => Transport::Wss,
        _ => return None,
    })
}

pub(super) fn srv_name(host: &str, transport: Transport) -> String {
    let service = match transport {
        Transport::Udp => "_sip._udp",
        Transport::Tcp => "_sip._tcp",
        Transport::Tls => "_sips._tcp",
        Transport::Ws => "_sip._ws",
        Transport::Wss => "_sips._wss",
    };
    format!("{service}.{host}")
}

/// The transport of a NAPTR record that leads to SRV records.
pub(super) fn of_naptr(record: &Naptr) -> Option<Transport> {
    if !record.flags.eq_ignore_ascii_case("s") || record.replacement.trim_end_matches('.').is_empty() {
        return None;
    }
    Some(match record.service.to_ascii_uppercase().as_str() {
        "SIP+D2U" => Transport::Udp,
        "SIP+D2T" => Transport::Tcp,
        "SIPS+D2T" => Transport::Tls,
        "SIP+D2W" => Transport::Ws,
        "SIPS+D2W" => Transport::Wss,
        _ => return None,
    })
}
