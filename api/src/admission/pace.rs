//! How many requests somebody may send: a bucket each, filled at a steady pace.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Buckets that are kept; when there are more, those that have filled up again are forgotten.
const MOST: usize = 10_000;

/// A steady number of requests, and how many may come at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pace {
    /// Requests at once; 1 or more.
    pub burst: u32,
    /// Requests a second in the long run; 1 or more.
    pub per_second: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self { burst: 200, per_second: 50 }
    }
}

impl Pace {
    fn between(self) -> Duration {
        Duration::from_secs(1) / self.per_second.max(1)
    }

    fn full(self) -> Duration {
        self.between() * self.burst.max(1)
    }
}

/// A bucket for everybody. Of each only the moment is kept at which it will be full again.
pub(super) struct Buckets<K> {
    pace: Pace,
    full_at: Mutex<HashMap<K, Instant>>,
}

impl<K: Hash + Eq> Buckets<K> {
    pub(super) fn new(pace: Pace) -> Self {
        Self { pace, full_at: Mutex::default() }
    }

    /// Takes one request out of the bucket of `key`, or says how long it takes until there is one again.
    pub(super) fn take(&self, key: K) -> Result<(), Duration> {
        self.take_at(key, Instant::now())
    }

    /// As [`Self::take`], without taking anything.
    pub(super) fn look(&self, key: K) -> Result<(), Duration> {
        let now = Instant::now();
        let full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        self.filled(full_at.get(&key).copied(), now).map(drop)
    }

    fn take_at(&self, key: K, now: Instant) -> Result<(), Duration> {
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if full_at.len() >= MOST {
            full_at.retain(|_, full| *full > now);
        }
        let full = self.filled(full_at.get(&key).copied(), now)?;
        // With so many at work at once, who is new is counted from their next request on.
        if full_at.len() < MOST || full_at.contains_key(&key) {
            full_at.insert(key, full);
        }
        Ok(())
    }

    /// When a bucket is full again after one more request.
    fn filled(&self, full_at: Option<Instant>, now: Instant) -> Result<Instant, Duration> {
        let full = full_at.map_or(now, |full| full.max(now)) + self.pace.between();
        let missing = full - now;
        if missing > self.pace.full() { Err(missing - self.pace.full()) } else { Ok(full) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_gives_its_burst_and_then_the_steady_pace() {
        let buckets = Buckets::new(Pace { burst: 3, per_second: 2 });
        let start = Instant::now();
        for _ in 0..3 {
            assert_eq!(buckets.take_at("a", start), Ok(()));
        }
        assert_eq!(buckets.take_at("a", start), Err(Duration::from_millis(500)));
        assert_eq!(buckets.take_at("b", start), Ok(()), "everybody has their own");
        let later = start + Duration::from_millis(500);
        assert_eq!(buckets.take_at("a", later), Ok(()));
        assert!(buckets.take_at("a", later).is_err());
        let much_later = start + Duration::from_secs(3600);
        for _ in 0..3 {
            assert_eq!(buckets.take_at("a", much_later), Ok(()), "it does not grow beyond full");
        }
        assert!(buckets.take_at("a", much_later).is_err());
    }

    #[test]
    fn buckets_do_not_grow_without_bound() {
        let buckets = Buckets::new(Pace { burst: 3, per_second: 2 });
        let start = Instant::now();
        for key in 0..(MOST as u32 + 100) {
            assert_eq!(buckets.take_at(key, start), Ok(()));
        }
        assert_eq!(buckets.full_at.lock().unwrap().len(), MOST);
        let later = start + Duration::from_secs(10);
        assert_eq!(buckets.take_at(0, later), Ok(()));
        assert_eq!(buckets.full_at.lock().unwrap().len(), 1);
    }
}
