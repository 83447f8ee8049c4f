//! What lists, filters and totals carry to the portal: read models of the store that the browser can hold too.

use std::{fmt, net::SocketAddr, str::FromStr};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    AccountId, AccountKind, CallId, Currency, EndReason, LedgerEntryId, MappingGateway, MappingGatewayId,
    Money, Parameter, Prefix, RateTable, RegistrationId, ReleaseSide, RoutingGateway, RoutingGatewayId,
    RowVersion, Seconds, SipCode, UserId, account::named, cause::UnknownName,
};

/// A stretch of a list that is read by key, not by offset.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Page<T> {
    /// The rows, in the list's order.
    pub rows: Vec<T>,
    /// True when there are rows behind the last one.
    pub more: bool,
}

/// Which accounts a list shows.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AccountFilter {
    /// Part of the name, in any case; empty shows all.
    pub search: String,
    /// Only this side of the business.
    pub kind: Option<AccountKind>,
}

/// A mapping gateway in a list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MappingGatewayRow {
    /// The gateway.
    pub gateway: MappingGateway,
    /// Name of the account that pays.
    pub account_name: String,
    /// Whether a password is set.
    #[serde(default)]
    pub has_password: bool,
}

/// A routing gateway in a list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RoutingGatewayRow {
    /// The gateway.
    pub gateway: RoutingGateway,
    /// Name of the account that is paid.
    pub account_name: String,
    /// Whether a password is set.
    #[serde(default)]
    pub has_password: bool,
    /// Where its name has led, when it is known by name and the running switch was asked.
    #[serde(default)]
    pub found: Option<NamedGatewayView>,
}

/// A phone in a list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PhoneRow {
    /// The phone.
    pub phone: crate::Phone,
    /// Name of the account that pays.
    pub account_name: String,
}

/// A rate table in a list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RateTableRow {
    /// The table.
    pub table: RateTable,
    /// Number of its rates.
    pub rates: i64,
    /// Number of accounts that use it.
    pub used_by: i64,
}

/// Which rates of a table a list shows, in the order of their prefixes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct RateFilter {
    /// Beginning of the prefix (digits), or part of the destination; empty shows all.
    pub search: String,
    /// Only prefixes behind this one.
    pub after: Option<Prefix>,
    /// At most this many rows; the store allows 1 to 1000.
    pub limit: u32,
}

impl Default for RateFilter {
    fn default() -> Self {
        Self { search: String::new(), after: None, limit: 100 }
    }
}

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

/// Our own side of a ledger entry.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Book {
    /// What a call charged a customer.
    Revenue,
    /// What a call owes a vendor.
    Cost,
    /// What was paid.
    Cash,
    /// What an account began with.
    Opening,
}

named!(Book { Revenue = "revenue", Cost = "cost", Cash = "cash", Opening = "opening" });

/// One movement on an account.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LedgerRow {
    /// Its key; higher is later.
    pub id: LedgerEntryId,
    /// When it was written.
    pub at: DateTime<Utc>,
    /// The account.
    pub account: AccountId,
    /// Our own side of it.
    pub book: Book,
    /// Positive raises the account's balance.
    pub amount: Money,
    /// The call that it settles.
    pub call: Option<CallId>,
    /// What a person wrote to it.
    pub note: String,
}

/// A parameter and what it holds.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ParameterRow {
    /// Which; its description and its default stand in the registry.
    pub parameter: Parameter,
    /// The value that somebody set; none at its default.
    pub set: Option<String>,
    /// What a change must name; 0 at its default.
    pub version: RowVersion,
    /// When it was set.
    pub set_at: Option<DateTime<Utc>>,
    /// Its last change, a reset included; none as long as nobody has touched it.
    pub last_change: Option<ParameterChange>,
}

/// A gateway with a value of its own for a parameter.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ParameterOwner {
    /// Which kind of gateway.
    pub level: crate::parameter::Level,
    /// Its key among those of its kind.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

impl ParameterRow {
    /// The value in force.
    pub fn value(&self) -> String {
        self.set.clone().unwrap_or_else(|| self.parameter.default_value().to_string())
    }
}

/// One change of a parameter.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ParameterChange {
    /// Its key; higher is later.
    pub id: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// The parameter's name, also of one that this build does not know.
    pub name: String,
    /// Who; none for the command line.
    pub user: Option<UserId>,
    /// Their name at that time.
    pub user_name: String,
    /// What it held before; none for the default.
    pub old: Option<String>,
    /// What it held after; none for the default.
    pub new: Option<String>,
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
    pub gateway: crate::RoutingGatewayId,
    /// Transport and address of each place, in the order in which they are tried; none: the gateway is offline.
    pub places: Vec<String>,
    /// The DNS gave no answer the last time: this is what it said before.
    pub stale: bool,
}
