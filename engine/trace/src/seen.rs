//! One message as it was seen.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use sip::Flow;

use crate::Fate;

/// Which way a message went.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Direction {
    /// From the far end to us.
    Received,
    /// From us to the far end.
    Sent,
}

/// One message as it was seen. Cheap to clone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Seen {
    /// When, by the wall's clock, to the microsecond.
    pub at: DateTime<Utc>,
    /// Which way it went.
    pub direction: Direction,
    /// Between whom.
    pub flow: Flow,
    /// What became of it.
    pub fate: Fate,
    /// The message, as it came or went.
    pub bytes: Bytes,
}
