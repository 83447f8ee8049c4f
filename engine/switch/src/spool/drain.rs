//! Brings closed calls from the spool into Postgres, in order, as often as it takes.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use domain::Cdr;
use store::Pool;
use tokio::sync::watch;

use super::{Position, Record, record, segment, writer::Shared};

/// CDRs of one transaction.
const BATCH: usize = 500;
/// Bytes read at once.
const CHUNK: u64 = 4 << 20;
/// Time that calls are given to share a transaction.
const GATHER: Duration = Duration::from_millis(200);
/// Longest wait before the next try while Postgres is away.
const LONGEST_WAIT: Duration = Duration::from_secs(15);

/// The task's state.
pub(crate) struct Drain {
    directory: PathBuf,
    pool: Pool,
    position: Position,
    written: watch::Receiver<Position>,
    shared: Arc<Shared>,
    /// What is read from a segment, kept so that it is not allocated anew for each batch.
    buffer: Vec<u8>,
}

/// How a drain ended.
#[derive(PartialEq, Eq, Debug)]
pub(crate) enum Drained {
    /// Postgres has everything that was written.
    Everything,
    /// Some is left for the next start.
    Partly,
}

impl Drain {
    /// A drain of what `writer` has begun.
    pub(crate) fn new(directory: &Path, pool: Pool, writer: &super::Writer) -> Self {
        let position = *writer.written.borrow();
        Self {
            directory: directory.to_owned(),
            pool,
            position: Position { offset: 0, ..position },
            written: writer.written.clone(),
            shared: writer.shared.clone(),
            buffer: Vec::new(),
        }
    }

    /// Runs until the writer has ended and Postgres has everything, or until Postgres stays away after the writer's end.
    pub(crate) async fn run(mut self) -> Drained {
        let mut wait = Duration::from_millis(100);
        loop {
            let ended = self.written.has_changed().is_err();
            match self.round().await {
                Ok(true) => wait = Duration::from_millis(100),
                Ok(false) if ended => return Drained::Everything,
                Ok(false) => {
                    // An error means that the writer has ended; one more round then picks up its last words.
                    if self.written.changed().await.is_ok() {
                        tokio::time::sleep(GATHER).await;
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, pending = self.pending(), "CDRs wait in the spool");
                    if ended {
                        return Drained::Partly;
                    }
                    tokio::time::sleep(wait).await;
                    wait = (wait * 2).min(LONGEST_WAIT);
                }
            }
        }
    }

    fn pending(&self) -> u64 {
        self.shared
            .written
            .load(Ordering::Relaxed)
            .saturating_sub(self.shared.drained.load(Ordering::Relaxed))
    }

    /// One batch; `false` when there was nothing to do.
    async fn round(&mut self) -> Result<bool, DrainError> {
        let until = *self.written.borrow_and_update();
        if self.position >= until {
            return Ok(false);
        }
        let directory = self.directory.clone();
        let from = self.position;
        let mut buffer = std::mem::take(&mut self.buffer);
        let (collected, buffer) = tokio::task::spawn_blocking(move || {
            let collected = collect(&directory, from, until, &mut buffer);
            (collected, buffer)
        })
        .await
        .map_err(|e| DrainError::Read(io::Error::other(e)))?;
        self.buffer = buffer;
        let (batch, position) = collected.map_err(DrainError::Read)?;
        if !batch.is_empty() {
            self.insert(&batch).await?;
            self.shared.drained.fetch_add(batch.len() as u64, Ordering::Relaxed);
        }
        segment::store_drained(&self.directory, position).map_err(DrainError::Read)?;
        for number in from.segment..position.segment {
            fs::remove_file(segment::path(&self.directory, number)).map_err(DrainError::Read)?;
        }
        self.position = position;
        Ok(true)
    }

    /// Inserts a batch. When Postgres is there but refuses it, each CDR is tried alone and a refused one is set aside, so that
    /// one bad record never holds up the others.
    async fn insert(&self, batch: &[Cdr]) -> Result<(), DrainError> {
        match store::cdrs::insert(&self.pool, batch).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_unavailable() => Err(DrainError::Store(error)),
            Err(error) => {
                tracing::error!(%error, "a batch of CDRs was refused; trying them one by one");
                for cdr in batch {
                    match store::cdrs::insert(&self.pool, std::slice::from_ref(cdr)).await {
                        Ok(_) => {}
                        Err(error) if error.is_unavailable() => return Err(DrainError::Store(error)),
                        Err(error) => self.set_aside(cdr, &error)?,
                    }
                }
                Ok(())
            }
        }
    }

    fn set_aside(&self, cdr: &Cdr, error: &store::StoreError) -> Result<(), DrainError> {
        tracing::error!(call = %cdr.id, %error, "a CDR was refused; it stands in refused.jsonl of the spool");
        let line = serde_json::to_string(cdr).map_err(|e| DrainError::Read(e.into()))?;
        let mut file = fs::OpenOptions::new()
            .append(true)
            .create(true)
            .open(self.directory.join("refused.jsonl"))
            .map_err(DrainError::Read)?;
        writeln!(file, "{line}").and_then(|()| file.sync_data()).map_err(DrainError::Read)
    }
}

#[derive(Debug, thiserror::Error)]
enum DrainError {
    #[error("the spool cannot be read: {0}")]
    Read(io::Error),
    #[error(transparent)]
    Store(store::StoreError),
}

/// The closed calls in the next few megabytes up to `until`, and the position behind the last record read. A segment is left for
/// the next one once nothing more can be read from it.
fn collect(
    directory: &Path,
    from: Position,
    until: Position,
    buffer: &mut Vec<u8>,
) -> io::Result<(Vec<Cdr>, Position)> {
    let mut batch = Vec::new();
    let mut position = from;
    let written = if from.segment == until.segment { until.offset - from.offset } else { CHUNK };
    segment::load(directory, from.segment, from.offset, written.min(CHUNK), buffer)?;
    let mut rest = &buffer[..];
    while batch.len() < BATCH
        && let Some((payload, length)) = record::payload(rest)
    {
        // A checkpoint says nothing that the drain wants to know.
        if !record::is_checkpoint(payload) {
            match record::parse(payload) {
                Some(Record::Closed(cdr)) => batch.push(*cdr),
                Some(Record::Open(_)) => {}
                None => break,
            }
        }
        position.offset += length as u64;
        rest = &rest[length..];
    }
    if position == from {
        if from.segment == until.segment {
            tracing::error!(
                segment = from.segment,
                offset = from.offset,
                "the spool is damaged; going on behind it"
            );
            return Ok((batch, until));
        }
        position = Position { segment: from.segment + 1, offset: 0 };
    }
    Ok((batch, position))
}
