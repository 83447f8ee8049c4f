//! Log-ins that were refused too often.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::LockoutId;

/// Whom failures are counted for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LockoutSubject {
    /// A name that was typed, whether or not somebody has it.
    Name(String),
    /// Where log-ins came from; of IPv6 the network of 64 bits.
    Address(IpAddr),
}

/// Failures of one name or address.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Lockout {
    /// Its key.
    pub id: LockoutId,
    /// Whose.
    pub subject: LockoutSubject,
    /// Failures since the first one of this series.
    pub failures: i64,
    /// The latest of them.
    pub last_failure: DateTime<Utc>,
    /// Until when nothing more is tried; none while there is still room.
    pub locked_until: Option<DateTime<Utc>>,
}
