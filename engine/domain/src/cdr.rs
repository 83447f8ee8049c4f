//! Call detail records (CDR-1).

use std::net::SocketAddr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    AccountId, CallId, Currency, EndReason, MappingGatewayId, Money, PhoneId, Prefix, Q850, Rate,
    ReleaseSide, RoutingGatewayId, Seconds, SipCode,
};

/// The record of one call, made only from the call's own timestamps and events. There is exactly one for each call of a known
/// source, answered or not; its attempts stand inside.
///
/// Spool files hold it as JSON: a field that is added later must have a serde default.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Cdr {
    /// Unique key (decision 35).
    pub id: CallId,
    /// When the INVITE arrived.
    pub started_at: DateTime<Utc>,
    /// When the caller was first told of ringing or progress.
    pub ringing_at: Option<DateTime<Utc>>,
    /// When the called side answered.
    pub answered_at: Option<DateTime<Utc>>,
    /// When it was over.
    pub ended_at: DateTime<Utc>,
    /// The customer trunk; none when a phone called.
    pub mapping_gateway: Option<MappingGatewayId>,
    /// Its name at that time, or the number of the phone that called.
    pub mapping_gateway_name: String,
    /// The phone that called.
    #[serde(default)]
    pub caller_phone: Option<PhoneId>,
    /// The vendor trunk of the last attempt.
    pub routing_gateway: Option<RoutingGatewayId>,
    /// Its name at that time, or the number of the phone that was called.
    pub routing_gateway_name: Option<String>,
    /// The phone of the last attempt.
    #[serde(default)]
    pub callee_phone: Option<PhoneId>,
    /// Calling number as received.
    pub caller_in: String,
    /// Called number as received.
    pub callee_in: String,
    /// Calling number as sent on.
    pub caller_out: Option<String>,
    /// Called number as sent on.
    pub callee_out: Option<String>,
    /// Where the INVITE came from.
    pub source: SocketAddr,
    /// Where the last attempt went to.
    pub destination: Option<SocketAddr>,
    /// Call-ID of the caller's leg.
    pub call_id_in: String,
    /// Call-ID of the last attempt's leg.
    pub call_id_out: Option<String>,
    /// Answer to hang-up in milliseconds; 0 when unanswered.
    pub duration_ms: i64,
    /// What the customer pays.
    pub customer: Price,
    /// What the vendor is paid.
    pub vendor: Option<Price>,
    /// Why it ended.
    pub end_reason: EndReason,
    /// The final answer given to the caller; 200 for answered calls.
    pub sip_code: SipCode,
    /// The cause in ISDN terms.
    pub q850: Q850,
    /// Who ended it.
    pub released_by: ReleaseSide,
    /// The codec of the first audio stream, as named in SDP.
    pub codec: Option<String>,
    /// What the relay counted.
    pub media: MediaCounters,
    /// Every gateway tried, in order.
    pub attempts: Vec<Attempt>,
    /// The configuration it was decided with.
    pub config_version: i64,
}

impl Cdr {
    /// Fee less cost, when both are in one currency.
    pub fn profit(&self) -> Option<Money> {
        match &self.vendor {
            None => Some(self.customer.amount),
            Some(vendor) if vendor.currency == self.customer.currency => {
                Some(self.customer.amount - vendor.amount)
            }
            Some(_) => None,
        }
    }
}

/// One leg's price and how it came about.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Price {
    /// The account charged or credited.
    pub account: AccountId,
    /// Its name at that time.
    pub account_name: String,
    /// Its currency.
    pub currency: Currency,
    /// The rate row's prefix; empty with a zero rate when nothing was rated.
    pub prefix: Prefix,
    /// Price per minute.
    pub rate: Rate,
    /// Increment in seconds.
    pub billing_unit: Seconds,
    /// Charged once at answer.
    pub connect_fee: Money,
    /// Duration in whole seconds (decision 5).
    pub rounded: Seconds,
    /// Duration rounded up to the increment.
    pub billed: Seconds,
    /// The charge, rounded once at the account's precision.
    pub amount: Money,
}

/// One gateway, or place of a phone, that was tried.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Attempt {
    /// The gateway; none when it was a phone.
    pub gateway: Option<RoutingGatewayId>,
    /// The phone.
    #[serde(default)]
    pub phone: Option<PhoneId>,
    /// The gateway's name at that time, or the phone's number.
    pub gateway_name: String,
    /// When the INVITE was sent to it.
    pub started_at: DateTime<Utc>,
    /// INVITE to first ringing or progress, in milliseconds (PDD).
    pub post_dial_delay_ms: Option<i64>,
    /// Its final answer; none when it sent none.
    pub sip_code: Option<SipCode>,
    /// How it ended.
    pub end_reason: EndReason,
}

/// What the relay counted, by the side that sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct MediaCounters {
    /// RTP packets from the caller.
    pub caller_packets: u64,
    /// Their octets.
    pub caller_octets: u64,
    /// RTP packets from the called side.
    pub callee_packets: u64,
    /// Their octets.
    pub callee_octets: u64,
}
