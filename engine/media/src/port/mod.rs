//! UDP ports: the range, the pool of pairs, the sockets on them.

mod berth;
mod bind;
mod pool;
mod range;

pub(crate) use berth::{Berth, Berths, Dock};
pub(crate) use bind::{bind_pair, probe};
pub use pool::PortUsage;
pub(crate) use pool::{Pair, PortPool};
pub use range::PortRange;
