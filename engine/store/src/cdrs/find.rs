//! One CDR, complete.

use std::net::{IpAddr, SocketAddr};

use chrono::{DateTime, Utc};
use domain::{
    AccountId, Attempt, CallId, Cdr, MappingGatewayId, MediaCounters, PhoneId, Price, Q850, RoutingGatewayId,
    Seconds,
};
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    Pool, Scope, StoreError,
    amount::{to_money, to_rate},
};

use super::read::{currency, end_reason, prefix, released_by, seconds, sip_code};

/// One call with everything that is known about it. An account sees its own call without the vendor's side: where it went,
/// the attempts and the cost are left out.
///
/// # Errors
/// [`StoreError::NotFound`] also for one that the asker may not see.
pub async fn find(pool: &Pool, scope: &Scope, id: CallId) -> Result<Cdr, StoreError> {
    let seen = scope.accounts(pool).await?;
    let row = sqlx::query_as!(
        Row,
        r#"select
               id, started_at, ringing_at, answered_at, ended_at, mapping_gateway_id, mapping_gateway_name,
               routing_gateway_id, routing_gateway_name, account_id, account_name, vendor_account_id,
               vendor_account_name, caller_in, callee_in, caller_out, callee_out, source_address as "source_address:
               IpAddr", source_port, destination_address as "destination_address: IpAddr", destination_port,
               call_id_in, call_id_out, duration_ms, rounded_seconds, billed_seconds, currency, rate_prefix, rate,
               billing_unit, connect_fee, fee, cost_currency, cost_rate_prefix, cost_rate, cost_billing_unit,
               cost_connect_fee, cost_rounded_seconds, cost_billed_seconds, cost, end_reason, sip_code, q850,
               released_by, codec, caller_packets, caller_octets, callee_packets, callee_octets, attempts,
               config_version, caller_phone_id, callee_phone_id
           from cdr.calls where id = $1 and ($2::bigint[] is null or account_id = any($2))
           limit 1"#,
        id.0,
        seen.as_deref(),
    )
    .fetch_optional(pool)
    .await?
    .ok_or(StoreError::NotFound)?;
    let cdr = Cdr::try_from(row)?;
    Ok(match scope {
        Scope::All => cdr,
        Scope::Agent(_) | Scope::Account(_) => customers_view(cdr),
    })
}

/// What the paying side may know.
fn customers_view(cdr: Cdr) -> Cdr {
    Cdr {
        routing_gateway: None,
        routing_gateway_name: None,
        callee_phone: None,
        caller_out: None,
        callee_out: None,
        destination: None,
        call_id_out: None,
        vendor: None,
        attempts: Vec::new(),
        ..cdr
    }
}

struct Row {
    id: Uuid,
    started_at: DateTime<Utc>,
    ringing_at: Option<DateTime<Utc>>,
    answered_at: Option<DateTime<Utc>>,
    ended_at: DateTime<Utc>,
    mapping_gateway_id: Option<i64>,
    mapping_gateway_name: String,
    routing_gateway_id: Option<i64>,
    routing_gateway_name: Option<String>,
    account_id: i64,
    account_name: String,
    vendor_account_id: Option<i64>,
    vendor_account_name: Option<String>,
    caller_in: String,
    callee_in: String,
    caller_out: Option<String>,
    callee_out: Option<String>,
    source_address: IpAddr,
    source_port: i32,
    destination_address: Option<IpAddr>,
    destination_port: Option<i32>,
    call_id_in: String,
    call_id_out: Option<String>,
    duration_ms: i64,
    rounded_seconds: i64,
    billed_seconds: i64,
    currency: String,
    rate_prefix: String,
    rate: Decimal,
    billing_unit: i64,
    connect_fee: Decimal,
    fee: Decimal,
    cost_currency: Option<String>,
    cost_rate_prefix: Option<String>,
    cost_rate: Option<Decimal>,
    cost_billing_unit: Option<i64>,
    cost_connect_fee: Option<Decimal>,
    cost_rounded_seconds: Option<i64>,
    cost_billed_seconds: Option<i64>,
    cost: Option<Decimal>,
    end_reason: String,
    sip_code: i32,
    q850: i32,
    released_by: String,
    codec: Option<String>,
    caller_packets: i64,
    caller_octets: i64,
    callee_packets: i64,
    callee_octets: i64,
    attempts: Value,
    config_version: i64,
    caller_phone_id: Option<i64>,
    callee_phone_id: Option<i64>,
}

