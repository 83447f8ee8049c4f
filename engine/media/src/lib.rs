//! SDP offer/answer and the RTP relay.
//!
//! Read in this order: [`sdp`] reads and rewrites session descriptions; [`MediaPlane`] opens a [`Session`] per call
//! on ports of its pool; the session says by [`Session::expect`] whom each side announced, which becomes rules of the
//! [`Datapath`]; the workers of `relay` execute them, one function per step of a packet.
//!
//! Deliberately absent: SIP, an async runtime, a database, changes to the bytes of a packet.

mod datapath;
mod error;
mod family;
mod ground;
mod latch;
mod plane;
mod port;
mod relay;
mod rtcp;
mod rtp;
pub mod sdp;
mod session;
mod side;
mod stats;

pub use datapath::{
    Admission, Arrived, Datapath, FlowAction, FlowId, FlowSocket, ForwardRule, RedirectRule, Stream,
};
pub use error::MediaError;
pub use family::{Address, Family};
pub use latch::{LatchPolicy, Strangers};
pub use plane::{MediaPlane, PlaneConfig, Tuning};
pub use port::{PortRange, PortUsage};
pub use session::{Remote, Session};
pub use side::Side;
pub use stats::{FlowStats, SessionStats, SideStats};
