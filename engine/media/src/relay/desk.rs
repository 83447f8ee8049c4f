use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use mio::Waker;

use super::flow::{Flow, Orders};

/// Where a worker finds the flows whose orders changed.
///
/// A flow lies here at most once, so the desk is bounded by the number of ports and never refuses or loses a change.
/// The worker holds the lock only to exchange two vectors; per packet it holds none.
#[derive(Debug)]
pub(super) struct Desk {
    changed: Mutex<Vec<Arc<Flow>>>,
    stop: AtomicBool,
    waker: Waker,
}

impl Desk {
    pub(super) fn new(waker: Waker) -> Desk {
        Desk { changed: Mutex::default(), stop: AtomicBool::new(false), waker }
    }

    /// Changes the orders of `flow` and sees to it that the worker looks.
    pub(super) fn order(&self, flow: &Arc<Flow>, change: impl FnOnce(&mut Orders)) {
        let mut orders = flow.lock_orders();
        change(&mut orders);
        let queued = std::mem::replace(&mut orders.queued, true);
        drop(orders);
        if queued {
            return;
        }
        let mut changed = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
        changed.push(flow.clone());
        let first = changed.len() == 1;
        drop(changed);
        if first {
            self.wake();
        }
    }

    /// Exchanges the changed flows for the empty vector `into`.
    pub(super) fn collect(&self, into: &mut Vec<Arc<Flow>>) {
        std::mem::swap(&mut *self.changed.lock().unwrap_or_else(PoisonError::into_inner), into);
    }

    pub(super) fn stop(&self) {
        self.stop.store(true, Ordering::Release);
        self.wake();
    }

    pub(super) fn stopped(&self) -> bool {
        self.stop.load(Ordering::Acquire)
    }

    fn wake(&self) {
        match self.waker.wake() {
            Ok(()) => {}
            // The event counter is full: the worker has been woken often enough.
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            // The worker looks at its desk at every time-out too.
            Err(error) => tracing::warn!(%error, "a media worker was not woken"),
        }
    }
}
