//! Calls, newest first, a page by key.

use chrono::{DateTime, Utc};
use domain::{AccountId, CallId, CdrFilter, CdrRow, EndReason, MappingGatewayId, Page, RoutingGatewayId};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::{Pool, Scope, StoreError, amount::to_money};

use super::read::{currency, end_reason, number_patterns, released_by, seconds, sip_code};

struct Row {
    id: Uuid,
    started_at: DateTime<Utc>,
    ringing_at: Option<DateTime<Utc>>,
    answered_at: Option<DateTime<Utc>>,
    ended_at: DateTime<Utc>,
    caller_in: String,
    callee_in: String,
    account_id: i64,
    account_name: String,
    mapping_gateway_id: Option<i64>,
    mapping_gateway_name: String,
    routing_gateway_id: Option<i64>,
    routing_gateway_name: Option<String>,
    vendor_account_name: Option<String>,
    rounded_seconds: i64,
    billed_seconds: i64,
    currency: String,
    fee: Decimal,
    cost_currency: Option<String>,
    cost: Option<Decimal>,
    profit: Option<Decimal>,
    end_reason: String,
    sip_code: i32,
    released_by: String,
}

impl TryFrom<Row> for CdrRow {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: CallId(row.id),
            started_at: row.started_at,
            ringing_at: row.ringing_at,
            answered_at: row.answered_at,
            ended_at: row.ended_at,
            caller: row.caller_in,
            callee: row.callee_in,
            account: AccountId(row.account_id),
            account_name: row.account_name,
            mapping_gateway: row.mapping_gateway_id.map(MappingGatewayId),
            mapping_gateway_name: row.mapping_gateway_name,
            routing_gateway: row.routing_gateway_id.map(RoutingGatewayId),
            routing_gateway_name: row.routing_gateway_name,
            vendor_account_name: row.vendor_account_name,
            duration: seconds(row.rounded_seconds)?,
            billed: seconds(row.billed_seconds)?,
            currency: currency(&row.currency)?,
            fee: to_money(row.fee)?,
            cost_currency: row.cost_currency.as_deref().map(currency).transpose()?,
            cost: row.cost.map(to_money).transpose()?,
            profit: row.profit.map(to_money).transpose()?,
            end_reason: end_reason(&row.end_reason)?,
            sip_code: sip_code(row.sip_code)?,
            released_by: released_by(&row.released_by)?,
        })
    }
}

/// The calls of a filter, newest first. An account sees the calls it pays for, without the vendor's side; a condition on
/// that side finds it nothing.
pub async fn list(pool: &Pool, scope: &Scope, filter: &CdrFilter) -> Result<Page<CdrRow>, StoreError> {
    let (caller, callee) = number_patterns(filter)?;
    let limit = filter.limit.clamp(1, 1000) as usize;
    let seen = scope.accounts(pool).await?;
    // An equality walks the account's own index in the list's order; a list of one does not.
    let only = match seen.as_deref() {
        Some([account]) => Some(*account),
        _ => None,
    };
    let mut rows = sqlx::query_as!(
        Row,
        r#"select id, started_at, ringing_at, answered_at, ended_at, caller_in, callee_in, account_id, account_name,
                  mapping_gateway_id, mapping_gateway_name, routing_gateway_id, routing_gateway_name,
                  vendor_account_name, rounded_seconds, billed_seconds, currency, fee, cost_currency, cost, profit,
                  end_reason, sip_code, released_by
           from cdr.calls
           where started_at >= $1 and started_at < $2
             and ($3::bigint[] is null or account_id = any($3))
             and ($4::text is null or caller_in like $4) and ($5::text is null or callee_in like $5)
             and ($6::bigint is null or account_id = $6 or ($3::bigint[] is null and vendor_account_id = $6))
             and ($7::bigint is null or mapping_gateway_id = $7)
             and ($8::bigint is null or ($3::bigint[] is null and routing_gateway_id = $8))
             and ($9::text is null or end_reason = $9)
             and ($10::boolean is null or (answered_at is not null) = $10)
             and ($11::timestamptz is null or (started_at, id) < ($11, $12::uuid))
             and ($14::bigint is null or account_id = $14)
           order by started_at desc, id desc limit $13"#,
        filter.from,
        filter.to,
        seen.as_deref(),
        caller,
        callee,
        filter.account.map(|id| id.0),
        filter.mapping_gateway.map(|id| id.0),
        filter.routing_gateway.map(|id| id.0),
        filter.end_reason.map(EndReason::name),
        filter.answered,
        filter.after.map(|place| place.started_at),
        filter.after.map(|place| place.id.0),
        limit as i64 + 1,
        only,
    )
    .fetch_all(pool)
    .await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let mut rows = rows.into_iter().map(CdrRow::try_from).collect::<Result<Vec<_>, _>>()?;
    if *scope != Scope::All {
        rows.iter_mut().for_each(hide_vendor);
    }
    Ok(Page { rows, more })
}

/// Leaves what the paying side may know.
fn hide_vendor(row: &mut CdrRow) {
    row.routing_gateway = None;
    row.routing_gateway_name = None;
    row.vendor_account_name = None;
    row.cost_currency = None;
    row.cost = None;
    row.profit = None;
}
