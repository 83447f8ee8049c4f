//! Who is registered over which connection.

use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::PhoneId;
use hashbrown::{DefaultHashBuilder, HashMap, HashSet};
use sip::Flow;
use std::hash::BuildHasher;

const STRIPES: usize = 64;

/// Phones by connection; only of connections, so it is bounded by those that are open. Looked at when one opens or closes and
/// when a phone registers over another one than before, never for a call.
pub(crate) struct Flows {
    stripes: Box<[Mutex<Stripe>]>,
    hasher: DefaultHashBuilder,
}

type Stripe = HashMap<Flow, HashSet<PhoneId>>;

impl Default for Flows {
    fn default() -> Self {
        Self {
            stripes: (0..STRIPES).map(|_| Mutex::default()).collect(),
            hasher: DefaultHashBuilder::default(),
        }
    }
}

impl Flows {
    fn stripe(&self, flow: Flow) -> MutexGuard<'_, Stripe> {
        let at = self.hasher.hash_one(flow) as usize % STRIPES;
        self.stripes[at].lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn add(&self, flow: Flow, phone: PhoneId) {
        self.stripe(flow).entry(flow).or_default().insert(phone);
    }

    pub(crate) fn remove(&self, flow: Flow, phone: PhoneId) {
        let mut stripe = self.stripe(flow);
        if let Some(phones) = stripe.get_mut(&flow) {
            phones.remove(&phone);
            if phones.is_empty() {
                stripe.remove(&flow);
            }
        }
    }

    /// Forgets a connection; who was registered over it.
    pub(crate) fn take(&self, flow: Flow) -> Vec<PhoneId> {
        self.stripe(flow).remove(&flow).map(|phones| phones.into_iter().collect()).unwrap_or_default()
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.stripes.iter().map(|stripe| stripe.lock().unwrap().len()).sum()
    }
}