impl TryFrom<Row> for Cdr {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let customer = customer(&row)?;
        let vendor = vendor(&row)?;
        let destination = match (row.destination_address, row.destination_port) {
            (Some(address), Some(number)) => Some(SocketAddr::new(address, port(number)?)),
            _ => None,
        };
        Ok(Self {
            id: CallId(row.id),
            started_at: row.started_at,
            ringing_at: row.ringing_at,
            answered_at: row.answered_at,
            ended_at: row.ended_at,
            mapping_gateway: row.mapping_gateway_id.map(MappingGatewayId),
            mapping_gateway_name: row.mapping_gateway_name,
            caller_phone: row.caller_phone_id.map(PhoneId),
            routing_gateway: row.routing_gateway_id.map(RoutingGatewayId),
            routing_gateway_name: row.routing_gateway_name,
            callee_phone: row.callee_phone_id.map(PhoneId),
            caller_in: row.caller_in,
            callee_in: row.callee_in,
            caller_out: row.caller_out,
            callee_out: row.callee_out,
            source: SocketAddr::new(row.source_address, port(row.source_port)?),
            destination,
            call_id_in: row.call_id_in,
            call_id_out: row.call_id_out,
            duration_ms: row.duration_ms,
            customer,
            vendor,
            end_reason: end_reason(&row.end_reason)?,
            sip_code: sip_code(row.sip_code)?,
            q850: Q850(u8::try_from(row.q850).map_err(|_| StoreError::unreadable("cause", row.q850))?),
            released_by: released_by(&row.released_by)?,
            codec: row.codec,
            media: MediaCounters {
                caller_packets: row.caller_packets.unsigned_abs(),
                caller_octets: row.caller_octets.unsigned_abs(),
                callee_packets: row.callee_packets.unsigned_abs(),
                callee_octets: row.callee_octets.unsigned_abs(),
            },
            attempts: attempts(row.attempts)?,
            config_version: row.config_version,
        })
    }
}

fn customer(row: &Row) -> Result<Price, StoreError> {
    Ok(Price {
        account: AccountId(row.account_id),
        account_name: row.account_name.clone(),
        currency: currency(&row.currency)?,
        prefix: prefix(&row.rate_prefix)?,
        rate: to_rate(row.rate)?,
        billing_unit: seconds(row.billing_unit)?,
        connect_fee: to_money(row.connect_fee)?,
        rounded: seconds(row.rounded_seconds)?,
        billed: seconds(row.billed_seconds)?,
        amount: to_money(row.fee)?,
    })
}

fn vendor(row: &Row) -> Result<Option<Price>, StoreError> {
    let Some(account) = row.vendor_account_id else { return Ok(None) };
    Ok(Some(Price {
        account: AccountId(account),
        account_name: row.vendor_account_name.clone().unwrap_or_default(),
        currency: currency(row.cost_currency.as_deref().unwrap_or_default())?,
        prefix: prefix(row.cost_rate_prefix.as_deref().unwrap_or_default())?,
        rate: to_rate(row.cost_rate.unwrap_or_default())?,
        billing_unit: row.cost_billing_unit.map_or(Ok(Seconds(0)), seconds)?,
        connect_fee: to_money(row.cost_connect_fee.unwrap_or_default())?,
        rounded: row.cost_rounded_seconds.map_or(Ok(Seconds(0)), seconds)?,
        billed: row.cost_billed_seconds.map_or(Ok(Seconds(0)), seconds)?,
        amount: to_money(row.cost.unwrap_or_default())?,
    }))
}

fn attempts(stored: Value) -> Result<Vec<Attempt>, StoreError> {
    serde_json::from_value(stored).map_err(|error| StoreError::unreadable("attempts", error))
}

fn port(stored: i32) -> Result<u16, StoreError> {
    u16::try_from(stored).map_err(|_| StoreError::unreadable("port", stored))
}
