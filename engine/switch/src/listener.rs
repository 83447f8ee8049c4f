//! Where the switch listens, as calls see it: which address far ends are told for which transport.

use std::{
    net::SocketAddr,
    sync::atomic::{AtomicU64, Ordering},
};

use domain::LocalAddress;
use sip::{Flow, Transport};

/// One listener.
#[derive(Debug)]
pub(crate) struct Listener {
    pub(crate) transport: Transport,
    /// The socket's address.
    pub(crate) bound: SocketAddr,
    /// The address for Via and Contact.
    pub(crate) local: SocketAddr,
    /// `<sip:…>`: where requests within a dialog reach us.
    contact: String,
    pub(crate) traffic: Traffic,
}

/// What went through a listener. Each number is exact; together they are a moment's picture.
#[derive(Default, Debug)]
pub(crate) struct Traffic {
    received: AtomicU64,
    sent: AtomicU64,
    open: AtomicU64,
    accepted: AtomicU64,
    refused: AtomicU64,
}

impl Traffic {
    pub(crate) fn received(&self, messages: u64) {
        self.received.fetch_add(messages, Ordering::Relaxed);
    }

    pub(crate) fn sent(&self, messages: u64) {
        self.sent.fetch_add(messages, Ordering::Relaxed);
    }

    pub(crate) fn opened(&self, by_peer: bool) {
        self.open.fetch_add(1, Ordering::Relaxed);
        self.accepted.fetch_add(u64::from(by_peer), Ordering::Relaxed);
    }

    pub(crate) fn closed(&self) {
        self.open.fetch_sub(1, Ordering::Relaxed);
    }

    pub(crate) fn refused(&self) {
        self.refused.fetch_add(1, Ordering::Relaxed);
    }
}

impl Listener {
    pub(crate) fn new(transport: Transport, bound: SocketAddr, local: SocketAddr) -> Self {
        let contact = match transport {
            Transport::Udp => format!("<sip:{local}>"),
            // RFC 3261 §19.1.1; RFC 7118 §5.
            other => format!("<sip:{local};transport={}>", other.as_str().to_ascii_lowercase()),
        };
        Self { transport, bound, local, contact, traffic: Traffic::default() }
    }

    pub(crate) fn view(&self) -> domain::ListenerView {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        domain::ListenerView {
            transport: self.transport.as_str().to_owned(),
            bound: self.bound,
            told: self.local,
            received: read(&self.traffic.received),
            sent: read(&self.traffic.sent),
            open: read(&self.traffic.open),
            accepted: read(&self.traffic.accepted),
            refused: read(&self.traffic.refused),
        }
    }
}

/// All of them; there is at least one for UDP.
#[derive(Debug)]
pub(crate) struct Listeners(Vec<Listener>);

impl Listeners {
    /// The first is the one for UDP that stands for the switch where only one address can be named.
    pub(crate) fn new(all: Vec<Listener>) -> Self {
        debug_assert!(all.first().is_some_and(|first| first.transport == Transport::Udp));
        Self(all)
    }

    pub(crate) fn first(&self) -> &Listener {
        &self.0[0]
    }

    /// The one at this place of the list.
    pub(crate) fn at(&self, place: usize) -> &Listener {
        &self.0[place]
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Listener> {
        self.0.iter()
    }

    /// The listener whose address a request to `remote` carries: same transport, same family, and the wanted one where the
    /// gateway has a wish (SIP-18). Both addresses of a listener name it: the socket's and the one that far ends are told.
    pub(crate) fn towards(
        &self,
        transport: Transport,
        remote: SocketAddr,
        wanted: Option<LocalAddress>,
    ) -> Option<&Listener> {
        self.0.iter().find(|l| {
            l.transport == transport
                && l.local.is_ipv4() == remote.is_ipv4()
                && wanted.is_none_or(|wanted| wanted.is(l.local) || wanted.is(l.bound))
        })
    }

    /// The listener that a flow belongs to.
    pub(crate) fn of(&self, flow: &Flow) -> Option<&Listener> {
        self.0.iter().find(|l| l.transport == flow.transport && l.local == flow.local)
    }

    /// What Contact says to the far end of `flow`.
    pub(crate) fn contact(&self, flow: &Flow) -> &str {
        &self.of(flow).unwrap_or_else(|| self.first()).contact
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(address: &str) -> SocketAddr {
        address.parse().unwrap()
    }

    fn listeners() -> Listeners {
        let of = |transport, address| Listener::new(transport, at(address), at(address));
        Listeners::new(vec![
            of(Transport::Udp, "192.0.2.1:5060"),
            of(Transport::Udp, "[2001:db8::1]:5060"),
            of(Transport::Tls, "192.0.2.1:5061"),
        ])
    }

    #[test]
    fn a_gateway_is_reached_from_a_listener_of_its_transport_and_family() {
        let listeners = listeners();
        let local = |transport, remote| listeners.towards(transport, at(remote), None).map(|l| l.local);
        assert_eq!(local(Transport::Udp, "198.51.100.1:5060"), Some(at("192.0.2.1:5060")));
        assert_eq!(local(Transport::Udp, "[2001:db8::9]:5060"), Some(at("[2001:db8::1]:5060")));
        assert_eq!(local(Transport::Tls, "198.51.100.1:5061"), Some(at("192.0.2.1:5061")));
        assert_eq!(local(Transport::Tcp, "198.51.100.1:5060"), None);
        assert_eq!(local(Transport::Tls, "[2001:db8::9]:5061"), None);
    }

    #[test]
    fn contact_names_the_transport_that_is_not_udp() {
        let listeners = listeners();
        let contact = |transport, local| {
            listeners.contact(&Flow { transport, local: at(local), remote: at("198.51.100.1:1") }).to_owned()
        };
        assert_eq!(contact(Transport::Udp, "192.0.2.1:5060"), "<sip:192.0.2.1:5060>");
        assert_eq!(contact(Transport::Udp, "[2001:db8::1]:5060"), "<sip:[2001:db8::1]:5060>");
        assert_eq!(contact(Transport::Tls, "192.0.2.1:5061"), "<sip:192.0.2.1:5061;transport=tls>");
    }
}
