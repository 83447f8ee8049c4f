//! The softswitch: one call's path, its shards, its spool.
//!
//! Read `call/setup.rs` first: it is the path of a call. A [`Switch`] is a number of shards, each a thread that owns its calls
//! outright; they share only what is immutable ([`routing::Tables`] behind an `ArcSwap`) or atomic (purses, lines, counters).
//!
//! Invariants:
//! - a shard never waits for the database, the disk or another shard;
//! - a CDR is made only from its call's own timestamps and events, and exactly once;
//! - the state machine of a call (`call/`) has no socket and no clock: time and messages come in, messages and records go out.
#![cfg_attr(not(test), forbid(unsafe_code))]

mod account;
mod environment;
mod listener;
mod places;
mod rules;
mod spool;

mod call;
mod connection;
mod outbound;
mod phone;
mod probe;
mod shard;

mod balances;
mod configuration;
mod handle;
mod lookup;
mod start;
mod suspensions;
mod traced;

pub use connection::{TlsError, TlsFiles};
pub use handle::{Handle, Status};
pub use media::PortRange;
pub use sip::Transport;
pub use start::{Listen, Settings, StartError, Switch, start};
pub use trace;
pub use traced::Trunk;
