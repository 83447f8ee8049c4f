//! Phones at the switch: what a shard asks the registrar, and what becomes of the registrar's answers.
//!
//! `door.rs` and `displaced.rs` run on the shards, and `heartbeat.rs` on the first of them; they wait for nothing. `keeper.rs`
//! is a task of tokio's pool: it writes contacts down behind the shards' backs, puts them back at a start, takes away what has
//! run out and tells who wants to know.

mod displaced;
mod door;
mod heartbeat;
mod keeper;
mod shut_out;

pub(crate) use door::{admit, register};
pub(crate) use heartbeat::Heartbeat;
pub(crate) use keeper::{Keeper, restore};
pub(crate) use shut_out::{ShutOut, restore as restore_suspensions};
