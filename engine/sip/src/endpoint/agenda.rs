//! When what is due.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Instant;

use super::{ClientId, ServerId};

/// The transaction a timer belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Whose {
    Client(ClientId),
    Server(ServerId),
}

#[derive(Debug)]
struct Entry {
    at: Instant,
    whose: Whose,
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.at.cmp(&other.at)
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.at == other.at
    }
}

impl Eq for Entry {}

/// A heap with one valid entry for each transaction that waits for something.
///
/// A deadline that moves later leaves its entry where it is: when it comes up, the transaction is asked again. One
/// that moves earlier adds an entry, and the old one has become void. Void entries are dropped when they come up, or
/// all at once when they outnumber the valid ones, so the heap stays within a constant of the live transactions.
#[derive(Debug, Default)]
pub(super) struct Agenda {
    heap: BinaryHeap<Reverse<Entry>>,
}

impl Agenda {
    pub(super) fn next(&self) -> Option<Instant> {
        self.heap.peek().map(|Reverse(entry)| entry.at)
    }

    /// Notes a transaction's next deadline. `queued` is where its valid entry stands.
    pub(super) fn plan(&mut self, deadline: Option<Instant>, whose: Whose, queued: &mut Option<Instant>) {
        if let Some(at) = deadline
            && queued.is_none_or(|standing| at < standing)
        {
            *queued = Some(at);
            self.heap.push(Reverse(Entry { at, whose }));
        }
    }

    pub(super) fn pop_due(&mut self, now: Instant) -> Option<(Instant, Whose)> {
        if self.next()? > now {
            return None;
        }
        self.heap.pop().map(|Reverse(entry)| (entry.at, entry.whose))
    }

    pub(super) fn tidy(&mut self, live: usize, valid: impl Fn(Instant, Whose) -> bool) {
        while self.heap.peek().is_some_and(|Reverse(entry)| !valid(entry.at, entry.whose)) {
            self.heap.pop();
        }
        if self.heap.len() > 2 * live + 64 {
            self.heap.retain(|Reverse(entry)| valid(entry.at, entry.whose));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const SOMEBODY: Whose = Whose::Client(ClientId(1));

    #[test]
    fn a_deadline_that_moves_earlier_is_met_and_the_old_entry_void() {
        let now = Instant::now();
        let at = |seconds| now + Duration::from_secs(seconds);
        let (mut agenda, mut queued) = (Agenda::default(), None);
        agenda.plan(Some(at(9)), SOMEBODY, &mut queued);
        agenda.plan(Some(at(3)), SOMEBODY, &mut queued);
        assert_eq!((agenda.next(), queued), (Some(at(3)), Some(at(3))));
        assert_eq!(agenda.pop_due(at(2)), None);
        assert_eq!(agenda.pop_due(at(3)), Some((at(3), SOMEBODY)));
        queued = None;
        agenda.tidy(1, |at, _| queued == Some(at));
        assert_eq!(agenda.next(), None);
    }

    #[test]
    fn void_entries_never_outgrow_the_live_ones() {
        let now = Instant::now();
        let mut agenda = Agenda::default();
        for step in 0..10_000 {
            let mut queued = None;
            agenda.plan(Some(now + Duration::from_secs(10_000 - step)), SOMEBODY, &mut queued);
            // Only the newest, which is the earliest, is valid.
            agenda.tidy(1, |at, _| queued == Some(at));
            assert!(agenda.heap.len() <= 66);
        }
    }
}
