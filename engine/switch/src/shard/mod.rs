//! A shard: one thread that owns its calls outright.
//!
//! `floor.rs` is its logic, without I/O; `lane.rs` its thread: a socket, an inbox, a timer.
//!
//! All shards listen on one port (`SO_REUSEPORT`), and the kernel chooses by the sender's address. What belongs to a call is
//! found again by the shard's number in each branch, tag and Call-ID that we make: a datagram that the kernel gave to the wrong
//! shard is handed over by a look at a few bytes.

mod batch;
mod floor;
mod lane;
mod listen;
mod pause;
mod socket;

pub(crate) use lane::{Input, Shard};
pub(crate) use listen::listen;
pub(crate) use socket::put_mark;

#[cfg(test)]
pub(crate) mod tests;
