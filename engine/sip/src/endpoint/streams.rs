//! Which transactions depend on which connection, and what happens when one breaks (RFC 3261 §8.1.3.1, §17.1.4).

use std::time::Instant;

use hashbrown::{HashMap, HashSet};

use super::{ClientId, Endpoint, Whose};
use crate::flow::Flow;

/// Transactions by connection. Those on UDP are not kept: they are many, and a datagram does not break.
#[derive(Debug, Default)]
pub(super) struct Streams(HashMap<Flow, HashSet<Whose>>);

impl Streams {
    pub(super) fn add(&mut self, flow: Flow, whose: Whose) {
        if flow.transport.is_reliable() {
            self.0.entry(flow).or_default().insert(whose);
        }
    }

    pub(super) fn remove(&mut self, flow: Flow, whose: Whose) {
        if flow.transport.is_reliable()
            && let Some(users) = self.0.get_mut(&flow)
        {
            users.remove(&whose);
            if users.is_empty() {
                self.0.remove(&flow);
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    fn of(&self, flow: Flow) -> Vec<Whose> {
        self.0.get(&flow).map(|users| users.iter().copied().collect()).unwrap_or_default()
    }
}

impl Endpoint {
    /// A connection is broken, or could not be opened. Gives the requests that were on their way over it, oldest first:
    /// they have ended, nothing more is told of them, and each counts as answered 503 (RFC 3261 §8.1.3.1).
    ///
    /// Requests that came over it stay: the peer may come back on another connection. Their answers are not repeated
    /// any more; a 2xx whose ACK does not come is told as [`super::Event::AckMissing`] in its time.
    ///
    /// UDP has no connections; there this finds nothing.
    #[must_use = "nothing else tells of these requests"]
    pub fn on_flow_failed(&mut self, _now: Instant, flow: Flow) -> Vec<ClientId> {
        let mut ended = Vec::new();
        for whose in self.streams.of(flow) {
            match whose {
                Whose::Client(client) => {
                    if self.is_watched(client) {
                        ended.push(client);
                    }
                    self.close_client(client);
                }
                Whose::Server(server) => self.stop_repeating(server),
            }
        }
        self.tidy_agenda();
        // The serial number stands in the high half.
        ended.sort_by_key(|client| client.0);
        ended
    }
}
