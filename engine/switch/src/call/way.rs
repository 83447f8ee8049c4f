//! How an INVITE of ours travels.

use std::net::SocketAddr;

use domain::{GatewayTransport, RoutingGatewaySettings};
use sip::{Flow, Transport};

use super::{Call, Desk, Destination};
use crate::places::Place;

/// Longest message that goes as a datagram when a connection could carry it.
const LONGEST_DATAGRAM: usize = 1300;
/// What an INVITE of ours has beside its body, at most.
const HEADERS: usize = 700;

impl Call {
    /// The way of an INVITE: to a trunk over the transport that fits, to a phone back along its registration.
    pub(super) fn way_to(
        &mut self,
        desk: &Desk,
        to: &Destination,
        place: usize,
        extras: usize,
    ) -> Option<Flow> {
        let listeners = &desk.environment.listeners;
        let (transport, remote, local) = match to {
            Destination::Trunk(gateway) => {
                let place = desk.environment.places.of(gateway, place)?;
                let (transport, remote) = self.way_to_place(desk, &gateway.settings, place, extras);
                (transport, remote, gateway.settings.local)
            }
            // The connection is the way; there is no other (RFC 5626).
            Destination::Phone(_, target) if target.flow.transport.is_reliable() => return Some(target.flow),
            // A phone behind NAT hears only what comes from where it registered.
            Destination::Phone(_, target) if listeners.of(&target.flow).is_some() => {
                return Some(target.flow);
            }
            Destination::Phone(_, target) => (target.flow.transport, target.flow.remote, None),
        };
        let listener = listeners.towards(transport, remote, local)?;
        Some(Flow { transport, local: listener.local, remote })
    }

    /// How an INVITE to this place of a gateway travels. What a gateway adds on its way back (Via, Record-Route) is not known, so
    /// the limit is that of an unknown path (RFC 3261 §18.1.1).
    fn way_to_place(
        &mut self,
        desk: &Desk,
        settings: &RoutingGatewaySettings,
        place: Place,
        extras: usize,
    ) -> (Transport, SocketAddr) {
        let (them, found) = match place {
            Place::Written(address) => (address, None),
            Place::Found(destination) => (destination.address, Some(destination.transport)),
        };
        let transport = match (settings.transport, found) {
            (GatewayTransport::Udp, _) => Transport::Udp,
            (GatewayTransport::Tcp, _) => Transport::Tcp,
            (GatewayTransport::Tls, _) => Transport::Tls,
            (GatewayTransport::Auto, Some(found)) if found.is_reliable() => found,
            (GatewayTransport::Auto, _) => {
                let unconnectable = std::mem::take(&mut self.unconnectable);
                let long = HEADERS + extras + self.caller.invite.body().len() > LONGEST_DATAGRAM;
                let listens =
                    desk.environment.listeners.towards(Transport::Tcp, them, settings.local).is_some();
                if long && listens && !unconnectable { Transport::Tcp } else { Transport::Udp }
            }
        };
        (transport, them)
    }
}
