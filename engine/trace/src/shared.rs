//! What the shards' recorders and those who read share.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
        mpsc::{SyncSender, TrySendError, sync_channel},
    },
    thread::Thread,
};

use chrono::{DateTime, Utc};
use domain::{CallId, CaptureView};

use crate::{CaptureOrder, CaptureRefused, Collector, HepSettings, Seen, capture::Captures};

/// Messages that wait for the collector, which looks every few milliseconds; what is more is lost to captures and export.
const MOST_WAITING: usize = 16_384;

/// What a recorder tells the collector.
pub(crate) enum Fed {
    Message(Seen),
    /// A leg of this call has this Call-ID.
    Leg(CallId, String),
}

/// The debug trace of a switch: its size, its captures, its export. Cheap to clone.
#[derive(Clone)]
pub struct Trace(Arc<Inner>);

struct Inner {
    /// Octets for each shard.
    memory: AtomicU64,
    shards: u64,
    /// Somebody wants messages as they come.
    wanted: AtomicBool,
    feed: SyncSender<Fed>,
    /// Messages that the collector had no room for.
    lost: AtomicU64,
    captures: Mutex<Captures>,
    export: Mutex<Export>,
    collector: Mutex<Option<Thread>>,
    exported: Mutex<Exported>,
    stopped: AtomicBool,
}

#[derive(Default)]
struct Export {
    settings: Option<HepSettings>,
    /// Counts changes, so that the collector sees one without comparing.
    version: u64,
}

/// What the export has done since the start.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Exported {
    /// Packets handed to the network.
    pub sent: u64,
    /// Packets that the network, or the collector's name, did not take.
    pub dropped: u64,
}

impl Trace {
    /// A trace for so many shards, with `memory` octets over all of them, and the work that is to be run in a thread of its own.
    pub fn new(shards: usize, memory: u64) -> (Self, Collector) {
        let (feed, inbox) = sync_channel(MOST_WAITING);
        let shards = shards.max(1) as u64;
        let trace = Self(Arc::new(Inner {
            memory: AtomicU64::new(memory / shards),
            shards,
            wanted: AtomicBool::new(false),
            feed,
            lost: AtomicU64::new(0),
            captures: Mutex::default(),
            export: Mutex::default(),
            collector: Mutex::default(),
            exported: Mutex::default(),
            stopped: AtomicBool::new(false),
        }));
        let collector = Collector::new(trace.clone(), inbox);
        (trace, collector)
    }

    /// Octets for each shard.
    pub(crate) fn memory(&self) -> u64 {
        self.0.memory.load(Ordering::Relaxed)
    }

    /// Gives it another size, over all shards.
    pub fn resize(&self, memory: u64) {
        self.0.memory.store(memory / self.0.shards, Ordering::Relaxed);
    }

    /// True while messages are wanted as they come.
    pub(crate) fn is_wanted(&self) -> bool {
        self.0.wanted.load(Ordering::Relaxed)
    }

    /// Gives a message to the collector, or counts it as lost: a shard does not wait.
    pub(crate) fn feed(&self, fed: Fed) {
        if let Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) = self.0.feed.try_send(fed) {
            self.0.lost.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Messages that came too fast for captures and export.
    pub fn lost(&self) -> u64 {
        self.0.lost.load(Ordering::Relaxed)
    }

    /// Where messages are exported to; none ends the export.
    pub fn export_to(&self, settings: Option<HepSettings>) {
        {
            let mut export = lock(&self.0.export);
            if export.settings == settings {
                return;
            }
            export.settings = settings;
            export.version += 1;
        }
        self.look_again();
    }

    /// The export's settings, when they are others than those of this version.
    pub(crate) fn export_since(&self, version: u64) -> Option<(u64, Option<HepSettings>)> {
        let export = lock(&self.0.export);
        (export.version != version).then(|| (export.version, export.settings.clone()))
    }

    pub(crate) fn note_exported(&self, exported: Exported) {
        *lock(&self.0.exported) = exported;
    }

    /// What the export has done since the start.
    pub fn exported(&self) -> Exported {
        *lock(&self.0.exported)
    }

    /// Begins a capture.
    ///
    /// # Errors
    /// When too many run, or the order is out of bounds.
    pub fn capture(&self, now: DateTime<Utc>, order: CaptureOrder) -> Result<CaptureView, CaptureRefused> {
        let lost = self.lost();
        let begun = lock(&self.0.captures).begin(now, order, lost)?;
        self.look_again();
        Ok(begun)
    }

    /// Ends a capture; what it holds stays. `None` when there is no such one that runs.
    pub fn end_capture(&self, now: DateTime<Utc>, id: u64) -> Option<CaptureView> {
        let ended = lock(&self.0.captures).end(now, id, self.lost());
        self.look_again();
        ended
    }

    /// Forgets a capture and what it holds.
    pub fn forget_capture(&self, id: u64) -> Option<CaptureView> {
        let gone = lock(&self.0.captures).forget(id);
        self.look_again();
        gone
    }

    /// All captures, the latest first.
    pub fn captures(&self) -> Vec<CaptureView> {
        let lost = self.lost();
        lock(&self.0.captures).views(lost)
    }

    /// What a capture holds, in the order of time; `None` when there is no such one.
    pub fn captured(&self, id: u64) -> Option<Vec<Seen>> {
        lock(&self.0.captures).messages(id)
    }

    /// Ends the collector's work.
    pub fn stop(&self) {
        self.0.stopped.store(true, Ordering::Release);
        self.wake();
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.0.stopped.load(Ordering::Acquire)
    }

    pub(crate) fn captures_now(&self) -> MutexGuard<'_, Captures> {
        lock(&self.0.captures)
    }

    pub(crate) fn worked_by(&self, thread: Thread) {
        *lock(&self.0.collector) = Some(thread);
    }

    /// Finds out whether messages are wanted, and tells the collector.
    pub(crate) fn look_again(&self) {
        let exporting = lock(&self.0.export).settings.is_some();
        let wanted = exporting || lock(&self.0.captures).any_runs();
        self.0.wanted.store(wanted, Ordering::Relaxed);
        self.wake();
    }

    fn wake(&self) {
        if let Some(thread) = &*lock(&self.0.collector) {
            thread.unpark();
        }
    }
}

/// Nothing is left half done under these locks.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
