//! Gateways that want to be left alone for a while.

use std::{
    hash::Hash,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use arc_swap::ArcSwap;
use hashbrown::HashMap;

/// Longest pause that a gateway can ask for: a header must not take it out of service for a day.
const LONGEST: Duration = Duration::from_secs(300);

/// Until when each gateway is passed over because it answered 503 with Retry-After (RFC 3261 §21.5.4). Gateways are entered when
/// a configuration is taken up, so that a look-up needs no lock.
pub(crate) struct Pauses<Id> {
    began: Instant,
    /// In milliseconds since the beginning.
    until: ArcSwap<HashMap<Id, Arc<AtomicU64>>>,
    updating: Mutex<()>,
}

impl<Id> Default for Pauses<Id> {
    fn default() -> Self {
        Self { began: Instant::now(), until: ArcSwap::default(), updating: Mutex::default() }
    }
}

impl<Id: Copy + Eq + Hash> Pauses<Id> {
    /// Passes `gateway` over for as long as it asks for, at most five minutes. A later wish replaces an earlier one.
    pub(crate) fn pause(&self, gateway: Id, now: Instant, length: Duration) {
        if let Some(until) = self.until.load().get(&gateway) {
            until.store(self.millis(now + length.min(LONGEST)), Ordering::Relaxed);
        }
    }

    /// Whether `gateway` is to be left alone.
    pub(crate) fn pauses(&self, gateway: Id, now: Instant) -> bool {
        self.until.load().get(&gateway).is_some_and(|until| self.millis(now) < until.load(Ordering::Relaxed))
    }

    /// Enters new gateways and forgets removed ones.
    pub(crate) fn update(&self, gateways: impl Iterator<Item = Id>) {
        let _one_at_a_time = self.updating.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let old = self.until.load();
        let entered = gateways.map(|id| (id, old.get(&id).cloned().unwrap_or_default())).collect();
        self.until.store(Arc::new(entered));
    }

    fn millis(&self, at: Instant) -> u64 {
        u64::try_from(at.saturating_duration_since(self.began).as_millis()).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gateway_is_passed_over_as_long_as_it_asks_but_not_for_ever() {
        let pauses = Pauses::default();
        pauses.update([1, 2].into_iter());
        let now = Instant::now();
        let after = |seconds| now + Duration::from_secs(seconds);
        pauses.pause(1, now, Duration::from_secs(30));
        pauses.pause(2, now, Duration::from_secs(86_400));
        assert!(pauses.pauses(1, after(29)) && !pauses.pauses(1, after(31)));
        assert!(pauses.pauses(2, after(299)) && !pauses.pauses(2, after(301)));
        pauses.update([1].into_iter());
        assert!(pauses.pauses(1, after(29)) && !pauses.pauses(2, after(1)));
    }
}
