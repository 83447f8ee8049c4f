//! What is kept of a phone's registration.

use std::net::SocketAddr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::PhoneId;

/// One registered contact, as it outlives a restart (RFC 3261 §10.3).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StoredBinding {
    /// Whose contact.
    pub phone: PhoneId,
    /// The contact's URI, without angle brackets.
    pub contact: String,
    /// The registration's Call-ID.
    pub call_id: String,
    /// Its last sequence number.
    pub cseq: u32,
    /// Preference in thousandths, 0 to 1000.
    pub q: u16,
    /// When it ends.
    pub expires: DateTime<Utc>,
    /// When it was last refreshed.
    pub refreshed: DateTime<Utc>,
    /// `UDP`, `TCP`, `TLS`, `WS` or `WSS`.
    pub transport: String,
    /// Our address that it was sent to.
    pub local: SocketAddr,
    /// The address that it came from.
    pub remote: SocketAddr,
    /// Whether the phone is behind address translation.
    pub nat: bool,
    /// The proxies on the way to it, nearest first (RFC 3327).
    pub path: Vec<String>,
    /// What the phone says it is.
    pub user_agent: Option<String>,
    /// The device, when it says which it is (RFC 5626).
    pub instance: Option<String>,
    /// Which of its flows, with `instance`.
    pub reg_id: Option<u32>,
}
