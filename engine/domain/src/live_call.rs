//! Calls in progress, as a person sees them (OPS-2).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{AccountId, CallId, MappingGatewayId, MediaCounters, Money, PhoneId, RoutingGatewayId};

/// One call in progress.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LiveCall {
    /// Its key.
    pub id: CallId,
    /// Where it stands.
    pub state: LiveState,
    /// When the INVITE arrived.
    pub started_at: DateTime<Utc>,
    /// When it was answered.
    pub answered_at: Option<DateTime<Utc>>,
    /// Calling number as received.
    pub caller: String,
    /// Called number as received.
    pub callee: String,
    /// Who pays.
    pub account: AccountId,
    /// Its name.
    pub account_name: String,
    /// The customer trunk; none when a phone calls.
    pub mapping_gateway: Option<MappingGatewayId>,
    /// Its name, or the number of the phone that calls.
    pub mapping_gateway_name: String,
    /// The phone that calls.
    pub caller_phone: Option<PhoneId>,
    /// The vendor trunk being tried or talking.
    pub routing_gateway: Option<RoutingGatewayId>,
    /// Its name, or the number of the phone that is called.
    pub routing_gateway_name: Option<String>,
    /// The phone being tried or talking.
    pub callee_phone: Option<PhoneId>,
    /// The codec, once known.
    pub codec: Option<String>,
    /// What the relay has counted.
    pub media: MediaCounters,
    /// Money held for it.
    pub held: Money,
}

/// Where a call stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LiveState {
    /// A gateway is being asked.
    Dialling,
    /// The called side rings or plays something.
    Ringing,
    /// Both sides talk.
    Answered,
    /// It is being torn down.
    Ending,
}
