use std::net::SocketAddr;
use std::time::Instant;

/// What passed at one local port. Octets are UDP payload, RTP header included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FlowStats {
    /// Accepted packets.
    pub packets_in: u64,
    /// Octets of the accepted packets.
    pub octets_in: u64,
    /// Packets sent to the far end of this port.
    pub packets_out: u64,
    /// Octets of the sent packets.
    pub octets_out: u64,
    /// Valid packets refused because of their source.
    pub dropped_source: u64,
    /// Packets that are no RTP (or no RTCP, at the RTCP port).
    pub malformed: u64,
    /// Packets that should have left here and did not: no known far end, or the kernel refused them.
    pub unsent: u64,
    /// When the last accepted packet came, to the millisecond.
    pub last_packet: Option<Instant>,
    /// The source that is accepted now.
    pub latched: Option<SocketAddr>,
    /// RTP payload type of the last accepted packet.
    pub payload_type: Option<u8>,
}

/// What passed at one side of a session. Octets are UDP payload, RTP header included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SideStats {
    /// RTP packets accepted from this side.
    pub packets_in: u64,
    /// Octets of those packets.
    pub octets_in: u64,
    /// RTP packets sent to this side.
    pub packets_out: u64,
    /// Octets of those packets.
    pub octets_out: u64,
    /// RTCP packets accepted from this side.
    pub rtcp_in: u64,
    /// RTCP packets sent to this side.
    pub rtcp_out: u64,
    /// Valid RTP and RTCP packets refused because of their source.
    pub dropped_source: u64,
    /// Packets at either port that are no RTP or RTCP.
    pub malformed: u64,
    /// Packets for this side that could not be sent.
    pub unsent: u64,
    /// When the last RTP packet was accepted, to the millisecond.
    pub last_packet: Option<Instant>,
    /// The RTP source that is accepted now.
    pub latched: Option<SocketAddr>,
    /// RTP payload type of the last accepted packet.
    pub payload_type: Option<u8>,
}

impl SideStats {
    pub(crate) fn of(rtp: FlowStats, rtcp: FlowStats) -> SideStats {
        SideStats {
            packets_in: rtp.packets_in,
            octets_in: rtp.octets_in,
            packets_out: rtp.packets_out,
            octets_out: rtp.octets_out,
            rtcp_in: rtcp.packets_in,
            rtcp_out: rtcp.packets_out,
            dropped_source: rtp.dropped_source + rtcp.dropped_source,
            malformed: rtp.malformed + rtcp.malformed,
            unsent: rtp.unsent + rtcp.unsent,
            last_packet: rtp.last_packet,
            latched: rtp.latched,
            payload_type: rtp.payload_type,
        }
    }
}

impl SideStats {
    /// These together with what passed before them.
    pub(crate) fn after(self, before: &SideStats) -> SideStats {
        SideStats {
            packets_in: before.packets_in + self.packets_in,
            octets_in: before.octets_in + self.octets_in,
            packets_out: before.packets_out + self.packets_out,
            octets_out: before.octets_out + self.octets_out,
            rtcp_in: before.rtcp_in + self.rtcp_in,
            rtcp_out: before.rtcp_out + self.rtcp_out,
            dropped_source: before.dropped_source + self.dropped_source,
            malformed: before.malformed + self.malformed,
            unsent: before.unsent + self.unsent,
            last_packet: self.last_packet.or(before.last_packet),
            latched: self.latched,
            payload_type: self.payload_type.or(before.payload_type),
        }
    }
}

/// What passed in a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SessionStats {
    /// The caller's side.
    pub caller: SideStats,
    /// The callee's side.
    pub callee: SideStats,
}

impl SessionStats {
    pub(crate) fn side_mut(&mut self, side: crate::Side) -> &mut SideStats {
        match side {
            crate::Side::Caller => &mut self.caller,
            crate::Side::Callee => &mut self.callee,
        }
    }

    /// The counts of one side.
    pub fn side(&self, side: crate::Side) -> &SideStats {
        match side {
            crate::Side::Caller => &self.caller,
            crate::Side::Callee => &self.callee,
        }
    }
}
