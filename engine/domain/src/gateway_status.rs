//! Whether vendors' gateways are there, as the check by OPTIONS sees them (RTE-12, OPS-3).

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{RoutingGatewayId, account::named, cause::UnknownName};

/// What the check knows of a gateway.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GatewayState {
    /// It is not asked (`SS_SIP_OPTIONS_CHECK_PERIOD` is 0 for it).
    Unchecked,
    /// The first answer is not there yet.
    Waiting,
    /// It has never answered OPTIONS since the start. Many gateways do not, so calls go there all the same.
    Silent,
    /// It answers.
    Online,
    /// It answers that it takes no calls (503). It is passed over.
    Unavailable,
    /// It has answered before and does not any more. It is passed over.
    Offline,
}

named!(GatewayState {
    Unchecked = "unchecked",
    Waiting = "waiting",
    Silent = "silent",
    Online = "online",
    Unavailable = "unavailable",
    Offline = "offline"
});

impl GatewayState {
    /// Whether calls pass it over until it answers again.
    pub const fn is_away(self) -> bool {
        matches!(self, Self::Unavailable | Self::Offline)
    }
}

/// A gateway at a moment.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct GatewayStatus {
    /// Which.
    pub gateway: RoutingGatewayId,
    /// Where it stands.
    pub state: GatewayState,
    /// Since when.
    pub since: DateTime<Utc>,
    /// How and where it was asked last, such as `UDP 192.0.2.7:5060`; none of one that was not asked yet, or whose name has no
    /// address.
    pub way: Option<String>,
    /// How long its last answer took, in microseconds.
    pub round_trip_us: Option<u32>,
    /// The status of its last answer.
    pub code: Option<u16>,
    /// When it was asked last.
    pub asked: Option<DateTime<Utc>>,
    /// Seconds between two checks; none when it is not asked.
    pub period: Option<u32>,
}
