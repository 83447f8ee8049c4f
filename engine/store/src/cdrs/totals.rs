//! Sums over calls.

use std::collections::BTreeMap;

use domain::{Amounts, CdrFilter, CdrTotals, EndReason, Money};
use rust_decimal::Decimal;

use crate::{Pool, Scope, StoreError, amount::to_money};

use super::{
    hours::{self, Kept},
    read::{currency, number_patterns},
};

/// Sums before it is known who asks.
#[derive(Default)]
pub(super) struct Sums {
    pub(super) calls: i64,
    pub(super) answered: i64,
    pub(super) seconds: i64,
    /// Fee and cost by currency.
    pub(super) amounts: BTreeMap<String, (Decimal, Decimal)>,
}

impl Sums {
    fn add(&mut self, other: Self) {
        self.calls += other.calls;
        self.answered += other.answered;
        self.seconds += other.seconds;
        for (currency, (fee, cost)) in other.amounts {
            let sum = self.amounts.entry(currency).or_default();
            *sum = (sum.0 + fee, sum.1 + cost);
        }
    }
}

/// Sums over all calls of a filter, whatever page of it is shown. An account gets them without cost and profit.
///
/// Whole hours come from the sums that are kept by the hour, where they are kept of what is asked for.
pub async fn totals(pool: &Pool, scope: &Scope, filter: &CdrFilter) -> Result<CdrTotals, StoreError> {
    number_patterns(filter)?;
    let seen = scope.accounts(pool).await?;
    let seen = seen.as_deref();
    let kept = match Kept::by(filter, seen) {
        Some(kept) => hours::cut(pool, filter.from, filter.to).await?.map(|cut| (kept, cut)),
        None => None,
    };
    let mut sums = Sums::default();
    match kept {
        Some((kept, cut)) => {
            sums.add(hours::sums(pool, &kept, filter.answered, cut.whole).await?);
            for (from, to) in cut.ends {
                sums.add(of_calls(pool, seen, &CdrFilter { from, to, ..filter.clone() }).await?);
            }
        }
        None => sums = of_calls(pool, seen, filter).await?,
    }
    let sees_cost = *scope == Scope::All;
    let mut amounts = Vec::with_capacity(sums.amounts.len());
    for (code, (fee, cost)) in sums.amounts {
        let (fee, cost) = (to_money(fee)?, to_money(cost)?);
        let cost = sees_cost.then_some(cost);
        // The vendor's currency alone would tell the customer something too.
        if sees_cost || fee != Money::ZERO {
            let profit = cost.map(|cost| fee - cost);
            amounts.push(Amounts { currency: currency(&code)?, fee, cost, profit });
        }
    }
    Ok(CdrTotals { calls: sums.calls, answered: sums.answered, seconds: sums.seconds, amounts })
}

/// Sums over the calls themselves, one by one.
async fn of_calls(pool: &Pool, seen: Option<&[i64]>, filter: &CdrFilter) -> Result<Sums, StoreError> {
    let (caller, callee) = number_patterns(filter)?;
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
        seen,
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
    let mut sums = Sums { calls: row.calls, answered: row.answered, seconds: row.seconds, ..Sums::default() };
    for ((currency, fee), cost) in row.currencies.into_iter().zip(row.fees).zip(row.costs) {
        sums.amounts.insert(currency, (fee, cost));
    }
    Ok(sums)
}
