//! The debug trace (OPS-4) and its export (OPS-7): which SIP messages came and went lately, those that were dropped included.
//!
//! ```text
//! shard ── Recorder ──▶ Ring (bounded, its own) ◀── Snapshot ── search ──▶ Ladder, PCAP
//!              └─ only while somebody wants it ─▶ Collector ──▶ Captures, HEP
//! ```
//!
//! Reading order: [`Seen`] is one message, [`Recorder`] what a shard writes with, [`Snapshot`] what a reader gets of it,
//! [`search()`] finds, [`Ladder`] explains. [`Trace`] is what the shards and their readers share.
//!
//! Invariants:
//! - a shard copies a message into memory that it has already, and waits for nobody: readers get pieces that are never
//!   written again;
//! - what strangers send never pushes out the messages of calls: refused messages have a ring of their own;
//! - everything in a message is hostile: nothing here trusts it to be SIP, or text.
#![cfg_attr(not(test), forbid(unsafe_code))]

mod fate;
mod glance;
mod seen;

mod chunk;
mod recorder;
mod ring;
mod snapshot;

mod question;
mod search;

mod digest;
mod findings;
mod ladder;
mod overview;

mod capture;
mod collector;
mod hep;
mod pcap;
mod shared;

pub use capture::{CaptureOrder, CaptureRefused, LONGEST, MOST_BYTES, MOST_KEPT, MOST_RUNNING};
pub use collector::Collector;
pub use fate::{Fate, guard_reasons, login_outcomes};
pub use hep::{HepSettings, packet as hep_packet};
pub use ladder::ladder;
pub use overview::overview;
pub use pcap::pcapng;
pub use question::{Question, Target};
pub use recorder::Recorder;
pub use search::{Found, search};
pub use seen::{Direction, Seen};
pub use shared::{Exported, Trace};
pub use snapshot::{Glimpse, Snapshot};

#[doc(no_inline)]
pub use sip::{Flow, Transport};
