//! Where answers and requests inside a dialog go: what the network says or what the headers say, a choice per gateway.
//!
//! Behind NAT only the socket is right; some gateways receive on another port, or on another address, than they send
//! from.

use std::net::{IpAddr, SocketAddr};

use crate::dialog::Dialog;
use crate::flow::Flow;
use crate::message::Message;

/// Where the responses to a peer's requests go.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum ReplyAddress {
    /// Back to where the request came from (RFC 3581, asked for or not).
    #[default]
    Socket,
    /// To the address it came from and the port of its Via.
    ViaPort,
    /// To address and port of its Via; a host name there is not looked up, then the address it came from is taken.
    Via,
}

/// Where our requests inside a dialog go.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum RequestAddress {
    /// Where the dialog's messages come from.
    #[default]
    Socket,
    /// To the address they come from and the port of the peer's Contact.
    ContactPort,
    /// To the first route, or else the peer's Contact (RFC 3261 §12.2.1.1); a host name there is not looked up, then as
    /// with [`Self::Socket`].
    Contact,
}

/// The way of the responses to a request that came along `flow`; give it to [`crate::Endpoint::reply_along`]. On a
/// connection it is always `flow` (RFC 3261 §18.2.2).
pub fn reply_flow(request: &Message, mode: ReplyAddress, flow: Flow) -> Flow {
    let Ok(via) = request.via() else { return flow };
    if flow.transport.is_reliable() {
        return flow;
    }
    let port = via.port.unwrap_or(flow.transport.default_port());
    let remote = match mode {
        ReplyAddress::Socket => flow.remote,
        ReplyAddress::ViaPort => SocketAddr::new(flow.remote.ip(), port),
        ReplyAddress::Via => {
            let host = via.host.trim_start_matches('[').trim_end_matches(']');
            SocketAddr::new(host.parse::<IpAddr>().unwrap_or(flow.remote.ip()), port)
        }
    };
    reachable(remote, flow)
}

impl Dialog {
    /// The way of our next request.
    pub fn way(&self, mode: RequestAddress) -> Flow {
        let target = match mode {
            RequestAddress::Socket => None,
            RequestAddress::ContactPort => {
                self.remote_target.effective_port().map(|port| SocketAddr::new(self.flow.remote.ip(), port))
            }
            RequestAddress::Contact => self.next_hop(),
        };
        target.map_or(self.flow, |remote| reachable(remote, self.flow))
    }
}

/// A header can name what nobody can send to: no port, no address, an address of the other family.
fn reachable(remote: SocketAddr, flow: Flow) -> Flow {
    let sound = remote.port() != 0
        && !remote.ip().is_unspecified()
        && !remote.ip().is_multicast()
        && remote.is_ipv4() == flow.local.is_ipv4();
    if sound { Flow { remote, ..flow } } else { flow }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::flow::Transport;

    fn flow(transport: Transport) -> Flow {
        Flow {
            transport,
            local: "192.0.2.1:5060".parse().unwrap(),
            remote: "198.51.100.7:40000".parse().unwrap(),
        }
    }

    fn invite(via: &str, contact: &str) -> Message {
        let text = format!(
            "INVITE sip:b@h SIP/2.0\r\nVia: SIP/2.0/UDP {via};branch=z9hG4bKx\r\nFrom: <sip:a@h>;tag=1\r\nTo: <sip:b@h>\r\n\
             Call-ID: c\r\nCSeq: 1 INVITE\r\nContact: <{contact}>\r\n\r\n"
        );
        Message::parse(Bytes::from(text)).unwrap()
    }

    #[test]
    fn answers_go_to_socket_via_port_or_via() {
        for (via, socket, via_port, whole) in [
            ("10.0.0.5:5070", "198.51.100.7:40000", "198.51.100.7:5070", "10.0.0.5:5070"),
            ("10.0.0.5", "198.51.100.7:40000", "198.51.100.7:5060", "10.0.0.5:5060"),
            ("pbx.example.com:5080", "198.51.100.7:40000", "198.51.100.7:5080", "198.51.100.7:5080"),
            ("10.0.0.5:0", "198.51.100.7:40000", "198.51.100.7:40000", "198.51.100.7:40000"),
            ("0.0.0.0", "198.51.100.7:40000", "198.51.100.7:5060", "198.51.100.7:40000"),
            ("224.0.1.75", "198.51.100.7:40000", "198.51.100.7:5060", "198.51.100.7:40000"),
            ("[2001:db8::5]:5070", "198.51.100.7:40000", "198.51.100.7:5070", "198.51.100.7:40000"),
        ] {
            let request = invite(via, "sip:a@h");
            for (mode, expected) in [
                (ReplyAddress::Socket, socket),
                (ReplyAddress::ViaPort, via_port),
                (ReplyAddress::Via, whole),
            ] {
                let way = reply_flow(&request, mode, flow(Transport::Udp));
                assert_eq!(way.remote.to_string(), expected, "{via} {mode:?}");
                assert_eq!(reply_flow(&request, mode, flow(Transport::Tcp)), flow(Transport::Tcp));
            }
        }
    }

    #[test]
    fn requests_go_to_socket_contact_port_or_contact() {
        for (contact, contact_port, whole) in [
            ("sip:a@10.0.0.5:5070", "198.51.100.7:5070", "10.0.0.5:5070"),
            ("sip:a@10.0.0.5", "198.51.100.7:5060", "10.0.0.5:5060"),
            ("sips:a@10.0.0.5", "198.51.100.7:5061", "10.0.0.5:5061"),
            ("sip:a@pbx.example.com:5080", "198.51.100.7:5080", "198.51.100.7:40000"),
            ("sip:a@10.0.0.5:0", "198.51.100.7:40000", "198.51.100.7:40000"),
            ("tel:+1", "198.51.100.7:40000", "198.51.100.7:40000"),
        ] {
            let request = invite("h", contact);
            let dialog = Dialog::uas(&request, "mine", flow(Transport::Udp), "").unwrap();
            assert_eq!(dialog.way(RequestAddress::Socket), flow(Transport::Udp));
            let way = |mode| dialog.way(mode).remote.to_string();
            assert_eq!(way(RequestAddress::ContactPort), contact_port, "{contact}");
            assert_eq!(way(RequestAddress::Contact), whole, "{contact}");
        }
    }

    #[test]
    fn a_route_goes_before_the_contact() {
        let mut dialog =
            Dialog::uas(&invite("h", "sip:a@10.0.0.5"), "mine", flow(Transport::Udp), "").unwrap();
        dialog.routes = vec!["<sip:203.0.113.9:5090;lr>".into()];
        assert_eq!(dialog.way(RequestAddress::Contact).remote.to_string(), "203.0.113.9:5090");
    }
}
