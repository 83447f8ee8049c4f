use std::collections::VecDeque;
use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicU8, Ordering},
};
use std::time::{Duration, Instant};

use super::Pair;
use crate::family::Family;

/// Berths that are given up in one go, so that packets of other calls do not wait for long.
const TRIM: usize = 64;

/// Room for one side of a call: a pair whose sockets are bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dock {
    pub(crate) pair: Pair,
    pub(crate) family: Family,
}

/// Room for one call: two docks that stay together at one executor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Berth {
    pub(crate) caller: Dock,
    pub(crate) callee: Dock,
    /// What its sockets put on packets (DSCP).
    pub(crate) mark: u8,
}

/// Berths that calls have left, with their sockets open: the next call there costs no system call.
///
/// They are taken in the order in which they were left, so each has rested as long as the number of them allows, and
/// late packets of an old call are read and thrown away meanwhile. Those that nobody has needed for a while are given up.
#[derive(Debug)]
pub(crate) struct Berths {
    rest: Duration,
    keep: Duration,
    left: Mutex<Left>,
    /// The mark that packets shall have; berths with another one are given up.
    mark: AtomicU8,
}

/// A queue for each pair of families, each in the order of its times.
type Left = [VecDeque<(Berth, Instant)>; 4];

fn queue_of(caller: Family, callee: Family) -> usize {
    usize::from(caller == Family::V6) * 2 + usize::from(callee == Family::V6)
}

impl Berths {
    /// A berth rests for `rest` and is given up after `keep`.
    pub(crate) fn new(rest: Duration, keep: Duration) -> Berths {
        Berths { rest, keep: keep.max(rest), left: Mutex::default(), mark: AtomicU8::new(0) }
    }

    /// The berth of these families (the caller's first) that was left longest ago, if it has rested.
    pub(crate) fn take(&self, [caller, callee]: [Family; 2], now: Instant) -> Option<Berth> {
        let mark = self.mark();
        let rested = |(berth, left_at): &mut (Berth, Instant)| {
            berth.mark == mark && now.saturating_duration_since(*left_at) >= self.rest
        };
        self.lock()[queue_of(caller, callee)].pop_front_if(rested).map(|(berth, _)| berth)
    }

    /// The mark of new sockets (DSCP).
    pub(crate) fn mark(&self) -> u8 {
        self.mark.load(Ordering::Relaxed)
    }

    /// Gives new sockets another mark.
    pub(crate) fn set_mark(&self, mark: u8) {
        self.mark.store(mark, Ordering::Relaxed);
    }

    /// A berth whose call is over.
    pub(crate) fn leave(&self, berth: Berth, now: Instant) {
        self.lock()[queue_of(berth.caller.family, berth.callee.family)].push_back((berth, now));
    }

    /// A few berths that have been kept for nothing, for their sockets to be closed.
    pub(crate) fn stale(&self, now: Instant) -> Vec<Berth> {
        let mut left = self.lock();
        let mark = self.mark();
        let is_stale = |(berth, left_at): &&(Berth, Instant)| {
            berth.mark != mark || now.saturating_duration_since(*left_at) > self.keep
        };
        let mut given_up = Vec::new();
        for queue in left.iter_mut() {
            let stale = queue.iter().take(TRIM - given_up.len()).take_while(is_stale).count();
            given_up.extend(queue.drain(..stale).map(|(berth, _)| berth));
        }
        given_up
    }

    /// Pairs in berths that can be taken at `now`, and in those that rest.
    pub(crate) fn count(&self, now: Instant) -> (usize, usize) {
        let left = self.lock();
        let has_rested =
            |(_, left_at): &(Berth, Instant)| now.saturating_duration_since(*left_at) >= self.rest;
        let rested: usize = left.iter().map(|queue| queue.partition_point(has_rested)).sum();
        let all: usize = left.iter().map(VecDeque::len).sum();
        (2 * rested, 2 * (all - rested))
    }

    fn lock(&self) -> MutexGuard<'_, Left> {
        self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::port::{PortPool, PortRange};

    const REST: Duration = Duration::from_secs(1);
    const KEEP: Duration = Duration::from_secs(60);
    const V4: [Family; 2] = [Family::V4; 2];

    fn some(number: usize, now: Instant) -> Vec<Berth> {
        let pool = PortPool::new(PortRange { first: 40_000, last: 40_999 }, REST, now);
        let dock = || Dock { pair: pool.take(now).unwrap(), family: Family::V4 };
        (0..number).map(|_| Berth { caller: dock(), callee: dock(), mark: 0 }).collect()
    }

    #[test]
    fn a_berth_with_an_old_mark_is_given_up_instead_of_taken() {
        let now = Instant::now();
        let berths = Berths::new(REST, KEEP);
        let berth = some(1, now)[0];
        berths.leave(berth, now);
        berths.set_mark(46);
        assert_eq!(berths.take(V4, now + 2 * REST), None);
        assert_eq!(berths.stale(now + 2 * REST), [berth]);
        berths.leave(Berth { mark: 46, ..berth }, now);
        assert!(berths.take(V4, now + 2 * REST).is_some());
    }

    #[test]
    fn a_berth_rests_and_the_one_left_first_is_taken_first() {
        let now = Instant::now();
        let (berths, some) = (Berths::new(REST, KEEP), some(2, now));
        berths.leave(some[1], now);
        berths.leave(some[0], now + REST / 2);
        assert_eq!(berths.take(V4, now + REST / 2), None);
        assert_eq!(berths.count(now + REST), (2, 2));
        assert_eq!(berths.take(V4, now + REST), Some(some[1]));
        assert_eq!(berths.take(V4, now + REST), None);
        assert_eq!(berths.take(V4, now + 2 * REST), Some(some[0]));
    }

    #[test]
    fn a_berth_is_taken_for_the_families_that_it_was_left_with() {
        let now = Instant::now();
        let berths = Berths::new(REST, KEEP);
        let mut mixed = some(1, now)[0];
        mixed.callee.family = Family::V6;
        berths.leave(mixed, now);
        assert_eq!(berths.take(V4, now + REST), None);
        assert_eq!(berths.take([Family::V6, Family::V4], now + REST), None);
        assert_eq!(berths.count(now + REST), (2, 0));
        assert_eq!(berths.take([Family::V4, Family::V6], now + REST), Some(mixed));
        berths.leave(mixed, now);
        assert_eq!(berths.stale(now + 2 * KEEP), [mixed]);
    }

    #[test]
    fn berths_that_nobody_needs_are_given_up_a_few_at_a_time() {
        let now = Instant::now();
        let berths = Berths::new(REST, KEEP);
        let some = some(TRIM + 1, now);
        some.iter().for_each(|berth| berths.leave(*berth, now));
        assert_eq!(berths.stale(now + KEEP), []);
        assert_eq!(berths.stale(now + 2 * KEEP), some[..TRIM]);
        assert_eq!(berths.stale(now + 2 * KEEP), some[TRIM..]);
        assert_eq!(berths.count(now + 2 * KEEP), (0, 0));
    }
}
