use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::PortRange;

/// How long a pair that another process holds is left alone.
const HELD_ELSEWHERE: Duration = Duration::from_secs(5);

/// An even port for RTP and the odd one above it for RTCP (RFC 3550 §11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pair(u16);

impl Pair {
    pub(crate) fn rtp(self) -> u16 {
        self.0
    }

    pub(crate) fn rtcp(self) -> u16 {
        self.0 + 1
    }
}

/// How full the plane is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PortUsage {
    /// Sessions that are open.
    pub open_sessions: usize,
    /// Port pairs that can be used now; a session takes two.
    pub free_pairs: usize,
    /// Port pairs that rest after a call, or were found held by another process.
    pub resting_pairs: usize,
}

/// The port pairs of a range, handed out in turn: the one that has been free longest comes first.
#[derive(Debug)]
pub(crate) struct PortPool {
    rest: Duration,
    queues: Mutex<Queues>,
}

/// Both queues are in the order of their times, because the waits are constant.
#[derive(Debug, Default)]
struct Queues {
    returned: VecDeque<(Pair, Instant)>,
    held_elsewhere: VecDeque<(Pair, Instant)>,
}

impl PortPool {
    /// A pair that comes back rests for `rest`, so that late packets of its old call do not meet a new one.
    pub(crate) fn new(range: PortRange, rest: Duration, now: Instant) -> PortPool {
        let returned = range.pairs().map(|port| (Pair(port), now)).collect();
        PortPool { rest, queues: Mutex::new(Queues { returned, ..Queues::default() }) }
    }

    /// A pair that is free at `now`.
    pub(crate) fn take(&self, now: Instant) -> Option<Pair> {
        let mut queues = self.lock();
        while let Some((pair, _)) = queues.held_elsewhere.pop_front_if(|(_, until)| *until <= now) {
            // To the front: it was due longer ago than anything that rests.
            queues.returned.push_front((pair, now));
        }
        queues.returned.pop_front_if(|(_, free_at)| *free_at <= now).map(|(pair, _)| pair)
    }

    /// A pair whose sockets were in use.
    pub(crate) fn give_back(&self, pair: Pair, now: Instant) {
        self.lock().returned.push_back((pair, now + self.rest));
    }

    /// A pair that could not be bound.
    pub(crate) fn set_aside(&self, pair: Pair, now: Instant) {
        self.lock().held_elsewhere.push_back((pair, now + HELD_ELSEWHERE));
    }

    /// Pairs free at `now`, and pairs resting.
    pub(crate) fn count(&self, now: Instant) -> (usize, usize) {
        let queues = self.lock();
        // A pair whose wait is over is free at once, also while nobody takes one.
        let free: usize = [&queues.returned, &queues.held_elsewhere]
            .map(|queue| queue.partition_point(|(_, free_at)| *free_at <= now))
            .iter()
            .sum();
        (free, queues.returned.len() + queues.held_elsewhere.len() - free)
    }

    fn lock(&self) -> MutexGuard<'_, Queues> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REST: Duration = Duration::from_secs(1);

    fn pool(now: Instant) -> PortPool {
        PortPool::new(PortRange { first: 40_000, last: 40_005 }, REST, now)
    }

    #[test]
    fn pairs_are_handed_out_in_turn_and_come_back_last() {
        let now = Instant::now();
        let pool = pool(now);
        let first = pool.take(now).unwrap();
        assert_eq!((first.rtp(), first.rtcp()), (40_000, 40_001));
        pool.give_back(first, now);
        let order: Vec<_> = std::iter::from_fn(|| pool.take(now + REST)).map(Pair::rtp).collect();
        assert_eq!(order, [40_002, 40_004, 40_000]);
    }

    #[test]
    fn a_returned_pair_rests() {
        let now = Instant::now();
        let pool = pool(now);
        let taken: Vec<_> = std::iter::from_fn(|| pool.take(now)).collect();
        taken.into_iter().for_each(|pair| pool.give_back(pair, now));
        assert_eq!(pool.count(now), (0, 3));
        assert_eq!(pool.take(now + REST - Duration::from_millis(1)), None);
        assert!(pool.take(now + REST).is_some());
        assert_eq!(pool.count(now + REST), (2, 0));
    }

    #[test]
    fn a_pair_held_elsewhere_is_tried_again_later() {
        let now = Instant::now();
        let pool = pool(now);
        let taken: Vec<_> = std::iter::from_fn(|| pool.take(now)).collect();
        pool.set_aside(taken[0], now);
        assert_eq!(pool.take(now), None);
        assert_eq!(pool.count(now), (0, 1));
        assert_eq!(pool.count(now + HELD_ELSEWHERE), (1, 0), "also before anybody takes it");
        assert_eq!(pool.take(now + HELD_ELSEWHERE), Some(taken[0]));
    }
}
