//! One call with everything that is known about it.

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use domain::{Attempt, CallId, Cdr, MediaCounters, Price, ReleaseSide};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    admission::Asker,
    answer::{Ids, Problem, end_reason, release_side},
    router::Api,
};

/// The record of a call.
#[derive(Serialize, ToSchema)]
#[schema(as = Cdr)]
pub(crate) struct CdrView {
    #[schema(format = "uuid")]
    id: String,
    /// When the INVITE arrived.
    started_at: DateTime<Utc>,
    /// When the caller was first told of ringing or progress.
    ringing_at: Option<DateTime<Utc>>,
    answered_at: Option<DateTime<Utc>>,
    ended_at: DateTime<Utc>,
    /// Answer to hang-up in milliseconds.
    duration_ms: i64,
    /// Null when a phone called.
    mapping_gateway: Option<i64>,
    /// The name of the gateway, or the number of the phone.
    mapping_gateway_name: String,
    /// Numbers as received.
    caller_in: String,
    callee_in: String,
    /// Where the INVITE came from.
    #[schema(example = "192.0.2.7:5060")]
    source: String,
    /// Call-ID of the caller's leg.
    call_id_in: String,
    /// What the customer pays.
    customer: PriceView,
    #[schema(schema_with = end_reason)]
    end_reason: &'static str,
    /// The final answer given to the caller.
    sip_code: u16,
    /// The cause in ISDN terms.
    q850: u8,
    #[schema(schema_with = release_side)]
    released_by: &'static str,
    codec: Option<String>,
    media: MediaView,
    /// The configuration it was decided with.
    config_version: i64,
    /// The gateway of the last attempt; null, as all about the way out, without ViewGateways or ViewCosts.
    routing_gateway: Option<i64>,
    routing_gateway_name: Option<String>,
    /// Numbers as sent on.
    caller_out: Option<String>,
    callee_out: Option<String>,
    /// Where the last attempt went to.
    destination: Option<String>,
    call_id_out: Option<String>,
    /// What the vendor is paid; null without ViewCosts, as the profit.
    vendor: Option<PriceView>,
    /// Fee less cost, when both are in one currency.
    profit: Option<String>,
    /// Every gateway tried, in order; empty without ViewGateways or ViewCosts.
    attempts: Vec<AttemptView>,
}

/// One side's price and how it came about.
#[derive(Serialize, ToSchema)]
#[schema(as = Price)]
pub(crate) struct PriceView {
    account: i64,
    account_name: String,
    currency: String,
    /// The rate's prefix; empty with a zero rate when nothing was rated.
    prefix: String,
    /// Price per minute.
    rate: String,
    /// Increment in seconds.
    billing_unit: u32,
    connect_fee: String,
    /// Duration in whole seconds.
    rounded: u32,
    /// Rounded up to the increment.
    billed: u32,
    /// The charge.
    amount: String,
}

/// One gateway that was tried.
#[derive(Serialize, ToSchema)]
#[schema(as = Attempt)]
pub(crate) struct AttemptView {
    /// Null when a phone was called.
    gateway: Option<i64>,
    /// The name of the gateway, or the number of the phone.
    gateway_name: String,
    started_at: DateTime<Utc>,
    /// INVITE to first ringing or progress.
    post_dial_delay_ms: Option<i64>,
    /// Its final answer; null when it sent none.
    sip_code: Option<u16>,
    #[schema(schema_with = end_reason)]
    end_reason: &'static str,
}

/// What the relay counted, by the side that sent.
#[derive(Serialize, ToSchema)]
#[schema(as = Media)]
pub(crate) struct MediaView {
    caller_packets: u64,
    caller_octets: u64,
    callee_packets: u64,
    callee_octets: u64,
}

impl From<MediaCounters> for MediaView {
    fn from(media: MediaCounters) -> Self {
        Self {
            caller_packets: media.caller_packets,
            caller_octets: media.caller_octets,
            callee_packets: media.callee_packets,
            callee_octets: media.callee_octets,
        }
    }
}

