//! The day so far.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{AccountId, Amounts, Currency, MappingGatewayId, Money};

/// The day so far (UTC).
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Traffic {
    /// Calls that have ended.
    pub calls: i64,
    /// Of them, answered.
    pub answered: i64,
    /// Answered of a thousand calls (ASR); none without calls.
    pub asr_permille: Option<i64>,
    /// Average duration of an answered call in seconds (ACD); none without any.
    pub acd_seconds: Option<i64>,
    /// Average time from INVITE to ringing or answer in milliseconds (PDD); none without any.
    pub pdd_ms: Option<i64>,
    /// Answer to hang-up in whole seconds, of all of them.
    pub seconds: i64,
    /// The money, a line a currency.
    pub amounts: Vec<Amounts>,
    /// The last 24 hours, oldest first, the current hour last.
    pub hours: Vec<TrafficHour>,
}

/// One hour of traffic.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TrafficHour {
    /// Its beginning.
    pub hour: DateTime<Utc>,
    /// Calls that started in it and have ended.
    pub calls: i64,
    /// Of them, answered.
    pub answered: i64,
}

/// What an account has done.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AccountTraffic {
    /// Who pays.
    pub account: AccountId,
    /// Calls that have ended.
    pub calls: i64,
    /// Of them, answered.
    pub answered: i64,
    /// Answer to hang-up in whole seconds, of all of them.
    pub seconds: i64,
    /// Currency of the fee.
    pub currency: Currency,
    /// What it pays for them.
    pub fee: Money,
}

/// What came in through a customer's trunk.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct GatewayTraffic {
    /// The trunk.
    pub gateway: MappingGatewayId,
    /// Calls that have ended.
    pub calls: i64,
    /// Of them, answered.
    pub answered: i64,
}
