//! Sums over calls.

use domain::{Amounts, CdrFilter, CdrTotals, EndReason, Money};
use rust_decimal::Decimal;

use crate::{Pool, Scope, StoreError, amount::to_money};

use super::read::{currency, number_patterns};

/// Sums over all calls of a filter, whatever page of it is shown. An account gets them without cost and profit.
pub async fn totals(pool: &Pool, scope: &Scope, filter: &CdrFilter) -> Result<CdrTotals, StoreError> {
    let (caller, callee) = number_patterns(filter)?;
    let seen = scope.accounts(pool).await?;
    let row = sqlx::query!(
        r#"with matching as (
               select answered_at, rounded_seconds, currency, fee, cost_currency, cost
               from cdr.calls
               where started_at >= $1 and started_at < $2
                 and ($3::bigint[] is null or account_id = any($3))
                 and ($4::text is null or caller_in like $4) and ($5::text is null or callee_in like $5)
                 and ($6::bigint is null or account_id = $6 or ($3::bigint[] is null and vendor_account_id = $6))
                 and ($7::bigint is null or mapping_gateway_id = $7)
                 and ($8::bigint is null or ($3::bigint[] is null and routing_gateway_id = $8))
                 and ($9::text is null or end_reason = $9)
                 and ($10::boolean is null or (answered_at is not null) = $10)
           ), amounts as (
               select currency, sum(fee) as fee, sum(cost) as cost
               from (select currency, fee, 0 as cost from matching
                     union all
                     select cost_currency, 0, cost from matching where cost_currency is not null) as sides
               group by currency
           )
           select count(*) as "calls!", count(answered_at) as "answered!",
                  coalesce(sum(rounded_seconds), 0)::bigint as "seconds!",
                  array(select currency from amounts order by currency) as "currencies!",
                  array(select fee from amounts order by currency) as "fees!: Vec<Decimal>",
                  array(select cost from amounts order by currency) as "costs!: Vec<Decimal>"
           from matching"#,
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
    )
    .fetch_one(pool)
    .await?;
    let sees_cost = *scope == Scope::All;
    let mut amounts = Vec::with_capacity(row.currencies.len());
    for ((code, fee), cost) in row.currencies.iter().zip(row.fees).zip(row.costs) {
        let (fee, cost) = (to_money(fee)?, to_money(cost)?);
        let cost = sees_cost.then_some(cost);
        // The vendor's currency alone would tell the customer something too.
        if sees_cost || fee != Money::ZERO {
            let profit = cost.map(|cost| fee - cost);
            amounts.push(Amounts { currency: currency(code)?, fee, cost, profit });
        }
    }
    Ok(CdrTotals { calls: row.calls, answered: row.answered, seconds: row.seconds, amounts })
}
