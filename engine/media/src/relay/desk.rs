use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use mio::{Registry, Waker};

use super::flow::{Flow, Orders};

/// Where a worker finds the flows whose orders changed.
///
/// A flow lies here at most once, so the desk is bounded by the number of ports and never refuses or loses a change.
/// The worker holds the lock only to exchange two vectors; per packet it holds none.
#[derive(Debug)]
pub(super) struct Desk {
    changed: Mutex<Vec<Arc<Flow>>>,
    stop: AtomicBool,
    /// A wake-up is on its way, and the worker has not looked since.
    woken: AtomicBool,
    waker: Waker,
    /// The worker's epoll, for those who hand sockets over.
    pub(super) registry: Registry,
}

/// When a worker has to look at an order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Haste {
    /// Before the next packet: the worker looks at its desk before it reads any, and about once a second without. Most
    /// calls so begin and end without waking it.
    BeforeNextPacket,
    /// At once, because somebody waits for what follows.
    Now,
}

impl Desk {
    pub(super) fn new(waker: Waker, registry: Registry) -> Desk {
        Desk {
            changed: Mutex::default(),
            stop: AtomicBool::new(false),
            woken: AtomicBool::new(false),
            waker,
            registry,
        }
    }

    /// Changes the orders of `flow` and sees to it that the worker looks as soon as the change says.
    pub(super) fn order(&self, flow: &Arc<Flow>, change: impl FnOnce(&mut Orders) -> Haste) {
        let mut orders = flow.lock_orders();
        let haste = change(&mut orders);
        let queued = std::mem::replace(&mut orders.queued, true);
        drop(orders);
        if !queued {
            self.changed.lock().unwrap_or_else(PoisonError::into_inner).push(flow.clone());
        }
        // The worker clears the mark before it takes the flows: a mark that stands still has its look before it.
        if haste == Haste::Now && !self.woken.swap(true, Ordering::AcqRel) {
            self.wake();
        }
    }

    /// Exchanges the changed flows for the empty vector `into`.
    pub(super) fn collect(&self, into: &mut Vec<Arc<Flow>>) {
        self.woken.store(false, Ordering::Release);
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