pub(super) fn side(side: ReleaseSide) -> &'static str {
    match side {
        ReleaseSide::Caller => "caller",
        ReleaseSide::Callee => "callee",
        ReleaseSide::Switch => "switch",
    }
}

fn price(price: &Price) -> PriceView {
    PriceView {
        account: price.account.0,
        account_name: price.account_name.clone(),
        currency: price.currency.to_string(),
        prefix: price.prefix.to_string(),
        rate: price.rate.to_string(),
        billing_unit: price.billing_unit.0,
        connect_fee: price.connect_fee.to_string(),
        rounded: price.rounded.0,
        billed: price.billed.0,
        amount: price.amount.to_string(),
    }
}

fn attempt(attempt: &Attempt) -> AttemptView {
    AttemptView {
        gateway: attempt.gateway.map(|id| id.0),
        gateway_name: attempt.gateway_name.clone(),
        started_at: attempt.started_at,
        post_dial_delay_ms: attempt.post_dial_delay_ms,
        sip_code: attempt.sip_code.map(|code| code.0),
        end_reason: attempt.end_reason.name(),
    }
}

fn view(cdr: &Cdr, asker: &Asker) -> CdrView {
    let seen = asker.sees_routes().then_some(cdr);
    let paid = asker.sees_costs().then_some(cdr);
    CdrView {
        id: cdr.id.to_string(),
        started_at: cdr.started_at,
        ringing_at: cdr.ringing_at,
        answered_at: cdr.answered_at,
        ended_at: cdr.ended_at,
        duration_ms: cdr.duration_ms,
        mapping_gateway: cdr.mapping_gateway.map(|id| id.0),
        mapping_gateway_name: cdr.mapping_gateway_name.clone(),
        caller_in: cdr.caller_in.clone(),
        callee_in: cdr.callee_in.clone(),
        source: cdr.source.to_string(),
        call_id_in: cdr.call_id_in.clone(),
        customer: price(&cdr.customer),
        end_reason: cdr.end_reason.name(),
        sip_code: cdr.sip_code.0,
        q850: cdr.q850.0,
        released_by: side(cdr.released_by),
        codec: cdr.codec.clone(),
        media: cdr.media.into(),
        config_version: cdr.config_version,
        routing_gateway: seen.and_then(|cdr| cdr.routing_gateway).map(|id| id.0),
        routing_gateway_name: seen.and_then(|cdr| cdr.routing_gateway_name.clone()),
        caller_out: seen.and_then(|cdr| cdr.caller_out.clone()),
        callee_out: seen.and_then(|cdr| cdr.callee_out.clone()),
        destination: seen.and_then(|cdr| cdr.destination).map(|address| address.to_string()),
        call_id_out: seen.and_then(|cdr| cdr.call_id_out.clone()),
        vendor: paid.and_then(|cdr| cdr.vendor.as_ref()).map(price),
        profit: paid.and_then(Cdr::profit).map(|profit| profit.to_string()),
        attempts: seen.map_or_else(Vec::new, |cdr| cdr.attempts.iter().map(attempt).collect()),
    }
}

/// Shows an ended call with everything that is known about it.
#[utoipa::path(
    get, path = "/cdrs/{call}", tag = "Call records", operation_id = "show_cdr",
    params(("call" = String, Path, description = "Its id", format = "uuid")),
    responses((status = 200, description = "The call", body = CdrView)),
    security(("token" = ["ViewCdrs"])),
)]
pub(crate) async fn show(
    State(api): State<Api>,
    asker: Asker,
    Ids(id): Ids<CallId>,
) -> Result<Json<CdrView>, Problem> {
    let cdr = store::cdrs::find(&api.pool, &asker.scope(), id).await?;
    Ok(Json(view(&cdr, &asker)))
}
