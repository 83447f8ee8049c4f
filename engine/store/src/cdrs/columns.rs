//! CDRs as columns, so that a batch of any size is one statement.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use domain::{Attempt, Cdr};
use rust_decimal::Decimal;
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    StoreError,
    amount::{from_money, from_rate},
    text::received,
};

// Bounds in bytes of what came from the network. A number is indexed, and an index entry has an end.
const NUMBER: usize = 128;
const NAME: usize = 255;
const CODEC: usize = 64;

#[derive(Default)]
struct Columns {
    id: Vec<Uuid>,
    started_at: Vec<DateTime<Utc>>,
    ringing_at: Vec<Option<DateTime<Utc>>>,
    answered_at: Vec<Option<DateTime<Utc>>>,
    ended_at: Vec<DateTime<Utc>>,
    mapping_gateway_id: Vec<Option<i64>>,
    mapping_gateway_name: Vec<String>,
    routing_gateway_id: Vec<Option<i64>>,
    routing_gateway_name: Vec<Option<String>>,
    account_id: Vec<i64>,
    account_name: Vec<String>,
    vendor_account_id: Vec<Option<i64>>,
    vendor_account_name: Vec<Option<String>>,
    caller_in: Vec<String>,
    callee_in: Vec<String>,
    caller_out: Vec<Option<String>>,
    callee_out: Vec<Option<String>>,
    source_address: Vec<IpAddr>,
    source_port: Vec<i32>,
    destination_address: Vec<Option<IpAddr>>,
    destination_port: Vec<Option<i32>>,
    call_id_in: Vec<String>,
    call_id_out: Vec<Option<String>>,
    duration_ms: Vec<i64>,
    rounded_seconds: Vec<i64>,
    billed_seconds: Vec<i64>,
    currency: Vec<String>,
    rate_prefix: Vec<String>,
    rate: Vec<Decimal>,
    billing_unit: Vec<i64>,
    connect_fee: Vec<Decimal>,
    fee: Vec<Decimal>,
    cost_currency: Vec<Option<String>>,
    cost_rate_prefix: Vec<Option<String>>,
    cost_rate: Vec<Option<Decimal>>,
    cost_billing_unit: Vec<Option<i64>>,
    cost_connect_fee: Vec<Option<Decimal>>,
    cost_rounded_seconds: Vec<Option<i64>>,
    cost_billed_seconds: Vec<Option<i64>>,
    cost: Vec<Option<Decimal>>,
    profit: Vec<Option<Decimal>>,
    end_reason: Vec<String>,
    sip_code: Vec<i32>,
    q850: Vec<i32>,
    released_by: Vec<String>,
    codec: Vec<Option<String>>,
    caller_packets: Vec<i64>,
    caller_octets: Vec<i64>,
    callee_packets: Vec<i64>,
    callee_octets: Vec<i64>,
    attempts: Vec<Value>,
    config_version: Vec<i64>,
    caller_phone_id: Vec<Option<i64>>,
    callee_phone_id: Vec<Option<i64>>,
}

