//! Relay is data: a flow is what arrives at one local port, an action says what becomes of it. The userspace workers
//! execute the actions today; a kernel backend can execute the same ones.

use std::fmt;
use std::net::{SocketAddr, UdpSocket};
use std::sync::mpsc::SyncSender;

use crate::latch::LatchPolicy;
use crate::stats::FlowStats;

/// A flow, named by the local UDP port that it arrives at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FlowId(u16);

impl FlowId {
    /// The flow that arrives at `port`.
    pub fn at_port(port: u16) -> FlowId {
        FlowId(port)
    }

    /// The local port.
    pub fn port(self) -> u16 {
        self.0
    }
}

impl fmt::Display for FlowId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "flow {}", self.0)
    }
}

/// What a port carries, which decides how a packet is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Media (RFC 3550 §5).
    Rtp,
    /// Reports about it (RFC 3550 §6).
    Rtcp,
}

/// A bound socket handed to the datapath.
#[derive(Debug)]
pub struct FlowSocket {
    /// The flow that the socket receives.
    pub flow: FlowId,
    /// What it carries.
    pub stream: Stream,
    /// Bound, not blocking.
    pub socket: UdpSocket,
}

/// Whose packets a flow takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Admission {
    /// What the far end's SDP announced; packets go here until a source is latched.
    pub announced: SocketAddr,
    /// Which other sources may be latched.
    pub latch: LatchPolicy,
}

/// Pass accepted packets on, unchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ForwardRule {
    /// Whose packets are accepted.
    pub admit: Admission,
    /// The flow whose socket sends them, to the source that is latched there or else announced there.
    pub leave_by: FlowId,
}

/// Hand accepted packets to a reader in this process.
#[derive(Clone, Debug)]
pub struct RedirectRule {
    /// Whose packets are accepted.
    pub admit: Admission,
    /// Where they go; when it is full the packet is lost and counted as unsent.
    pub to: SyncSender<Arrived>,
}

/// A redirected packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrived {
    /// The flow that it came by.
    pub flow: FlowId,
    /// Its source.
    pub from: SocketAddr,
    /// The UDP payload.
    pub bytes: Box<[u8]>,
}

/// What becomes of the packets of a flow.
#[derive(Clone, Debug)]
pub enum FlowAction {
    /// Relay them.
    Forward(ForwardRule),
    /// Take them out of the relay.
    Redirect(RedirectRule),
    /// Refuse them all, counted as `dropped_source`. Every flow begins so.
    Drop,
}

/// Executes flow actions. Calls return at once: a change takes effect before the next packet.
pub trait Datapath: Send + Sync + fmt::Debug {
    /// Takes over the four sockets of a call. They stay together, so that one executor owns both ends of a relay.
    fn adopt(&self, sockets: [FlowSocket; 4]);

    /// Takes over two more sockets for the call that `beside` belongs to, at the same executor.
    fn join(&self, beside: FlowId, sockets: [FlowSocket; 2]);

    /// Gives an adopted flow its action in place of the former one. A flow that is not there is ignored: it was removed.
    fn install(&self, flow: FlowId, action: FlowAction);

    /// Ends what a flow does and keeps its socket for a later [`Datapath::renew`]: packets that still come are read and
    /// thrown away.
    fn rest(&self, flow: FlowId);

    /// Begins a new call on a flow that rests: it refuses everything until an action is installed and counts from zero.
    fn renew(&self, flow: FlowId);

    /// Ends a flow and closes its socket.
    fn remove(&self, flow: FlowId);

    /// What passed so far; `None` when there is no such flow.
    fn stats(&self, flow: FlowId) -> Option<FlowStats>;
}
