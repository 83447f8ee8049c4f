//! The transaction layer of one shard: datagrams and the time come in, events and datagrams go out.
//!
//! ```text
//! socket ─ on_datagram ─▶ ┌──────────┐ ─ poll_event ────▶ user
//! clock  ─ on_timer ────▶ │ Endpoint │ ◀─ request, respond, cancel, acknowledge ─ user
//!                         └──────────┘ ─ poll_transmit ─▶ socket
//! ```
//!
//! After every call drain [`Endpoint::poll_event`] and [`Endpoint::poll_transmit`]; both queues hold only what that
//! call produced. All else that grows is bounded by [`EndpointConfig::max_transactions`].

mod again;
mod agenda;
mod answer;
mod ask;
mod event;
mod receive;
mod reliable;
mod streams;

use std::collections::VecDeque;
use std::time::Instant;

use bytes::Bytes;
use hashbrown::HashMap;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use rsip::Response;

pub use again::Return;
pub use event::{ClientId, EndpointStats, Event, ServerId, Transmit};

use crate::flow::Flow;
use crate::mark::Mark;
use crate::message::{Message, ParseError};
use crate::transaction::table::Table;
use crate::transaction::{Pace, Timers};
use agenda::{Agenda, Whose};
use answer::ServerTransaction;
use ask::ClientTransaction;
use streams::Streams;

/// What an endpoint needs to know.
#[derive(Clone, Debug)]
pub struct EndpointConfig {
    /// The shard's number; it is part of every name that the endpoint makes.
    pub mark: Mark,
    /// Base times.
    pub timers: Timers,
    /// What User-Agent and Server say; empty for neither.
    pub user_agent: String,
    /// Fixes all random names, for tests. `None` takes the operating system's randomness.
    pub seed: Option<u64>,
    /// Live transactions beyond which new requests are answered 503 and own requests time out at once. The CANCELs
    /// of own INVITEs, one each, come on top.
    pub max_transactions: usize,
}

impl Default for EndpointConfig {
    fn default() -> Self {
        Self {
            mark: Mark(0),
            timers: Timers::default(),
            user_agent: String::new(),
            seed: None,
            max_transactions: 200_000,
        }
    }
}

/// The transaction layer of one shard.
pub struct Endpoint {
    config: EndpointConfig,
    random: StdRng,
    /// Makes stateless To tags that nobody can foresee and that stay the same for a retransmission.
    secret: [u64; 2],
    clients: Table<ClientTransaction>,
    /// By the number in the branch, and whether it is a CANCEL, which shares its INVITE's branch.
    by_branch: HashMap<(u64, bool), ClientId>,
    servers: Table<ServerTransaction>,
    by_key: HashMap<Box<[u8]>, ServerId>,
    by_ack: HashMap<Box<[u8]>, ServerId>,
    /// Requests without To tag, by what all copies of a forked one share.
    by_origin: HashMap<u64, ServerId>,
    streams: Streams,
    agenda: Agenda,
    events: VecDeque<Event>,
    transmits: VecDeque<Transmit>,
    stats: EndpointStats,
}

impl Endpoint {
    /// An endpoint without transactions.
    pub fn new(config: EndpointConfig) -> Self {
        let mut random: StdRng = match config.seed {
            Some(seed) => StdRng::seed_from_u64(seed),
            None => rand::make_rng(),
        };
        let secret = random.random();
        Self {
            config,
            random,
            secret,
            clients: Table::new(),
            by_branch: HashMap::new(),
            servers: Table::new(),
            by_key: HashMap::new(),
            by_ack: HashMap::new(),
            by_origin: HashMap::new(),
            streams: Streams::default(),
            agenda: Agenda::default(),
            events: VecDeque::new(),
            transmits: VecDeque::new(),
            stats: EndpointStats::default(),
        }
    }

    /// The next thing that happened.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// The next datagram to send.
    pub fn poll_transmit(&mut self) -> Option<Transmit> {
        self.transmits.pop_front()
    }

    /// When to call [`Self::on_timer`]; never later than the next thing that is due.
    pub fn next_timer(&self) -> Option<Instant> {
        self.agenda.next()
    }

    /// Does what is due at `now`.
    pub fn on_timer(&mut self, now: Instant) {
        while let Some((at, whose)) = self.agenda.pop_due(now) {
            match whose {
                Whose::Client(id) => self.client_timer(now, at, id),
                Whose::Server(id) => self.server_timer(now, at, id),
            }
        }
        self.tidy_agenda();
    }

    /// A tag of ours (RFC 3261 §19.3): mark and 64 random bits.
    pub fn new_tag(&mut self) -> String {
        self.config.mark.name(&mut self.random)
    }

    /// A Call-ID of ours: mark and 64 random bits.
    pub fn new_call_id(&mut self) -> String {
        self.config.mark.name(&mut self.random)
    }

    /// A response to `request` with all headers that must be copied; see [`crate::reply()`].
    pub fn reply(
        &self,
        request: &Message,
        code: u16,
        reason: Option<&str>,
        local_tag: Option<&str>,
    ) -> Response {
        crate::reply(request, code, reason, local_tag)
    }

    /// Live transactions and what was counted since the start.
    pub fn stats(&self) -> EndpointStats {
        EndpointStats { clients: self.clients.len(), servers: self.servers.len(), ..self.stats }
    }

    /// Whether nothing is left: no transaction, no look-up entry, no timer, nothing to poll.
    pub fn is_idle(&self) -> bool {
        let tables = self.clients.len() + self.servers.len();
        let entries = self.by_branch.len() + self.by_key.len() + self.by_ack.len() + self.by_origin.len();
        let entries = entries + self.streams.len();
        tables + entries + self.events.len() + self.transmits.len() == 0 && self.agenda.next().is_none()
    }

    fn pace(&self, flow: Flow) -> Pace {
        Pace::new(self.config.timers, flow.transport)
    }

    fn is_full(&self) -> bool {
        self.clients.len() + self.servers.len() >= self.config.max_transactions
    }

    fn send(&mut self, flow: Flow, bytes: Bytes) {
        self.transmits.push_back(Transmit { flow, bytes });
    }

    fn malformed(&mut self, flow: Flow, why: ParseError) {
        self.stats.malformed += 1;
        self.events.push_back(Event::Malformed { flow, why });
    }

    /// Drops timers of what has ended, from the top and, when they are many, from everywhere.
    fn tidy_agenda(&mut self) {
        let (clients, servers) = (&self.clients, &self.servers);
        self.agenda.tidy(clients.len() + servers.len(), |at, whose| match whose {
            Whose::Client(id) => clients.get(id.0).is_some_and(|transaction| transaction.queued == Some(at)),
            Whose::Server(id) => servers.get(id.0).is_some_and(|transaction| transaction.queued == Some(at)),
        });
    }
}
