//! What every connection does, whatever carries it: messages to their shards, its end to the switchboard.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use sip::{Flow, Transport};
use tokio::sync::{Semaphore, mpsc::UnboundedSender};
use tokio_util::sync::CancellationToken;

use super::{
    Reception,
    switchboard::{Connections, Order, Serial},
};
use crate::{environment::Environment, shard::Input};

/// Messages of one connection that are read and not yet worked off.
const CREDIT: usize = 64;
/// Until a connection is open and its handshake done.
pub(super) const HANDSHAKE: Duration = Duration::from_secs(10);
/// Until the rest of a message has come.
pub(super) const REST: Duration = Duration::from_secs(10);
/// Until a new connection has brought its first message.
pub(super) const FIRST: Duration = Duration::from_secs(32);
/// Until a connection on which nothing comes or goes is closed. Keep-alives (RFC 5626 §4.4.1) come every two minutes at most.
pub(super) const IDLE: Duration = Duration::from_secs(300);

/// One connection's place in the switch. Dropping it tells the switchboard.
pub(super) struct Peer {
    pub(super) flow: Flow,
    serial: Serial,
    pub(super) environment: Arc<Environment>,
    shards: Arc<[UnboundedSender<Input>]>,
    connections: Connections,
    pub(super) end: CancellationToken,
    credit: Arc<Semaphore>,
    home: usize,
}

impl Peer {
    pub(super) fn new(flow: Flow, serial: Serial, about: &Reception) -> Self {
        let mut hasher = DefaultHasher::new();
        flow.remote.hash(&mut hasher);
        Self {
            flow,
            serial,
            environment: about.environment.clone(),
            shards: about.shards.clone(),
            connections: about.connections.clone(),
            end: about.end.clone(),
            credit: Arc::new(Semaphore::new(CREDIT)),
            home: hasher.finish() as usize % about.shards.len().max(1),
        }
    }

    /// Gives a message to the shard that has its call. One that begins something goes to the connection's own shard, where its
    /// CANCEL and ACK will go too. Waits while too many are not worked off.
    pub(super) async fn deliver(&self, message: Bytes) {
        let marked = sip::shard_of(&message).map(|mark| usize::from(mark.0));
        let shard = marked.and_then(|mark| self.shards.get(mark)).or_else(|| self.shards.get(self.home));
        let Ok(credit) = self.credit.clone().acquire_owned().await else { return };
        if let Some(shard) = shard {
            let _ = shard.send(Input::Message(self.flow, message, credit));
        }
        if let Some(listener) = self.environment.listeners.of(&self.flow) {
            listener.traffic.received(1);
        }
    }

    pub(super) fn note_sent(&self) {
        if let Some(listener) = self.environment.listeners.of(&self.flow) {
            listener.traffic.sent(1);
        }
    }

    pub(super) fn note_opened(&self, by_peer: bool) -> Counted<'_> {
        if let Some(listener) = self.environment.listeners.of(&self.flow) {
            listener.traffic.opened(by_peer);
        }
        Counted(self)
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.connections.0.send(Order::Closed(self.flow, self.serial));
    }
}

/// Counts an open connection until it is dropped.
pub(super) struct Counted<'a>(&'a Peer);

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        if let Some(listener) = self.0.environment.listeners.of(&self.0.flow) {
            listener.traffic.closed();
        }
    }
}

/// Browsers open their WebSockets; nobody can open one to them.
pub(super) fn can_be_called(transport: Transport) -> bool {
    matches!(transport, Transport::Tcp | Transport::Tls)
}
