//! Lists of calls and sums over them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    AccountId, CallId, Currency, EndReason, MappingGatewayId, Money, ReleaseSide, RoutingGatewayId, Seconds,
    SipCode,
};

/// Which calls a list or a total covers. Every condition given must hold.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CdrFilter {
    /// Started at this moment or later.
    pub from: DateTime<Utc>,
    /// Started before this moment.
    pub to: DateTime<Utc>,
    /// Beginning of the calling number as received; empty matches all.
    #[serde(default)]
    pub caller: String,
    /// Beginning of the called number as received; empty matches all.
    #[serde(default)]
    pub callee: String,
    /// Paid by this customer, or cost by this vendor.
    #[serde(default)]
    pub account: Option<AccountId>,
    /// Came in through this trunk.
    #[serde(default)]
    pub mapping_gateway: Option<MappingGatewayId>,
    /// The last attempt went out through this trunk.
    #[serde(default)]
    pub routing_gateway: Option<RoutingGatewayId>,
    /// Ended for this reason.
    #[serde(default)]
    pub end_reason: Option<EndReason>,
    /// Only answered calls, or only unanswered ones.
    #[serde(default)]
    pub answered: Option<bool>,
    /// Only calls older than this one; totals ignore it.
    #[serde(default)]
    pub after: Option<CdrCursor>,
    /// At most this many rows; the store allows 1 to 1000. Totals ignore it.
    pub limit: u32,
}

impl CdrFilter {
    /// Every call that started from `from` until before `to`, 50 rows a page.
    pub fn between(from: DateTime<Utc>, to: DateTime<Utc>) -> Self {
        Self {
            from,
            to,
            caller: String::new(),
            callee: String::new(),
            account: None,
            mapping_gateway: None,
            routing_gateway: None,
            end_reason: None,
            answered: None,
            after: None,
            limit: 50,
        }
    }
}

/// A place in the list of calls, newest first.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CdrCursor {
    /// When the call of the last row shown started.
    pub started_at: DateTime<Utc>,
    /// Its key.
    pub id: CallId,
}

/// A call in a list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CdrRow {
    /// Its key.
    pub id: CallId,
    /// When the INVITE arrived.
    pub started_at: DateTime<Utc>,
    /// When the caller was first told of ringing or progress.
    pub ringing_at: Option<DateTime<Utc>>,
    /// When the called side answered.
    pub answered_at: Option<DateTime<Utc>>,
    /// When it was over.
    pub ended_at: DateTime<Utc>,
    /// Calling number as received.
    pub caller: String,
    /// Called number as received.
    pub callee: String,
    /// Who pays.
    pub account: AccountId,
    /// Its name at that time.
    pub account_name: String,
    /// The customer trunk; none when a phone called.
    pub mapping_gateway: Option<MappingGatewayId>,
    /// Its name at that time, or the number of the phone that called.
    pub mapping_gateway_name: String,
    /// The vendor trunk of the last attempt; none also for those who may not see it.
    pub routing_gateway: Option<RoutingGatewayId>,
    /// Its name at that time.
    pub routing_gateway_name: Option<String>,
    /// The vendor paid; none also for those who may not see it.
    pub vendor_account_name: Option<String>,
    /// Answer to hang-up in whole seconds (decision 5).
    pub duration: Seconds,
    /// Rounded up to the customer's billing unit.
    pub billed: Seconds,
    /// Currency of the fee.
    pub currency: Currency,
    /// What the customer pays.
    pub fee: Money,
    /// Currency of the cost.
    pub cost_currency: Option<Currency>,
    /// What the vendor is paid; none also for those who may not see it.
    pub cost: Option<Money>,
    /// Fee less cost, when both are in one currency and the asker may see it.
    pub profit: Option<Money>,
    /// Why it ended.
    pub end_reason: EndReason,
    /// The final answer given to the caller.
    pub sip_code: SipCode,
    /// Who ended it.
    pub released_by: ReleaseSide,
}

impl CdrRow {
    /// The place behind this row, for the next page.
    pub fn cursor(&self) -> CdrCursor {
        CdrCursor { started_at: self.started_at, id: self.id }
    }
}

/// Sums over the calls of a filter.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct CdrTotals {
    /// Calls.
    pub calls: i64,
    /// Of them, answered.
    pub answered: i64,
    /// Answer to hang-up in whole seconds, of all of them.
    pub seconds: i64,
    /// The money, a line a currency.
    pub amounts: Vec<Amounts>,
}

/// What calls brought and cost in one currency.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Amounts {
    /// The currency.
    pub currency: Currency,
    /// What customers pay.
    pub fee: Money,
    /// What vendors are paid; none for those who may not see it.
    pub cost: Option<Money>,
    /// Fee less cost; none for those who may not see it.
    pub profit: Option<Money>,
}
