//! The writer thread: the only one that appends.

use std::{
    collections::HashMap,
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
        mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use domain::{CallId, Cdr};
use tokio::sync::watch;

use super::{Position, Record, segment};

/// Longest time that a written record waits for the disk.
const SYNC_WITHIN: Duration = Duration::from_millis(50);

/// Called once the record has been written (`true`), or could not be (`false`).
pub(crate) type Confirm = Box<dyn FnOnce(bool) + Send>;

/// A record on its way to the file.
pub(crate) struct Entry {
    pub(crate) record: Record,
    pub(crate) confirm: Option<Confirm>,
}

enum Order {
    Append(Entry),
    Close,
}

/// The shards' side: hands records over and never waits.
#[derive(Clone)]
pub(crate) struct Spool {
    orders: Sender<Order>,
    shared: Arc<Shared>,
}

#[derive(Default)]
pub(super) struct Shared {
    /// Closed records written since start.
    pub(super) written: AtomicU64,
    /// Of those, how many Postgres has.
    pub(super) drained: AtomicU64,
    /// The last write failed: the disk is full or gone.
    failing: AtomicBool,
}

impl Spool {
    /// Hands a record to the writer thread.
    pub(crate) fn append(&self, entry: Entry) {
        if let Err(lost) = self.orders.send(Order::Append(entry)) {
            tracing::error!("the spool's writer is gone");
            if let Order::Append(Entry { confirm: Some(confirm), .. }) = lost.0 {
                confirm(false);
            }
        }
    }

    /// Ends the writer once everything before has been written.
    pub(crate) fn close(&self) {
        let _ = self.orders.send(Order::Close);
    }

    /// CDRs that Postgres does not have yet.
    pub(crate) fn pending(&self) -> u64 {
        self.shared
            .written
            .load(Ordering::Relaxed)
            .saturating_sub(self.shared.drained.load(Ordering::Relaxed))
    }

    /// True while records cannot be written.
    pub(crate) fn is_failing(&self) -> bool {
        self.shared.failing.load(Ordering::Relaxed)
    }
}

/// The thread and what others read of it.
pub(crate) struct Writer {
    pub(crate) spool: Spool,
    /// Moves on with each batch written.
    pub(crate) written: watch::Receiver<Position>,
    pub(super) shared: Arc<Shared>,
    pub(crate) thread: JoinHandle<()>,
}

impl Writer {
    /// Opens a fresh segment in `directory` (which has been replayed) and starts the thread. It ends after
    /// [`Spool::close`], with everything on the disk.
    pub(crate) fn start(directory: &Path, segment_size: u64) -> io::Result<Self> {
        let number = segment::list(directory)?.last().map_or(1, |last| last + 1);
        let file = open(directory, number)?;
        let shared = Arc::new(Shared::default());
        let (orders, inbox) = channel();
        let (announce, written) = watch::channel(Position { segment: number, offset: 0 });
        let mut thread = Thread {
            directory: directory.to_owned(),
            segment_size,
            file,
            position: Position { segment: number, offset: 0 },
            open: HashMap::new(),
            announce,
            shared: shared.clone(),
            buffer: Vec::with_capacity(64 * 1024),
            unsynced_since: None,
        };
        let thread = std::thread::Builder::new().name("spool".into()).spawn(move || thread.run(&inbox))?;
        Ok(Self { spool: Spool { orders, shared: shared.clone() }, written, shared, thread })
    }
}

struct Thread {
    directory: PathBuf,
    segment_size: u64,
    file: File,
    position: Position,
    /// The last checkpoint of each open call, for the head of the next segment. As many as there are answered calls.
    open: HashMap<CallId, Box<Cdr>>,
    announce: watch::Sender<Position>,
    shared: Arc<Shared>,
    buffer: Vec<u8>,
    unsynced_since: Option<Instant>,
}

impl Thread {
    fn run(&mut self, inbox: &Receiver<Order>) {
        let mut confirms: Vec<Confirm> = Vec::new();
        let mut unwritten = 0;
        loop {
            let wait = self
                .unsynced_since
                .map_or(Duration::from_secs(3600), |since| SYNC_WITHIN.saturating_sub(since.elapsed()));
            let mut next = match inbox.recv_timeout(wait) {
                Ok(order) => Some(order),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => Some(Order::Close),
            };
            let mut closed = 0;
            let mut ending = false;
            while let Some(order) = next {
                match order {
                    Order::Append(entry) => closed += self.take(entry, &mut confirms),
                    Order::Close => ending = true,
                }
                next = if ending || self.buffer.len() >= 1 << 20 { None } else { inbox.try_recv().ok() };
            }
            if !self.buffer.is_empty() {
                let written = self.write();
                self.shared.failing.store(!written, Ordering::Relaxed);
                unwritten += closed;
                if written {
                    self.shared.written.fetch_add(std::mem::take(&mut unwritten), Ordering::Relaxed);
                }
                confirms.drain(..).for_each(|confirm| confirm(written));
            }
            if ending {
                break;
            }
            if self.unsynced_since.is_some_and(|since| since.elapsed() >= SYNC_WITHIN) {
                self.sync();
            }
            if self.position.offset >= self.segment_size {
                self.next_segment();
            }
        }
        self.sync();
    }

    /// Prints an entry into the buffer; gives 1 when it closes a call.
    fn take(&mut self, entry: Entry, confirms: &mut Vec<Confirm>) -> u64 {
        entry.record.print(&mut self.buffer);
        confirms.extend(entry.confirm);
        match entry.record {
            Record::Open(cdr) => {
                self.open.insert(cdr.id, cdr);
                0
            }
            Record::Closed(cdr) => {
                self.open.remove(&cdr.id);
                1
            }
        }
    }

    /// Appends the buffer. After a failure it is kept, up to a bound, and tried again with the next batch; the file is cut back
    /// to the last whole record, so that no reader sees half of one.
    fn write(&mut self) -> bool {
        const MOST_KEPT: usize = 256 << 20;
        match self.file.write_all(&self.buffer) {
            Ok(()) => {
                self.position.offset += self.buffer.len() as u64;
                self.buffer.clear();
                self.unsynced_since.get_or_insert_with(Instant::now);
                self.announce.send_replace(self.position);
                true
            }
            Err(error) => {
                tracing::error!(%error, "the spool cannot be written; records wait in memory");
                if let Err(error) = self.file.set_len(self.position.offset) {
                    tracing::error!(%error, "the spool's segment cannot be cut back");
                }
                if self.buffer.len() > MOST_KEPT {
                    tracing::error!("records were lost: the spool has been unwritable for too long");
                    self.buffer.clear();
                }
                false
            }
        }
    }

    fn sync(&mut self) {
        if let Err(error) = self.file.sync_data() {
            tracing::error!(%error, "the spool cannot be brought to the disk");
        }
        self.unsynced_since = None;
    }

    /// Begins the next segment with a checkpoint of every open call. When that fails the old segment goes on.
    fn next_segment(&mut self) {
        self.sync();
        let number = self.position.segment + 1;
        let mut head = Vec::new();
        for cdr in self.open.values() {
            Record::Open(cdr.clone()).print(&mut head);
        }
        let opened = open(&self.directory, number).and_then(|mut file| {
            file.write_all(&head)?;
            file.sync_data()?;
            Ok(file)
        });
        match opened {
            Ok(file) => {
                self.file = file;
                self.position = Position { segment: number, offset: head.len() as u64 };
                self.announce.send_replace(self.position);
            }
            Err(error) => {
                let _ = fs::remove_file(segment::path(&self.directory, number));
                tracing::error!(%error, "the next spool segment cannot be opened");
            }
        }
    }
}

fn open(directory: &Path, number: u64) -> io::Result<File> {
    let file = OpenOptions::new().append(true).create_new(true).open(segment::path(directory, number))?;
    // The new name itself must survive a power loss.
    File::open(directory)?.sync_all()?;
    Ok(file)
}
