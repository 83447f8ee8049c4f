//! What a reader gets of a recorder: pieces of memory that nobody writes any more.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::CallId;
use sip::Flow;

use crate::{
    Direction, Fate,
    chunk::{Chunk, What},
};

/// The messages of one shard at one moment.
#[derive(Clone, Default)]
pub struct Snapshot {
    pub(crate) calls: Vec<Arc<Chunk>>,
    pub(crate) refused: Vec<Arc<Chunk>>,
    pub(crate) since: Option<DateTime<Utc>>,
}

/// One entry of a snapshot.
#[derive(Clone, Copy, Debug)]
pub enum Glimpse<'a> {
    /// A message.
    Message {
        /// When.
        at: DateTime<Utc>,
        /// Counts what this shard has seen.
        number: u64,
        /// Which way.
        direction: Direction,
        /// Between whom.
        flow: Flow,
        /// What became of it.
        fate: Fate,
        /// The message.
        octets: &'a [u8],
    },
    /// A leg of a call of ours has this Call-ID.
    Leg {
        /// The call.
        call: CallId,
        /// Its leg's Call-ID.
        call_id: &'a [u8],
    },
}

impl Snapshot {
    /// The moment from which on nothing is missing, refused messages aside; none when there is nothing.
    pub fn since(&self) -> Option<DateTime<Utc>> {
        self.since
    }

    /// Everything within these moments, each ring in the order of time.
    pub fn between(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> impl Iterator<Item = Glimpse<'_>> {
        self.calls
            .iter()
            .chain(&self.refused)
            .filter(move |chunk| chunk.span().is_some_and(|(first, last)| first <= until && last >= from))
            .flat_map(|chunk| chunk.iter())
            .filter(move |(head, _)| (from..=until).contains(&head.at))
            .map(|(head, octets)| match head.what {
                What::Message(direction, flow, fate) => {
                    Glimpse::Message { at: head.at, number: head.number, direction, flow, fate, octets }
                }
                What::Leg(call) => Glimpse::Leg { call, call_id: octets },
            })
    }
}
