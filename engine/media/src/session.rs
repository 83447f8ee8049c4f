use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use crate::datapath::{Admission, FlowAction, FlowId, ForwardRule, Stream};
use crate::error::MediaError;
use crate::family::Family;
use crate::ground::Ground;
use crate::latch::{LatchPolicy, Strangers};
use crate::port::{Berth, Dock};
use crate::side::Side;
use crate::stats::{SessionStats, SideStats};

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
    /// What each side announced last, the caller first.
    remotes: [Option<Remote>; 2],
    /// Sides that are heard only from the address that they announce.
    believed: [bool; 2],
    /// What had passed at each side before it was met by another version of IP; seldom anything.
    before: Option<Box<SessionStats>>,
}

impl Session {
    /// On the sockets of an earlier call, or on new ones.
    pub(crate) fn open(ground: &Arc<Ground>, families: [Family; 2]) -> Result<Session, MediaError> {
        let (families, now) = (families.map(|family| ground.addresses.serving(family)), Instant::now());
        if let Some(berth) = ground.berths.take(families, now) {
            for dock in [berth.caller, berth.callee] {
                flows(dock).into_iter().for_each(|flow| ground.datapath.renew(flow));
            }
            return Ok(Session::begin(ground, berth));
        }
        let mark = ground.berths.mark();
        let (caller, [caller_rtp, caller_rtcp]) = ground.lease(families[0], mark, now)?;
        let (callee, [callee_rtp, callee_rtcp]) =
            ground.lease(families[1], mark, now).inspect_err(|_| ground.ports.give_back(caller.pair, now))?;
        ground.datapath.adopt([caller_rtp, caller_rtcp, callee_rtp, callee_rtcp]);
        Ok(Session::begin(ground, Berth { caller, callee, mark }))
    }

    fn begin(ground: &Arc<Ground>, berth: Berth) -> Session {
        ground.open_sessions.fetch_add(1, Ordering::Relaxed);
        Session { ground: ground.clone(), berth, remotes: [None; 2], believed: [false; 2], before: None }
    }

    /// The address and RTP port that the far end of `side` sends to, for its SDP. RTCP is one port higher.
    pub fn local(&self, side: Side) -> SocketAddr {
        let Dock { pair, family } = self.dock(side);
        SocketAddr::new(self.ground.addresses.of(family).advertise, pair.rtp())
    }

    /// Meets the far end of `side` by this version of IP from now on: on other ports, when it was met by the other one so
    /// far. Nothing changes where the relay has no address of that version. True when [`Session::local`] has changed.
    ///
    /// # Errors
    /// No free ports, or a kernel limit (open files); the side then stays where it is.
    pub fn meet(&mut self, side: Side, family: Family) -> Result<bool, MediaError> {
        let (family, now) = (self.ground.addresses.serving(family), Instant::now());
        let left = self.dock(side);
        if left.family == family {
            return Ok(false);
        }
        let (dock, sockets) = self.ground.lease(family, self.berth.mark, now)?;
        let passed = *self.stats().side(side);
        *self.before.get_or_insert_default().side_mut(side) = passed;
        self.ground.datapath.join(self.flow(side.other(), Stream::Rtp), sockets);
        match side {
            Side::Caller => self.berth.caller = dock,
            Side::Callee => self.berth.callee = dock,
        }
        self.ground.give_up(left, now);
        // What the far end had announced was of the other version; the other side is led to the new ports.
        self.remotes[index(side)] = None;
        if let Some(remote) = self.remotes[index(side.other())] {
            self.lead(side.other(), remote);
        }
        Ok(true)
    }

    /// Whether, from its next announcement on, the far end of `side` is heard only from the address that it announces,
    /// whatever the plane's [`LatchPolicy`] says.
    pub fn believe(&mut self, side: Side, alone: bool) {
        self.believed[index(side)] = alone;
    }

    /// Says what the far end of `side` announced in its SDP. Until this is called for a side, nothing from it is
    /// accepted and nothing is sent to it. Each call lets the side latch anew (re-INVITE).
    pub fn expect(&mut self, side: Side, remote: Remote) {
        self.remotes[index(side)] = Some(remote);
        self.lead(side, remote);
    }

    fn lead(&self, side: Side, remote: Remote) {
        for (stream, announced) in [(Stream::Rtp, remote.rtp), (Stream::Rtcp, remote.rtcp)] {
            let strangers =
                if self.believed[index(side)] { Strangers::Refused } else { self.ground.latch.strangers };
            let admit = Admission { announced, latch: LatchPolicy { strangers } };
            let rule = ForwardRule { admit, leave_by: self.flow(side.other(), stream) };
            self.ground.datapath.install(self.flow(side, stream), FlowAction::Forward(rule));
        }
    }

    /// What passed so far.
    pub fn stats(&self) -> SessionStats {
        let stats = |side| match &self.before {
            Some(before) => self.side_stats(side).after(before.side(side)),
            None => self.side_stats(side),
        };
        SessionStats { caller: stats(Side::Caller), callee: stats(Side::Callee) }
    }

    /// The flow that comes from the far end of `side`.
    pub fn flow(&self, side: Side, stream: Stream) -> FlowId {
        flow_of(self.dock(side), stream)
    }

    fn side_stats(&self, side: Side) -> SideStats {
        let stats = |stream| self.ground.datapath.stats(self.flow(side, stream)).unwrap_or_default();
        SideStats::of(stats(Stream::Rtp), stats(Stream::Rtcp))
    }

    fn dock(&self, side: Side) -> Dock {
        match side {
            Side::Caller => self.berth.caller,
            Side::Callee => self.berth.callee,
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        for dock in [self.berth.caller, self.berth.callee] {
            flows(dock).into_iter().for_each(|flow| self.ground.datapath.rest(flow));
        }
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

fn index(side: Side) -> usize {
    match side {
        Side::Caller => 0,
        Side::Callee => 1,
    }
}

pub(crate) fn flows(dock: Dock) -> [FlowId; 2] {
    [flow_of(dock, Stream::Rtp), flow_of(dock, Stream::Rtcp)]
}

pub(crate) fn flow_of(dock: Dock, stream: Stream) -> FlowId {
    FlowId::at_port(match stream {
        Stream::Rtp => dock.pair.rtp(),
        Stream::Rtcp => dock.pair.rtcp(),
    })
}
