use std::fmt;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use crate::datapath::{Admission, Datapath, FlowAction, FlowId, FlowSocket, ForwardRule, Stream};
use crate::latch::LatchPolicy;
use crate::port::{Berth, Berths, Pair, PortPool};
use crate::side::Side;
use crate::stats::{SessionStats, SideStats};

/// What every session of a plane stands on.
#[derive(Debug)]
pub(crate) struct Ground {
    pub(crate) datapath: Arc<dyn Datapath>,
    pub(crate) ports: PortPool,
    pub(crate) berths: Berths,
    pub(crate) advertise: IpAddr,
    pub(crate) latch: LatchPolicy,
    pub(crate) open_sessions: AtomicUsize,
}

impl Ground {
    /// Closes sockets that have been kept for nothing.
    pub(crate) fn trim(&self, now: Instant) {
        for berth in self.berths.stale(now) {
            flows(berth).into_iter().for_each(|flow| self.datapath.remove(flow));
            // Before the worker has closed the sockets: a pair rests much longer than that takes, and one that is
            // tried too early is found in use and set aside.
            self.ports.give_back(berth.caller, now);
            self.ports.give_back(berth.callee, now);
        }
    }
}

/// Where a far end said that it receives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remote {
    /// Media.
    pub rtp: SocketAddr,
    /// Reports about it.
    pub rtcp: SocketAddr,
}

/// The media of one call: four ports between caller and callee. Dropping it silences them.
pub struct Session {
    ground: Arc<Ground>,
    berth: Berth,
}

impl Session {
    /// The first call on new sockets, RTP before RTCP, the caller's before the callee's.
    pub(crate) fn first(ground: Arc<Ground>, berth: Berth, sockets: [[UdpSocket; 2]; 2]) -> Session {
        let [[caller_rtp, caller_rtcp], [callee_rtp, callee_rtcp]] = sockets;
        ground.datapath.adopt([
            flow_socket(berth.caller, Stream::Rtp, caller_rtp),
            flow_socket(berth.caller, Stream::Rtcp, caller_rtcp),
            flow_socket(berth.callee, Stream::Rtp, callee_rtp),
            flow_socket(berth.callee, Stream::Rtcp, callee_rtcp),
        ]);
        Session::begin(ground, berth)
    }

    /// Another call on the sockets of an earlier one.
    pub(crate) fn again(ground: Arc<Ground>, berth: Berth) -> Session {
        flows(berth).into_iter().for_each(|flow| ground.datapath.renew(flow));
        Session::begin(ground, berth)
    }

    fn begin(ground: Arc<Ground>, berth: Berth) -> Session {
        ground.open_sessions.fetch_add(1, Ordering::Relaxed);
        Session { ground, berth }
    }

    /// The address and RTP port that the far end of `side` sends to, for its SDP. RTCP is one port higher.
    pub fn local(&self, side: Side) -> SocketAddr {
        SocketAddr::new(self.ground.advertise, self.pair(side).rtp())
    }

    /// Says what the far end of `side` announced in its SDP. Until this is called for a side, nothing from it is
    /// accepted and nothing is sent to it. Each call lets the side latch anew (re-INVITE).
    pub fn expect(&self, side: Side, remote: Remote) {
        for (stream, announced) in [(Stream::Rtp, remote.rtp), (Stream::Rtcp, remote.rtcp)] {
            let admit = Admission { announced, latch: self.ground.latch };
            let rule = ForwardRule { admit, leave_by: self.flow(side.other(), stream) };
            self.ground.datapath.install(self.flow(side, stream), FlowAction::Forward(rule));
        }
    }

    /// What passed so far.
    pub fn stats(&self) -> SessionStats {
        SessionStats { caller: self.side_stats(Side::Caller), callee: self.side_stats(Side::Callee) }
    }

    /// The flow that comes from the far end of `side`.
    pub fn flow(&self, side: Side, stream: Stream) -> FlowId {
        flow_of(self.pair(side), stream)
    }

    fn side_stats(&self, side: Side) -> SideStats {
        let stats = |stream| self.ground.datapath.stats(self.flow(side, stream)).unwrap_or_default();
        SideStats::of(stats(Stream::Rtp), stats(Stream::Rtcp))
    }

    fn pair(&self, side: Side) -> Pair {
        match side {
            Side::Caller => self.berth.caller,
            Side::Callee => self.berth.callee,
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        flows(self.berth).into_iter().for_each(|flow| self.ground.datapath.rest(flow));
        self.ground.berths.leave(self.berth, Instant::now());
        self.ground.open_sessions.fetch_sub(1, Ordering::Relaxed);
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("caller", &self.local(Side::Caller))
            .field("callee", &self.local(Side::Callee))
            .finish()
    }
}

fn flows(berth: Berth) -> [FlowId; 4] {
    let flows = |pair| [flow_of(pair, Stream::Rtp), flow_of(pair, Stream::Rtcp)];
    let ([a, b], [c, d]) = (flows(berth.caller), flows(berth.callee));
    [a, b, c, d]
}

fn flow_of(pair: Pair, stream: Stream) -> FlowId {
    FlowId::at_port(match stream {
        Stream::Rtp => pair.rtp(),
        Stream::Rtcp => pair.rtcp(),
    })
}

fn flow_socket(pair: Pair, stream: Stream, socket: UdpSocket) -> FlowSocket {
    FlowSocket { flow: flow_of(pair, stream), stream, socket }
}
