//! The writer thread: the only one that appends.

use std::{
    collections::HashMap,
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use domain::{CallId, Cdr};
use tokio::sync::watch;

use super::{
    Position, Record,
    inbox::{Handed, Inbox},
    segment,
};

/// Longest time that a written record waits for the disk.
const SYNC_WITHIN: Duration = Duration::from_millis(50);
/// Shortest time between two batches. Under load it lets calls share a write and a wake-up; a record that comes alone is written
/// at once.
const BATCH_EVERY: Duration = Duration::from_millis(4);
/// Bytes printed before they are written.
const MOST_PRINTED: usize = 1 << 20;

/// Called once the record has been written (`true`), or could not be (`false`).
pub(crate) type Confirm = Box<dyn FnOnce(bool) + Send>;

/// A record on its way to the file.
pub(crate) struct Entry {
    pub(crate) record: Record,
    pub(crate) confirm: Option<Confirm>,
}

/// The shards' side: hands records over and never waits.
#[derive(Clone)]
pub(crate) struct Spool {
    inbox: Arc<Doorway>,
    shared: Arc<Shared>,
}

/// Lets the writer end when the last who could hand it a record is gone.
struct Doorway(Arc<Inbox>);

impl Drop for Doorway {
    fn drop(&mut self) {
        self.0.close();
    }
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
        if let Handed::Back(entry) = self.inbox.0.hand(entry) {
            refuse(entry);
        }
    }

    /// Ends the writer once everything before has been written.
    pub(crate) fn close(&self) {
        self.inbox.0.close();
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
        let inbox = Arc::new(Inbox::default());
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
            unwritten: 0,
            unsynced_since: None,
        };
        let desk = Leaving(inbox.clone());
        let thread = std::thread::Builder::new().name("spool".into()).spawn(move || thread.run(&desk.0))?;
        let inbox = Arc::new(Doorway(inbox));
        Ok(Self { spool: Spool { inbox, shared: shared.clone() }, written, shared, thread })
    }
}

/// Tells those who wait that the writer has ended, even by a panic.
struct Leaving(Arc<Inbox>);

impl Drop for Leaving {
    fn drop(&mut self) {
        self.0.leave().into_iter().for_each(refuse);
    }
}

fn refuse(entry: Entry) {
    tracing::error!("the spool's writer is gone");
    if let Some(confirm) = entry.confirm {
        confirm(false);
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
    /// Closed records in the buffer.
    unwritten: u64,
    unsynced_since: Option<Instant>,
}

impl Thread {
    fn run(&mut self, inbox: &Inbox) {
        let mut entries = Vec::new();
        loop {
            let due = self.unsynced_since.map(|since| since + SYNC_WITHIN);
            let ending = inbox.collect(&mut entries, due);
            let begun = Instant::now();
            self.append(&mut entries);
            if ending {
                break;
            }
            if self.unsynced_since.is_some_and(|since| since.elapsed() >= SYNC_WITHIN) {
                self.sync();
            }
            if self.position.offset >= self.segment_size {
                self.next_segment();
            }
            std::thread::sleep(BATCH_EVERY.saturating_sub(begun.elapsed()));
        }
        self.sync();
    }

    /// Writes entries, which leaves the vector empty, and confirms them.
    fn append(&mut self, entries: &mut Vec<Entry>) {
        let mut confirms: Vec<Confirm> = Vec::new();
        for entry in entries.drain(..) {
            self.take(entry, &mut confirms);
            if self.buffer.len() >= MOST_PRINTED {
                self.write(&mut confirms);
            }
        }
        self.write(&mut confirms);
    }

    /// Prints an entry into the buffer.
    fn take(&mut self, entry: Entry, confirms: &mut Vec<Confirm>) {
        entry.record.print(&mut self.buffer);
        confirms.extend(entry.confirm);
        match entry.record {
            Record::Open(cdr) => {
                self.open.insert(cdr.id, cdr);
            }
            Record::Closed(cdr) => {
                self.open.remove(&cdr.id);
                self.unwritten += 1;
            }
        }
    }

    /// Appends the buffer and tells those who wait for it.
    fn write(&mut self, confirms: &mut Vec<Confirm>) {
        if self.buffer.is_empty() {
            return;
        }
        let written = self.write_buffer();
        self.shared.failing.store(!written, Ordering::Relaxed);
        if written {
            self.shared.written.fetch_add(std::mem::take(&mut self.unwritten), Ordering::Relaxed);
        }
        confirms.drain(..).for_each(|confirm| confirm(written));
    }

    /// Appends the buffer. After a failure it is kept, up to a bound, and tried again with the next batch; the file is cut back
    /// to the last whole record, so that no reader sees half of one.
    fn write_buffer(&mut self) -> bool {
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
