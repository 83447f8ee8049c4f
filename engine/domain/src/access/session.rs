//! Log-ins of a person, as a page lists them.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::SessionId;

/// One log-in that is still good.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SessionRow {
    /// Its key; worth nothing to a thief.
    pub id: SessionId,
    /// When the person logged in.
    pub created_at: DateTime<Utc>,
    /// Its latest use, to the minute.
    pub last_seen_at: DateTime<Utc>,
    /// When it ends however much it is used.
    pub expires_at: DateTime<Utc>,
    /// Where the log-in came from.
    pub address: IpAddr,
    /// What the browser says it is.
    pub user_agent: String,
    /// The one that asks.
    pub current: bool,
}
