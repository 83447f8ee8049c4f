//! What a shard writes its messages with.

use std::net::SocketAddr;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use domain::CallId;
use sip::Flow;

use crate::{Direction, Fate, Seen, Snapshot, Trace, chunk::What, ring::Ring, shared::Fed};

/// The part of a shard's memory that refused messages have: one eighth.
const REFUSED_PART: u64 = 8;
/// Strangers whose refusals go where their messages went; the last few are enough, for answers follow at once.
const STRANGERS: usize = 8;

/// What a shard writes its messages with. It never waits and takes no memory for a message beyond what it has.
pub struct Recorder {
    trace: Trace,
    memory: u64,
    begun: DateTime<Utc>,
    calls: Ring,
    refused: Ring,
    /// The message being worked off: what becomes of it is not known yet.
    pending: Option<Seen>,
    /// Counts what was seen.
    number: u64,
    strangers: [Option<SocketAddr>; STRANGERS],
    next_stranger: usize,
}

impl Recorder {
    /// One that has seen nothing.
    pub fn new(trace: &Trace) -> Self {
        let memory = trace.memory();
        Self {
            trace: trace.clone(),
            memory,
            begun: Utc::now(),
            calls: Ring::new(memory - memory / REFUSED_PART),
            refused: Ring::new(memory / REFUSED_PART),
            pending: None,
            number: 0,
            strangers: [None; STRANGERS],
            next_stranger: 0,
        }
    }

    /// A message has come. What becomes of it may be told until the next one comes or goes.
    pub fn received(&mut self, at: DateTime<Utc>, flow: Flow, bytes: &Bytes) {
        self.settle();
        self.take_up_size();
        if keeps_alive(bytes) {
            return;
        }
        let fate = Fate::Handled;
        self.pending = Some(Seen { at, direction: Direction::Received, flow, fate, bytes: bytes.clone() });
    }

    /// Tells what became of the message that came last.
    pub fn explain(&mut self, fate: Fate) {
        if let Some(seen) = &mut self.pending {
            seen.fate = fate;
        }
    }

    /// A message goes out.
    pub fn sent(&mut self, at: DateTime<Utc>, flow: Flow, bytes: &Bytes) {
        self.settle();
        if keeps_alive(bytes) {
            return;
        }
        self.number += 1;
        let ring =
            if self.strangers.contains(&Some(flow.remote)) { &mut self.refused } else { &mut self.calls };
        ring.add(at, self.number, What::Message(Direction::Sent, flow, Fate::Handled), bytes);
        if self.trace.is_wanted() {
            let fate = Fate::Handled;
            let seen = Seen { at, direction: Direction::Sent, flow, fate, bytes: bytes.clone() };
            self.trace.feed(Fed::Message(seen));
        }
    }

    /// A leg of a call of ours has this Call-ID.
    pub fn belongs(&mut self, at: DateTime<Utc>, call: CallId, call_id: &str) {
        self.calls.add(at, self.number, What::Leg(call), call_id.as_bytes());
        if self.trace.is_wanted() {
            self.trace.feed(Fed::Leg(call, call_id.to_owned()));
        }
    }

    /// The message that came last has been worked off.
    pub fn settle(&mut self) {
        let Some(seen) = self.pending.take() else { return };
        self.number += 1;
        let what = What::Message(seen.direction, seen.flow, seen.fate);
        if seen.fate.is_refused() {
            self.note_stranger(seen.flow.remote);
            self.refused.add(seen.at, self.number, what, &seen.bytes);
        } else {
            self.forget_stranger(seen.flow.remote);
            self.calls.add(seen.at, self.number, what, &seen.bytes);
        }
        if self.trace.is_wanted() {
            self.trace.feed(Fed::Message(seen));
        }
    }

    /// What is there now. It costs the shard some ten microseconds.
    pub fn snapshot(&mut self) -> Snapshot {
        self.settle();
        Snapshot {
            calls: self.calls.chunks(),
            refused: self.refused.chunks(),
            since: self.calls.since(self.begun),
        }
    }

    /// Takes up another size, when there is one.
    fn take_up_size(&mut self) {
        let memory = self.trace.memory();
        if memory != self.memory {
            self.memory = memory;
            self.calls.resize(memory - memory / REFUSED_PART);
            self.refused.resize(memory / REFUSED_PART);
        }
    }

    fn note_stranger(&mut self, remote: SocketAddr) {
        if !self.strangers.contains(&Some(remote)) {
            self.strangers[self.next_stranger] = Some(remote);
            self.next_stranger = (self.next_stranger + 1) % STRANGERS;
        }
    }

    fn forget_stranger(&mut self, remote: SocketAddr) {
        for stranger in self.strangers.iter_mut().filter(|stranger| **stranger == Some(remote)) {
            *stranger = None;
        }
    }
}

/// True for what only keeps a way open: line ends (RFC 5626 §3.5.1), or a word of at most 64 characters.
fn keeps_alive(octets: &[u8]) -> bool {
    octets.len() <= 64 && (octets.iter().all(u8::is_ascii_whitespace) || !octets.contains(&b'\n'))
}
