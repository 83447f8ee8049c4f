//! Connections: SIP over TCP, TLS and WebSocket (RFC 3261 §18, RFC 5923, RFC 7118).
//!
//! One task, the switchboard, knows all connections and belongs to no shard: a shard gives it a message for a flow and forgets
//! it, so no shard ever waits for a peer. Each connection is a task of its own that cuts messages from its bytes and gives them
//! to the shard they belong to, and writes what the switchboard queues for it.
//!
//! What is bounded: connections in all and of one address that is no gateway's; messages read and not yet worked off (a credit
//! that travels with the message, so that a flood stops at the socket); messages queued for a peer that does not read; the
//! time that a handshake, the first message and the rest of a begun message may take.

mod accept;
mod peer;
mod stream;
mod switchboard;
mod tls;
mod websocket;

pub(crate) use accept::{bind, serve};
pub(crate) use switchboard::{Connections, Order, Reception, Switchboard};
pub(crate) use tls::Tls;
pub use tls::{TlsError, TlsFiles};

#[cfg(test)]
mod tests;
