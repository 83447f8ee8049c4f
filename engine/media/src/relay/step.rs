//! The path of one packet, a function per step.

use std::net::SocketAddr;
use std::sync::mpsc::SyncSender;

use super::seat::{Exit, Seat, Seats};
use crate::datapath::{Arrived, FlowId, Stream};
use crate::{rtcp, rtp};

/// A datagram and the circumstances of its arrival.
pub(super) struct Packet<'a> {
    pub(super) flow: FlowId,
    pub(super) from: SocketAddr,
    pub(super) bytes: &'a [u8],
    pub(super) now_ms: u64,
}

/// Takes a packet through the relay: valid? → from whom it should? → counted → passed on.
#[inline]
pub(super) fn pass(seats: &mut Seats, packet: &Packet<'_>) {
    let Some(seat) = seats.get_mut(packet.flow) else { return };
    let Some(kind) = recognise(seat, packet) else { return seat.flow.counters.malformed.add(1) };
    if !seat.admits(packet.from, packet.now_ms) {
        return seat.flow.counters.dropped_source.add(1);
    }
    count(seat, packet, kind);
    match &seat.exit {
        Exit::Nowhere => {}
        Exit::Reader(to) => hand_over(seat, to, packet),
        &Exit::Flow(flow) => forward(seats, flow, packet),
    }
}

enum Kind {
    Rtp { payload_type: u8 },
    Rtcp,
}

#[inline]
fn recognise(seat: &Seat, packet: &Packet<'_>) -> Option<Kind> {
    match seat.flow.stream {
        Stream::Rtp => rtp::payload_type(packet.bytes).map(|payload_type| Kind::Rtp { payload_type }),
        Stream::Rtcp => rtcp::is_valid(packet.bytes).then_some(Kind::Rtcp),
    }
}

#[inline]
fn count(seat: &Seat, packet: &Packet<'_>, kind: Kind) {
    let payload_type = match kind {
        Kind::Rtp { payload_type } => Some(payload_type),
        Kind::Rtcp => None,
    };
    seat.flow.counters.arrived(packet.bytes.len(), payload_type, packet.now_ms);
}

#[inline]
fn forward(seats: &Seats, leave_by: FlowId, packet: &Packet<'_>) {
    let Some(seat) = seats.get(leave_by) else { return };
    // A full socket buffer or an unreachable network loses this packet, as any router would, and no other.
    let sent = seat.latch.destination().is_some_and(|to| seat.socket.send_to(packet.bytes, to).is_ok());
    match sent {
        true => seat.flow.counters.sent(packet.bytes.len()),
        false => seat.flow.counters.unsent.add(1),
    }
}

fn hand_over(seat: &Seat, to: &SyncSender<Arrived>, packet: &Packet<'_>) {
    let arrived = Arrived { flow: packet.flow, from: packet.from, bytes: packet.bytes.into() };
    if to.try_send(arrived).is_err() {
        seat.flow.counters.unsent.add(1);
    }
}