impl Columns {
    fn push(&mut self, cdr: &Cdr) {
        let (customer, vendor) = (&cdr.customer, cdr.vendor.as_ref());
        self.id.push(cdr.id.0);
        self.started_at.push(cdr.started_at);
        self.ringing_at.push(cdr.ringing_at);
        self.answered_at.push(cdr.answered_at);
        self.ended_at.push(cdr.ended_at);
        self.mapping_gateway_id.push(cdr.mapping_gateway.map(|id| id.0));
        self.mapping_gateway_name.push(received(&cdr.mapping_gateway_name, NAME));
        self.routing_gateway_id.push(cdr.routing_gateway.map(|id| id.0));
        self.routing_gateway_name.push(optional(&cdr.routing_gateway_name, NAME));
        self.account_id.push(customer.account.0);
        self.account_name.push(received(&customer.account_name, NAME));
        self.vendor_account_id.push(vendor.map(|v| v.account.0));
        self.vendor_account_name.push(vendor.map(|v| received(&v.account_name, NAME)));
        self.caller_in.push(received(&cdr.caller_in, NUMBER));
        self.callee_in.push(received(&cdr.callee_in, NUMBER));
        self.caller_out.push(optional(&cdr.caller_out, NUMBER));
        self.callee_out.push(optional(&cdr.callee_out, NUMBER));
        self.source_address.push(cdr.source.ip());
        self.source_port.push(i32::from(cdr.source.port()));
        self.destination_address.push(cdr.destination.map(|to| to.ip()));
        self.destination_port.push(cdr.destination.map(|to| i32::from(to.port())));
        self.call_id_in.push(received(&cdr.call_id_in, NAME));
        self.call_id_out.push(optional(&cdr.call_id_out, NAME));
        self.duration_ms.push(cdr.duration_ms);
        self.rounded_seconds.push(i64::from(customer.rounded.0));
        self.billed_seconds.push(i64::from(customer.billed.0));
        self.currency.push(customer.currency.to_string());
        self.rate_prefix.push(customer.prefix.to_string());
        self.rate.push(from_rate(customer.rate));
        self.billing_unit.push(i64::from(customer.billing_unit.0));
        self.connect_fee.push(from_money(customer.connect_fee));
        self.fee.push(from_money(customer.amount));
        self.cost_currency.push(vendor.map(|v| v.currency.to_string()));
        self.cost_rate_prefix.push(vendor.map(|v| v.prefix.to_string()));
        self.cost_rate.push(vendor.map(|v| from_rate(v.rate)));
        self.cost_billing_unit.push(vendor.map(|v| i64::from(v.billing_unit.0)));
        self.cost_connect_fee.push(vendor.map(|v| from_money(v.connect_fee)));
        self.cost_rounded_seconds.push(vendor.map(|v| i64::from(v.rounded.0)));
        self.cost_billed_seconds.push(vendor.map(|v| i64::from(v.billed.0)));
        self.cost.push(vendor.map(|v| from_money(v.amount)));
        self.profit.push(cdr.profit().map(from_money));
        self.end_reason.push(cdr.end_reason.name().to_owned());
        self.sip_code.push(i32::from(cdr.sip_code.0));
        self.q850.push(i32::from(cdr.q850.0));
        self.released_by.push(cdr.released_by.name().to_owned());
        self.codec.push(optional(&cdr.codec, CODEC));
        self.caller_packets.push(count(cdr.media.caller_packets));
        self.caller_octets.push(count(cdr.media.caller_octets));
        self.callee_packets.push(count(cdr.media.callee_packets));
        self.callee_octets.push(count(cdr.media.callee_octets));
        self.attempts.push(attempts(&cdr.attempts));
        self.config_version.push(cdr.config_version);
        self.caller_phone_id.push(cdr.caller_phone.map(|id| id.0));
        self.callee_phone_id.push(cdr.callee_phone.map(|id| id.0));
    }
}

fn optional(text: &Option<String>, most: usize) -> Option<String> {
    text.as_deref().map(|text| received(text, most))
}

/// Counters beyond 2⁶³ do not occur; if one did, it must not keep the call out of the database.
fn count(counter: u64) -> i64 {
    i64::try_from(counter).unwrap_or(i64::MAX)
}

fn attempts(attempts: &[Attempt]) -> Value {
    let clean = |attempt: &Attempt| Attempt {
        gateway_name: received(&attempt.gateway_name, NAME),
        ..attempt.clone()
    };
    let attempts: Vec<Attempt> = attempts.iter().map(clean).collect();
    serde_json::to_value(attempts).expect("attempts are plain data with text keys")
}

