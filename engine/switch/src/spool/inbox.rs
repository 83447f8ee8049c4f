//! What the shards hand to the writer thread.

use std::{
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use super::writer::Entry;

/// Entries on their way to the writer. Only a writer that has nothing to do is woken: one that works or pauses looks by itself
/// when it is done, so that under load a wake-up, a write and a confirmation serve many calls.
#[derive(Default)]
pub(super) struct Inbox {
    desk: Mutex<Desk>,
    arrived: Condvar,
}

#[derive(Default)]
struct Desk {
    entries: Vec<Entry>,
    /// Nobody has asked the writer to end, and it has not ended by itself.
    closing: bool,
    gone: bool,
    /// The writer waits for an entry.
    waiting: bool,
}

/// What became of an entry.
pub(super) enum Handed {
    /// The writer will write it.
    Over,
    /// The writer has ended; here it is again.
    Back(Entry),
}

impl Inbox {
    pub(super) fn hand(&self, entry: Entry) -> Handed {
        let mut desk = self.lock();
        if desk.gone {
            return Handed::Back(entry);
        }
        desk.entries.push(entry);
        self.release(desk);
        Handed::Over
    }

    /// Asks the writer to end after what has been handed over.
    pub(super) fn close(&self) {
        let mut desk = self.lock();
        desk.closing = true;
        self.release(desk);
    }

    /// Waits until there is an entry or `deadline` has come, and exchanges the entries for the empty vector `into`. `true` when
    /// nothing comes after them.
    pub(super) fn collect(&self, into: &mut Vec<Entry>, deadline: Option<Instant>) -> bool {
        let mut desk = self.lock();
        while desk.entries.is_empty() && !desk.closing {
            let left = deadline.map(|at| at.saturating_duration_since(Instant::now()));
            if left == Some(Duration::ZERO) {
                break;
            }
            desk.waiting = true;
            desk = match left {
                None => self.arrived.wait(desk).unwrap_or_else(PoisonError::into_inner),
                Some(left) => self.arrived.wait_timeout(desk, left).unwrap_or_else(PoisonError::into_inner).0,
            };
            desk.waiting = false;
        }
        std::mem::swap(&mut desk.entries, into);
        desk.gone = desk.closing;
        desk.gone
    }

    /// The writer has ended without being asked; whoever comes now is told.
    pub(super) fn leave(&self) -> Vec<Entry> {
        let mut desk = self.lock();
        desk.gone = true;
        std::mem::take(&mut desk.entries)
    }

    fn release(&self, mut desk: MutexGuard<'_, Desk>) {
        let wake = std::mem::take(&mut desk.waiting);
        drop(desk);
        if wake {
            self.arrived.notify_one();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
