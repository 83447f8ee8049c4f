//! Bounded tables of short-lived facts, shared by all shards.

use std::hash::Hash;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hashbrown::{DefaultHashBuilder, HashMap};
use std::hash::BuildHasher;

const STRIPES: usize = 64;
const MARKS: usize = 1 << 15;

/// Facts by the hash of what they are about, each until a time of its own.
///
/// Asking about what is not there takes no lock: a mark is looked at first that says until when something may be there. Only what
/// is being refused, or has been lately, meets the lock of a stripe, which is held for less than a microsecond. When a stripe is
/// full, what ends soonest gives way; so made-up names displace each other and cost nothing else.
pub(super) struct Ledger<V> {
    stripes: Box<[Mutex<Stripe<V>>]>,
    /// By hash: the latest second until which something lives here.
    marks: Box<[AtomicU32]>,
    most: usize,
    hasher: DefaultHashBuilder,
}

struct Stripe<V> {
    facts: HashMap<u64, Fact<V>>,
    cleaned: u32,
}

struct Fact<V> {
    until: u32,
    value: V,
}

/// Whole seconds, for the ends of facts; rounded up, so that no fact ends early.
fn second(time: Duration) -> u32 {
    let more = u64::from(time.subsec_nanos() > 0);
    u32::try_from(time.as_secs() + more).unwrap_or(u32::MAX)
}

fn now_second(now: Duration) -> u32 {
    u32::try_from(now.as_secs()).unwrap_or(u32::MAX)
}

impl<V> Ledger<V> {
    /// Room for about `most` facts.
    pub(super) fn new(most: usize) -> Self {
        let stripe = || Mutex::new(Stripe { facts: HashMap::new(), cleaned: 0 });
        Self {
            stripes: (0..STRIPES).map(|_| stripe()).collect(),
            marks: (0..MARKS).map(|_| AtomicU32::new(0)).collect(),
            most: (most / STRIPES).max(1),
            hasher: DefaultHashBuilder::default(),
        }
    }

    pub(super) fn hash(&self, key: impl Hash) -> u64 {
        self.hasher.hash_one(key)
    }

    fn mark(&self, hash: u64) -> &AtomicU32 {
        &self.marks[(hash >> 40) as usize % MARKS]
    }

    /// A poisoned stripe is as good as any: every change of one is a single step.
    fn stripe(&self, hash: u64) -> MutexGuard<'_, Stripe<V>> {
        self.stripes[hash as usize % STRIPES].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads a fact that has not ended.
    pub(super) fn read<R>(&self, now: Duration, hash: u64, read: impl FnOnce(&V) -> R) -> Option<R> {
        let now = now_second(now);
        if self.mark(hash).load(Ordering::Acquire) <= now {
            return None;
        }
        self.stripe(hash).facts.get(&hash).filter(|fact| fact.until > now).map(|fact| read(&fact.value))
    }

    /// Changes a fact, or makes it from `fresh`; `change` gives the time until which it is kept.
    pub(super) fn change<R>(
        &self,
        now: Duration,
        hash: u64,
        fresh: impl FnOnce() -> V,
        change: impl FnOnce(&mut V) -> (Duration, R),
    ) -> R {
        let now = now_second(now);
        let mut stripe = self.stripe(hash);
        if stripe.facts.get(&hash).is_none_or(|fact| fact.until <= now) {
            stripe.facts.remove(&hash);
            stripe.make_room(now, self.most);
            stripe.facts.insert(hash, Fact { until: now, value: fresh() });
        }
        let fact = stripe.facts.get_mut(&hash).expect("it has just been put there");
        let (until, result) = change(&mut fact.value);
        fact.until = second(until);
        // Within the lock: who reads the mark before this came before the change.
        self.mark(hash).fetch_max(fact.until, Ordering::Release);
        result
    }

    /// Forgets a fact; whether there was one.
    pub(super) fn forget(&self, now: Duration, hash: u64) -> Option<V> {
        let now = now_second(now);
        if self.mark(hash).load(Ordering::Acquire) <= now {
            return None;
        }
        self.stripe(hash).facts.remove(&hash).filter(|fact| fact.until > now).map(|fact| fact.value)
    }

    /// Every fact that has not ended.
    pub(super) fn each(&self, now: Duration, mut see: impl FnMut(&V)) {
        let now = now_second(now);
        for stripe in &self.stripes {
            let stripe = stripe.lock().unwrap_or_else(PoisonError::into_inner);
            stripe.facts.values().filter(|fact| fact.until > now).for_each(|fact| see(&fact.value));
        }
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.stripes.iter().map(|stripe| stripe.lock().unwrap().facts.len()).sum()
    }
}

impl<V> Stripe<V> {
    fn make_room(&mut self, now: u32, most: usize) {
        if self.facts.len() < most {
            return;
        }
        // Once a second at most, or a flood would pay for a look at everything with each name.
        if self.cleaned != now {
            self.cleaned = now;
            self.facts.retain(|_, fact| fact.until > now);
        }
        if self.facts.len() >= most {
            let soonest = self.facts.iter().take(8).min_by_key(|(_, fact)| fact.until).map(|(hash, _)| *hash);
            soonest.and_then(|hash| self.facts.remove(&hash));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const T: Duration = Duration::from_secs(1_800_000_000);

    fn after(seconds: u64) -> Duration {
        T + Duration::from_secs(seconds)
    }

    #[test]
    fn a_fact_lives_until_its_end_and_begins_anew() {
        let ledger = Ledger::new(1000);
        let hash = ledger.hash("a");
        let count = |now, until| {
            ledger.change(
                now,
                hash,
                || 0,
                |count| {
                    *count += 1;
                    (until, *count)
                },
            )
        };
        assert_eq!(ledger.read(T, hash, |n| *n), None);
        assert_eq!((count(T, after(10)), count(T, after(10))), (1, 2));
        assert_eq!(ledger.read(after(9), hash, |n| *n), Some(2));
        assert_eq!(ledger.read(after(10), hash, |n| *n), None);
        assert_eq!(count(after(10), after(20)), 1);
        assert_eq!(ledger.forget(after(11), hash), Some(1));
        assert_eq!(ledger.forget(after(11), hash), None);
    }

    #[test]
    fn a_flood_of_names_takes_no_more_room_than_there_is() {
        let ledger = Ledger::new(1024);
        for name in 0..100_000u32 {
            let hash = ledger.hash(name);
            ledger.change(T, hash, || name, |_| (after(60), ()));
        }
        assert!(ledger.len() <= 1024, "{}", ledger.len());
    }
}