/// Writes those of `cdrs` that are not there yet; returns their keys.
///
/// `cdrs` are in the order of the primary key, so that two writers with the same calls wait for one another instead of
/// holding what the other needs.
pub(super) async fn write(conn: &mut PgConnection, cdrs: &[&Cdr]) -> Result<Vec<Uuid>, StoreError> {
    let mut c = Columns::default();
    cdrs.iter().for_each(|cdr| c.push(cdr));
    let new = sqlx::query_scalar!(
        "insert into cdr.calls (
             id, started_at, ringing_at, answered_at, ended_at, mapping_gateway_id, mapping_gateway_name,
             routing_gateway_id, routing_gateway_name, account_id, account_name, vendor_account_id,
             vendor_account_name, caller_in, callee_in, caller_out, callee_out, source_address, source_port,
             destination_address, destination_port, call_id_in, call_id_out, duration_ms, rounded_seconds,
             billed_seconds, currency, rate_prefix, rate, billing_unit, connect_fee, fee, cost_currency,
             cost_rate_prefix, cost_rate, cost_billing_unit, cost_connect_fee, cost_rounded_seconds,
             cost_billed_seconds, cost, profit, end_reason, sip_code, q850, released_by, codec, caller_packets,
             caller_octets, callee_packets, callee_octets, attempts, config_version, caller_phone_id, callee_phone_id)
         select * from unnest(
             $1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[], $6::bigint[],
             $7::text[], $8::bigint[], $9::text[], $10::bigint[], $11::text[], $12::bigint[], $13::text[],
             $14::text[], $15::text[], $16::text[], $17::text[], $18::inet[], $19::integer[], $20::inet[],
             $21::integer[], $22::text[], $23::text[], $24::bigint[], $25::bigint[], $26::bigint[], $27::text[],
             $28::text[], $29::numeric[], $30::bigint[], $31::numeric[], $32::numeric[], $33::text[], $34::text[],
             $35::numeric[], $36::bigint[], $37::numeric[], $38::bigint[], $39::bigint[], $40::numeric[],
             $41::numeric[], $42::text[], $43::integer[], $44::integer[], $45::text[], $46::text[], $47::bigint[],
             $48::bigint[], $49::bigint[], $50::bigint[], $51::jsonb[], $52::bigint[],
             $53::bigint[], $54::bigint[])
         on conflict do nothing
         returning id",
        &c.id,
        &c.started_at,
        &c.ringing_at as _,
        &c.answered_at as _,
        &c.ended_at,
        &c.mapping_gateway_id as _,
        &c.mapping_gateway_name,
        &c.routing_gateway_id as _,
        &c.routing_gateway_name as _,
        &c.account_id,
        &c.account_name,
        &c.vendor_account_id as _,
        &c.vendor_account_name as _,
        &c.caller_in,
        &c.callee_in,
        &c.caller_out as _,
        &c.callee_out as _,
        &c.source_address as _,
        &c.source_port,
        &c.destination_address as _,
        &c.destination_port as _,
        &c.call_id_in,
        &c.call_id_out as _,
        &c.duration_ms,
        &c.rounded_seconds,
        &c.billed_seconds,
        &c.currency,
        &c.rate_prefix,
        &c.rate,
        &c.billing_unit,
        &c.connect_fee,
        &c.fee,
        &c.cost_currency as _,
        &c.cost_rate_prefix as _,
        &c.cost_rate as _,
        &c.cost_billing_unit as _,
        &c.cost_connect_fee as _,
        &c.cost_rounded_seconds as _,
        &c.cost_billed_seconds as _,
        &c.cost as _,
        &c.profit as _,
        &c.end_reason,
        &c.sip_code,
        &c.q850,
        &c.released_by,
        &c.codec as _,
        &c.caller_packets,
        &c.caller_octets,
        &c.callee_packets,
        &c.callee_octets,
        &c.attempts as _,
        &c.config_version,
        &c.caller_phone_id as _,
        &c.callee_phone_id as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(new)
}
