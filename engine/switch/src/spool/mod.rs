//! The durable spool: what has been said about a call survives the process (CDR-3, decision 34).
//!
//! Shards hand records to one writer thread, which appends them to a segment file and syncs within 50 ms. A record is a
//! length, a CRC32C and JSON; there are two kinds. [`Record::Open`] is a checkpoint: the CDR as it would be if the call ended
//! now. [`Record::Closed`] is the CDR. The drain reads closed ones back from the files and brings them into Postgres.
//!
//! Invariants:
//! - an answer is told to the caller only after the checkpoint of that answer has been written to the file, so that a process
//!   that is killed cannot have answered a call that it knows nothing about;
//! - a segment begins with a checkpoint of every call then open, so that an older one may go as soon as its closed calls are in
//!   Postgres;
//! - reading stops at the first record that is cut short or damaged: only the end of the last segment can be, and what stands
//!   behind it was never confirmed to anybody.
//!
//! Files: `<number>.spool` and `drained`, which holds the position up to which Postgres has everything.

mod inbox;
mod record;
mod segment;
mod writer;

mod drain;
mod replay;

pub(crate) use drain::{Drain, Drained};
pub(crate) use record::Record;
pub(crate) use replay::replay;
pub(crate) use segment::Position;
pub(crate) use writer::{Confirm, Entry, Spool, Writer};

#[cfg(test)]
mod tests;
