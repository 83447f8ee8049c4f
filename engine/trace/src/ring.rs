//! The messages of one shard, as many as its memory holds.

use std::{collections::VecDeque, sync::Arc};

use chrono::{DateTime, Utc};

use crate::chunk::{CHUNK, Chunk, What};

/// The messages of one shard, the oldest giving way. One thread writes; readers get chunks that are full, and a copy of the one
/// that is being filled, so that neither waits for the other.
pub(crate) struct Ring {
    filling: Chunk,
    full: VecDeque<Arc<Chunk>>,
    /// Chunks kept beside the one being filled.
    most: usize,
    /// Something has given way.
    has_lost: bool,
}

impl Ring {
    /// A ring that takes at most so many octets, but at least a chunk. The memory is taken as it is filled.
    pub(crate) fn new(octets: u64) -> Self {
        Self { filling: Chunk::new(), full: VecDeque::new(), most: chunks(octets), has_lost: false }
    }

    /// Another size from now on.
    pub(crate) fn resize(&mut self, octets: u64) {
        self.most = chunks(octets);
        while self.full.len() > self.most {
            self.full.pop_front();
            self.has_lost = true;
        }
        self.full.shrink_to(self.most);
    }

    pub(crate) fn add(&mut self, at: DateTime<Utc>, number: u64, what: What, octets: &[u8]) {
        // SIP over any transport is at most 64 KiB; what is more is not worth a chunk.
        let octets = &octets[..octets.len().min(CHUNK)];
        if !self.filling.has_room_for(octets.len()) {
            self.turn();
        }
        self.filling.add(at, number, what, octets);
    }

    /// Puts the full chunk to the others and takes up an empty one: the oldest, unless somebody still reads it.
    fn turn(&mut self) {
        if self.most == 0 {
            self.has_lost = true;
            return self.filling.clear();
        }
        let mut empty = None;
        while self.full.len() >= self.most {
            self.has_lost = true;
            empty = self.full.pop_front().and_then(Arc::into_inner).or(empty);
        }
        let mut next = empty.unwrap_or_else(Chunk::new);
        next.clear();
        self.full.push_back(Arc::new(std::mem::replace(&mut self.filling, next)));
    }

    /// The moment from which on nothing is missing, when it began at `begun`; none when there is nothing.
    pub(crate) fn since(&self, begun: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let first = self.full.front().map_or_else(|| self.filling.span(), |chunk| chunk.span());
        first.map(|(first, _)| if self.has_lost { first } else { begun.min(first) })
    }

    /// What is there now: some hundred counters, and a copy of at most one chunk.
    pub(crate) fn chunks(&self) -> Vec<Arc<Chunk>> {
        let mut chunks: Vec<_> = self.full.iter().cloned().collect();
        if !self.filling.is_empty() {
            chunks.push(Arc::new(self.filling.clone()));
        }
        chunks
    }
}

/// Chunks beside the one being filled.
fn chunks(octets: u64) -> usize {
    usize::try_from(octets / Chunk::size()).unwrap_or(usize::MAX).saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use domain::CallId;

    use super::*;

    fn add(ring: &mut Ring, n: u32) {
        let at = DateTime::from_timestamp(i64::from(n), 0).unwrap();
        ring.add(at, n.into(), What::Leg(CallId(uuid::Uuid::nil())), &[n as u8; 1000]);
    }

    fn held(ring: &Ring) -> Vec<(i64, usize)> {
        ring.chunks()
            .iter()
            .flat_map(|chunk| chunk.iter().map(|(h, o)| (h.at.timestamp(), o.len())).collect::<Vec<_>>())
            .collect()
    }

    #[test]
    fn the_oldest_give_way_and_the_memory_stays_within_its_bound() {
        let mut ring = Ring::new(4 * Chunk::size());
        for n in 0..10_000 {
            add(&mut ring, n);
            let octets: usize = held(&ring).iter().map(|(_, length)| length).sum();
            assert!(octets <= 4 * CHUNK);
        }
        let held = held(&ring);
        assert_eq!(held.last(), Some(&(9999, 1000)));
        assert!(held.windows(2).all(|pair| pair[1].0 == pair[0].0 + 1));
        assert!(held.len() > 3 * CHUNK / 1000 - 3 && held.len() <= 4 * CHUNK / 1000);
    }

    #[test]
    fn what_somebody_reads_stays_as_it_was() {
        let mut ring = Ring::new(2 * Chunk::size());
        (0..300).for_each(|n| add(&mut ring, n));
        let read = ring.chunks();
        assert_eq!(ring.since(DateTime::UNIX_EPOCH), Some(DateTime::UNIX_EPOCH), "nothing has given way");
        (300..3000).for_each(|n| add(&mut ring, n));
        let first: Vec<i64> = read[0].iter().map(|(head, _)| head.at.timestamp()).collect();
        assert_eq!(first, (0..first.len() as i64).collect::<Vec<_>>());
        assert!(read[0].iter().all(|(head, octets)| octets[0] == head.at.timestamp() as u8));
    }

    #[test]
    fn a_smaller_size_takes_effect_at_once() {
        let mut ring = Ring::new(8 * Chunk::size());
        (0..3000).for_each(|n| add(&mut ring, n));
        ring.resize(0);
        assert_eq!(ring.chunks().len(), 1);
        (3000..6000).for_each(|n| add(&mut ring, n));
        assert_eq!(ring.chunks().len(), 1);
        assert_eq!(held(&ring).last(), Some(&(5999, 1000)));
        assert!(ring.since(DateTime::UNIX_EPOCH).unwrap() > DateTime::from_timestamp(5000, 0).unwrap());
    }

    #[test]
    fn many_small_messages_fill_a_chunk_too() {
        let mut ring = Ring::new(2 * Chunk::size());
        for n in 0..5000 {
            ring.add(DateTime::from_timestamp(n, 0).unwrap(), 0, What::Leg(CallId(uuid::Uuid::nil())), b"x");
        }
        assert!(held(&ring).len() <= 2048);
    }
}
