//! What the running switch tells of itself.

use std::net::SocketAddr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{RegistrationId, RoutingGatewayId};

/// Where a registration of ours stands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OutboundView {
    /// Which one.
    pub id: RegistrationId,
    /// Its state.
    pub state: OutboundState,
    /// When something is sent next.
    pub next: Option<DateTime<Utc>>,
    /// Why it failed last, also when it has been mended since.
    pub last_failure: Option<String>,
}

/// The states of a registration of ours.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutboundState {
    /// Not begun yet.
    Idle,
    /// A request is on its way.
    Asking,
    /// The other server knows us.
    Registered {
        /// Until when, if nothing more were said.
        until: DateTime<Utc>,
    },
    /// It failed and is tried again.
    Waiting {
        /// Why it failed.
        why: String,
    },
    /// It is being withdrawn.
    Cancelling,
}

/// Where the switch listens for SIP, and what went through there since the start.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ListenerView {
    /// `UDP`, `TCP`, `TLS`, `WS` or `WSS`.
    pub transport: String,
    /// The socket's address.
    pub bound: SocketAddr,
    /// The address that far ends are told.
    pub told: SocketAddr,
    /// SIP messages.
    pub received: u64,
    /// SIP messages.
    pub sent: u64,
    /// Connections of this moment, whoever opened them; none with UDP.
    pub open: u64,
    /// Connections that peers have opened.
    pub accepted: u64,
    /// Connections that were not admitted, by reason of number.
    pub refused: u64,
}

/// What was refused without being read, by reason, and how often since the start.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RefusalView {
    /// Why, as a person reads it.
    pub reason: String,
    /// How many messages.
    pub count: u64,
}

/// Where the name of a routing gateway has led (SIP-15).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct NamedGatewayView {
    /// The gateway.
    pub gateway: RoutingGatewayId,
    /// Transport and address of each place, in the order in which they are tried; none: the gateway is offline.
    pub places: Vec<String>,
    /// The DNS gave no answer the last time: this is what it said before.
    pub stale: bool,
}
