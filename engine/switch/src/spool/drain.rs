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

use super::{Position, Record, segment, writer::Shared};

/// CDRs of one transaction.
const BATCH: usize = 500;
/// Bytes read at once.
const CHUNK: u64 = 4 << 20;
/// Longest wait before the next try while Postgres is away.
const LONGEST_WAIT: Duration = Duration::from_secs(15);

/// The task's state.
pub(crate) struct Drain {
    directory: PathBuf,
    pool: Pool,
    position: Position,
    written: watch::Receiver<Position>,
    shared: Arc<Shared>,
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
                    let _ = self.written.changed().await;
                    // A few calls more share the transaction.
                    tokio::time::sleep(Duration::from_millis(20)).await;
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
        let (batch, position) = tokio::task::spawn_blocking(move || collect(&directory, from, until))
            .await
            .map_err(|e| DrainError::Read(io::Error::other(e)))?
            .map_err(DrainError::Read)?;
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

/// The closed calls in the next few megabytes, and the position behind the last record read. A segment is left for the next one
/// once nothing more can be read from it.
fn collect(directory: &Path, from: Position, until: Position) -> io::Result<(Vec<Cdr>, Position)> {
    let mut batch = Vec::new();
    let mut position = from;
    segment::scan(directory, from.segment, from.offset, CHUNK, |record, end| {
        if batch.len() < BATCH {
            position.offset = end;
            if let Record::Closed(cdr) = record {
                batch.push(*cdr);
            }
        }
    })?;
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
