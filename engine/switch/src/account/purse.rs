//! An account's money while calls run (BIL-5, decision 8).

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicI64, Ordering},
};

use arc_swap::ArcSwap;
use domain::{Account, AccountId, Money};
use hashbrown::HashMap;

/// What an account may spend and has spent.
///
/// The race: two shards admit a call at the same moment and both find the last money available. It is safe because a hold is
/// one compare-and-swap on `used`, which fails for the second. `ceiling` moves only by payments and credit limits; a hold that
/// reads it just before it shrinks was admitted before the change.
#[derive(Debug)]
pub(crate) struct Purse {
    /// Payments plus credit limit, in micros.
    ceiling: AtomicI64,
    /// Settled charges plus holds, in micros.
    used: AtomicI64,
    /// The holds in it, for people to see.
    held: AtomicI64,
}

impl Purse {
    fn new(account: &Account) -> Self {
        Self {
            ceiling: AtomicI64::new(ceiling(account)),
            used: AtomicI64::new(account.charged.micros()),
            held: AtomicI64::new(0),
        }
    }

    /// What new calls may still take; below zero after a credit limit has been lowered.
    pub(crate) fn available(&self) -> Money {
        Money::from_micros(self.ceiling.load(Ordering::Relaxed) - self.used.load(Ordering::Relaxed))
    }

    /// What calls in progress hold.
    pub(crate) fn held(&self) -> Money {
        Money::from_micros(self.held.load(Ordering::Relaxed))
    }

    fn take(&self, amount: i64) -> bool {
        let ceiling = self.ceiling.load(Ordering::Relaxed);
        let taken = self.used.fetch_update(Ordering::AcqRel, Ordering::Relaxed, |used| {
            used.checked_add(amount).filter(|used| *used <= ceiling)
        });
        if taken.is_ok() {
            self.held.fetch_add(amount, Ordering::Relaxed);
        }
        taken.is_ok()
    }
}

fn ceiling(account: &Account) -> i64 {
    (account.paid + account.settings.credit_limit).micros()
}

/// Money held for one call. Dropped without being settled it goes back whole.
#[derive(Debug)]
pub(crate) struct Hold {
    purse: Arc<Purse>,
    amount: i64,
}

impl Hold {
    /// Holds `amount`, or nothing when it is not available. A hold of nothing is always granted: free calls need no money.
    pub(crate) fn take(purse: &Arc<Purse>, amount: Money) -> Option<Self> {
        let micros = amount.micros().max(0);
        (micros == 0 || purse.take(micros)).then(|| Self { purse: purse.clone(), amount: micros })
    }

    /// Raises the hold to `amount`; `false` leaves it as it was.
    pub(crate) fn raise_to(&mut self, amount: Money) -> bool {
        let more = amount.micros() - self.amount;
        if more > 0 && !self.purse.take(more) {
            return false;
        }
        self.amount += more.max(0);
        true
    }

    /// What is held.
    pub(crate) fn amount(&self) -> Money {
        Money::from_micros(self.amount)
    }

    /// What could be held at most.
    pub(crate) fn reach(&self) -> Money {
        self.amount() + self.purse.available()
    }

    /// Replaces the hold by the charge.
    pub(crate) fn settle(mut self, charge: Money) {
        self.purse.used.fetch_add(charge.micros() - self.amount, Ordering::AcqRel);
        self.purse.held.fetch_sub(self.amount, Ordering::Relaxed);
        self.amount = 0;
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.purse.used.fetch_sub(self.amount, Ordering::AcqRel);
        self.purse.held.fetch_sub(self.amount, Ordering::Relaxed);
    }
}

/// The purses of all accounts. Read without a lock; only a new configuration replaces the map.
#[derive(Default)]
pub(crate) struct Purses {
    map: ArcSwap<HashMap<AccountId, Arc<Purse>>>,
    updating: Mutex<()>,
}

impl Purses {
    /// The account's purse.
    pub(crate) fn of(&self, account: AccountId) -> Option<Arc<Purse>> {
        self.map.load().get(&account).cloned()
    }

    /// Takes up payments, credit limits and new accounts. What has been charged is read only for a purse that is new: from then
    /// on memory knows it first.
    pub(crate) fn update<'a>(&self, accounts: impl Iterator<Item = &'a Arc<Account>>) {
        let _one_at_a_time = self.updating.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let old = self.map.load();
        let fresh = accounts
            .map(|account| match old.get(&account.id) {
                Some(purse) => {
                    purse.ceiling.store(ceiling(account), Ordering::Relaxed);
                    (account.id, purse.clone())
                }
                None => (account.id, Arc::new(Purse::new(account))),
            })
            .collect();
        self.map.store(Arc::new(fresh));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn purse(ceiling: i64) -> Arc<Purse> {
        Arc::new(Purse { ceiling: AtomicI64::new(ceiling), used: AtomicI64::new(0), held: AtomicI64::new(0) })
    }

    #[test]
    fn ovd_5_what_a_short_call_does_not_use_comes_back_at_once() {
        let purse = purse(10);
        let hold = Hold::take(&purse, Money::from_micros(10)).unwrap();
        assert!(Hold::take(&purse, Money::from_micros(1)).is_none());
        hold.settle(Money::from_micros(3));
        assert_eq!((purse.available().micros(), purse.held().micros()), (7, 0));
    }

    #[test]
    fn a_dropped_hold_costs_nothing_and_a_refused_raise_changes_nothing() {
        let purse = purse(10);
        let mut hold = Hold::take(&purse, Money::from_micros(6)).unwrap();
        assert!(!hold.raise_to(Money::from_micros(11)));
        assert!(hold.raise_to(Money::from_micros(10)));
        drop(hold);
        assert_eq!((purse.available().micros(), purse.held().micros()), (10, 0));
    }

    #[test]
    fn threads_together_never_hold_more_than_there_is() {
        let purse = purse(1000);
        let granted: usize = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4)
                .map(|_| {
                    scope.spawn(|| {
                        let holds: Vec<_> =
                            (0..500).filter_map(|_| Hold::take(&purse, Money::from_micros(1))).collect();
                        let count = holds.len();
                        std::mem::forget(holds);
                        count
                    })
                })
                .collect();
            threads.into_iter().map(|t| t.join().unwrap()).sum()
        });
        assert_eq!(granted, 1000);
        assert_eq!(purse.available(), Money::ZERO);
    }
}
