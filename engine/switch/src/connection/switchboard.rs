//! Which connection a message goes over, and who learns that one broke.

use std::{collections::HashMap, net::IpAddr, net::SocketAddr, sync::Arc};

use bytes::Bytes;
use sip::{Flow, Transport};
use tokio::sync::mpsc::{self, Receiver, Sender, UnboundedReceiver, UnboundedSender, error::TrySendError};
use tokio_util::sync::CancellationToken;

use super::{Tls, peer, stream};
use crate::{environment::Environment, shard::Input};

/// Connections in all.
const MOST: usize = 20_000;
/// Connections from one address that no gateway has.
const MOST_OF_STRANGER: usize = 64;
/// Messages that wait for one peer to read.
const MOST_QUEUED: usize = 512;

/// What the switchboard is told.
pub(crate) enum Order {
    /// Bring this message to the far end of this flow, over a new connection if there is none.
    Send(Flow, Bytes),
    /// A peer has connected. The answer is the queue of what to write, or none when it is not wanted.
    Accept(Flow, tokio::sync::oneshot::Sender<Option<(Serial, Receiver<Bytes>)>>),
    /// A connection has ended.
    Closed(Flow, Serial),
}

/// Tells a connection from a later one with the same flow.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Serial(u64);

/// The way to the switchboard.
#[derive(Clone)]
pub(crate) struct Connections(pub(super) UnboundedSender<Order>);

impl Connections {
    /// The way, and what the switchboard will read.
    pub(crate) fn new() -> (Self, UnboundedReceiver<Order>) {
        let (orders, inbox) = mpsc::unbounded_channel();
        (Self(orders), inbox)
    }

    /// Never waits. What cannot be brought comes back as [`Input::FlowFailed`].
    pub(crate) fn send(&self, flow: Flow, message: Bytes) {
        let _ = self.0.send(Order::Send(flow, message));
    }
}

struct Open {
    serial: Serial,
    queue: Sender<Bytes>,
    flow: Flow,
    stranger: bool,
}

/// What everybody here works with.
#[derive(Clone)]
pub(crate) struct Reception {
    pub(crate) environment: Arc<Environment>,
    pub(crate) shards: Arc<[UnboundedSender<Input>]>,
    pub(crate) connections: Connections,
    pub(crate) tls: Option<Tls>,
    pub(crate) end: CancellationToken,
}

/// The task that knows all connections.
pub(crate) struct Switchboard(Reception);

impl Switchboard {
    pub(crate) fn new(about: Reception) -> Self {
        Self(about)
    }

    /// Works until the end is called.
    pub(crate) async fn run(self, mut orders: UnboundedReceiver<Order>) {
        let mut board = Board { all: HashMap::new(), strangers: HashMap::new(), serial: 0, about: self.0 };
        loop {
            tokio::select! {
                () = board.about.end.cancelled() => return,
                order = orders.recv() => match order {
                    Some(order) => board.take(order),
                    None => return,
                },
            }
        }
    }
}

struct Board {
    /// By transport and far end: two flows to one far end are one connection (RFC 5923).
    all: HashMap<(Transport, SocketAddr), Open>,
    strangers: HashMap<IpAddr, usize>,
    serial: u64,
    about: Reception,
}

impl Board {
    fn take(&mut self, order: Order) {
        match order {
            Order::Send(flow, message) => self.send(flow, message),
            Order::Accept(flow, answer) => {
                let admitted = self.admit(flow);
                if admitted.is_none()
                    && let Some(listener) = self.about.environment.listeners.of(&flow)
                {
                    listener.traffic.refused();
                }
                let _ = answer.send(admitted);
            }
            Order::Closed(flow, serial) => {
                let key = (flow.transport, flow.remote);
                if self.all.get(&key).is_some_and(|open| open.serial == serial) {
                    self.forget(key);
                    self.tell_broken(flow);
                }
            }
        }
    }

    fn send(&mut self, flow: Flow, message: Bytes) {
        let key = (flow.transport, flow.remote);
        let message = match self.all.get(&key).map(|open| open.queue.try_send(message.clone())) {
            Some(Ok(())) => return,
            // It does not read, or has just ended: what waits there is lost, and the transactions learn so.
            Some(Err(TrySendError::Full(_))) => {
                self.forget(key);
                return self.tell_broken(flow);
            }
            Some(Err(TrySendError::Closed(message))) => {
                self.forget(key);
                message
            }
            None => message,
        };
        if self.all.len() >= MOST || !peer::can_be_called(flow.transport) {
            return self.tell_broken(flow);
        }
        let (serial, inbox) = self.add(flow, false);
        if let Some(open) = self.all.get(&key) {
            let _ = open.queue.try_send(message);
        }
        let peer = peer::Peer::new(flow, serial, &self.about);
        tokio::spawn(stream::call(peer, inbox, self.about.tls.clone()));
    }

    fn admit(&mut self, flow: Flow) -> Option<(Serial, Receiver<Bytes>)> {
        let stranger = !self.about.environment.tables.load().is_gateway(flow.remote);
        let address = flow.remote.ip();
        let has = self.strangers.get(&address).copied().unwrap_or_default();
        if self.all.len() >= MOST || (stranger && has >= MOST_OF_STRANGER) {
            return None;
        }
        Some(self.add(flow, stranger))
    }

    fn add(&mut self, flow: Flow, stranger: bool) -> (Serial, Receiver<Bytes>) {
        self.serial += 1;
        let serial = Serial(self.serial);
        let (queue, inbox) = mpsc::channel(MOST_QUEUED);
        if stranger {
            *self.strangers.entry(flow.remote.ip()).or_default() += 1;
        }
        let replaced = self.all.insert((flow.transport, flow.remote), Open { serial, queue, flow, stranger });
        if let Some(replaced) = replaced {
            self.leave(&replaced);
        }
        (serial, inbox)
    }

    fn forget(&mut self, key: (Transport, SocketAddr)) {
        if let Some(open) = self.all.remove(&key) {
            self.leave(&open);
        }
    }

    fn leave(&mut self, open: &Open) {
        let address = open.flow.remote.ip();
        if open.stranger
            && let Some(count) = self.strangers.get_mut(&address)
        {
            *count -= 1;
            if *count == 0 {
                self.strangers.remove(&address);
            }
        }
    }

    /// Any shard may have transactions on it.
    fn tell_broken(&self, flow: Flow) {
        for shard in self.about.shards.iter() {
            let _ = shard.send(Input::FlowFailed(flow));
        }
    }
}
