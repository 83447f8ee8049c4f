//! A piece of a ring: messages one after another in memory taken at once, and a head for each.

use chrono::{DateTime, Utc};
use domain::CallId;
use sip::Flow;

use crate::{Direction, Fate};

/// Octets of messages in a chunk.
pub(crate) const CHUNK: usize = 256 * 1024;
/// Messages in a chunk; with this many small ones it is full before its octets are.
const HEADS: usize = 1024;

/// What is known of a message beside its octets.
#[derive(Clone, Copy)]
pub(crate) struct Head {
    pub(crate) at: DateTime<Utc>,
    pub(crate) what: What,
    /// Counts what a shard has seen: moments alone do not tell which of two rings was first.
    pub(crate) number: u64,
    begin: u32,
    end: u32,
}

#[derive(Clone, Copy)]
pub(crate) enum What {
    Message(Direction, Flow, Fate),
    /// The octets are the Call-ID of a leg of this call.
    Leg(CallId),
}

/// A piece of a ring. Once it has been shared it is never written again.
pub(crate) struct Chunk {
    heads: Vec<Head>,
    octets: Vec<u8>,
}

impl Chunk {
    /// An empty one, with all the memory that it will ever have.
    pub(crate) fn new() -> Self {
        Self { heads: Vec::with_capacity(HEADS), octets: Vec::with_capacity(CHUNK) }
    }

    /// What a full one takes, in octets.
    pub(crate) const fn size() -> u64 {
        (CHUNK + HEADS * size_of::<Head>()) as u64
    }

    pub(crate) fn has_room_for(&self, octets: usize) -> bool {
        self.heads.len() < HEADS && self.octets.len() + octets <= CHUNK
    }

    /// Adds a message; the caller has asked for room.
    pub(crate) fn add(&mut self, at: DateTime<Utc>, number: u64, what: What, octets: &[u8]) {
        let begin = self.octets.len() as u32;
        self.octets.extend_from_slice(octets);
        self.heads.push(Head { at, what, number, begin, end: self.octets.len() as u32 });
    }

    pub(crate) fn clear(&mut self) {
        self.heads.clear();
        self.octets.clear();
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.heads.is_empty()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Head, &[u8])> {
        self.heads.iter().map(|head| (head, &self.octets[head.begin as usize..head.end as usize]))
    }

    /// The first and the last moment in it.
    pub(crate) fn span(&self) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        Some((self.heads.first()?.at, self.heads.last()?.at))
    }
}

impl Clone for Chunk {
    /// A copy for a reader: it takes only what is there.
    fn clone(&self) -> Self {
        Self { heads: self.heads.clone(), octets: self.octets.clone() }
    }
}
