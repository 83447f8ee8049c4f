//! Who phones are and where they are, without I/O or clock.
//!
//! [`Registrar`] is shared by all shards. A shard asks it three things: what to answer to a REGISTER, who sends a request from
//! no known address, and how to reach a number. None of them waits for anything: configuration and bindings are immutable
//! values behind atomic pointers, and who loses a race for one looks again. Only failed credentials and connections that open
//! and close take a lock, of one stripe of a table, for less than a microsecond.
//!
//! [`outbound`] is the other direction: registrations of ours at other servers, as state machines.
//!
//! Times are those since the Unix epoch: nonces and bindings outlive a restart.
//!
//! Absent by design: sockets, clocks, threads, SQL, and what a call is. What has to be written down is given out as
//! [`Output`]s.

mod answer;
mod policy;

mod bindings;
mod directory;
mod door;

mod admit;
mod flows;
mod heartbeat;
mod presence;
mod reach;
mod register;
mod registrar;

pub mod outbound;

pub use admit::Admission;
pub use answer::{Answer, Reply};
pub use bindings::{Binding, Bindings, Device};
pub use directory::Line;
pub use door::{Outcome, Suspended, Suspension, SuspensionReason};
pub use heartbeat::{Heartbeat, HeartbeatPlan};
pub use policy::{Challenging, Limit, Policy, Terms};
pub use presence::{Counts, LineStatus};
pub use reach::{Reach, Target};
pub use register::Handled;
pub use registrar::{Output, Registrar};

#[cfg(test)]
mod tests;
