//! Line limits of gateways (RTE-1).

use std::{
    hash::Hash,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

use arc_swap::ArcSwap;
use hashbrown::HashMap;

/// Calls in progress by gateway. Gateways are entered when a configuration is taken up, so that a look-up needs no lock.
pub(crate) struct Lines<Id> {
    map: ArcSwap<HashMap<Id, Arc<AtomicU32>>>,
    updating: Mutex<()>,
}

impl<Id> Default for Lines<Id> {
    fn default() -> Self {
        Self { map: ArcSwap::default(), updating: Mutex::default() }
    }
}

impl<Id: Copy + Eq + Hash> Lines<Id> {
    /// Takes a line of `gateway`; `None` at its limit.
    pub(crate) fn take(&self, gateway: Id, limit: Option<u32>) -> Option<Line> {
        let count = self.map.load().get(&gateway).cloned().unwrap_or_default();
        let limit = limit.unwrap_or(u32::MAX);
        // Two shards at the last free line: the update fails for one of them.
        let taken = count.fetch_update(Ordering::AcqRel, Ordering::Relaxed, |n| (n < limit).then_some(n + 1));
        taken.is_ok().then(|| Line(count))
    }

    /// Enters new gateways and forgets removed ones; their calls keep their own count.
    pub(crate) fn update(&self, gateways: impl Iterator<Item = Id>) {
        let _one_at_a_time = self.updating.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let old = self.map.load();
        self.map
            .store(Arc::new(gateways.map(|id| (id, old.get(&id).cloned().unwrap_or_default())).collect()));
    }
}

/// One line of a gateway, free again when dropped.
#[derive(Debug)]
pub(crate) struct Line(Arc<AtomicU32>);

impl Drop for Line {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gateway_at_its_limit_has_no_line_until_one_is_freed() {
        let lines = Lines::default();
        lines.update([1].into_iter());
        let line = lines.take(1, Some(1));
        assert!(line.is_some() && lines.take(1, Some(1)).is_none());
        drop(line);
        assert!(lines.take(1, Some(1)).is_some());
    }
}
