//! Where most calls go and whose they are, for the first page: from the sums that are kept by the hour, as far as there are some.
//! Their times begin and end with an hour.

use chrono::{DateTime, Utc};

use domain::{AccountId, AccountTraffic, GatewayTraffic, MappingGatewayId};

use crate::{Pool, Scope, StoreError, amount::to_money};

/// Calls that have something in common.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Share {
    /// What it is called: a gateway, or a destination (empty when its rate has no name).
    pub name: String,
    /// Key of the gateway, or the prefix of the destination.
    pub key: String,
    /// Calls that have ended.
    pub calls: i64,
    /// Of them, answered.
    pub answered: i64,
    /// Answer to hang-up in whole seconds, of all of them.
    pub seconds: i64,
}

/// The routing gateways of the last attempts of most calls of the hours from `from` until before `to`, most first; at most
/// `limit`. Only for an administrator: to others it is not told where calls go.
pub async fn gateways(
    pool: &Pool,
    scope: &Scope,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    limit: u32,
) -> Result<Vec<Share>, StoreError> {
    if *scope != Scope::All {
        return Ok(Vec::new());
    }
    let shares = sqlx::query_as!(
        Share,
        r#"select coalesce(g.name, '#' || busy.key) as "name!", busy.key as "key!", busy.calls as "calls!",
                  busy.answered as "answered!", busy.seconds as "seconds!"
           from (select key, sum(calls)::bigint as calls,
                        coalesce(sum(calls) filter (where answered), 0)::bigint as answered, sum(seconds)::bigint as seconds
                 from cdr.hours
                 where facet = 'routing_gateway' and hour >= $1 and hour < $2
                 group by key order by sum(calls) desc, key limit $3) busy
           left join sip.routing_gateways g on g.id = busy.key::bigint
           order by busy.calls desc, busy.key"#,
        from,
        to,
        i64::from(limit),
    )
    .fetch_all(pool)
    .await?;
    Ok(shares)
}

/// The destinations, by the prefix that priced them, of most calls of the hours from `from` until before `to`, most first; at
/// most `limit`.
pub async fn destinations(
    pool: &Pool,
    scope: &Scope,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    limit: u32,
) -> Result<Vec<Share>, StoreError> {
    let shares = match scope.accounts(pool).await? {
        None => all_destinations(pool, (from, to), limit).await?,
        Some(seen) => own_destinations(pool, &seen, (from, to), limit).await?,
    };
    Ok(shares)
}

/// A prefix is named as the first rate table does that names it.
async fn all_destinations(
    pool: &Pool,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    limit: u32,
) -> Result<Vec<Share>, StoreError> {
    let shares = sqlx::query_as!(
        Share,
        r#"select coalesce(r.destination, '') as "name!", busy.key as "key!", busy.calls as "calls!",
                  busy.answered as "answered!", busy.seconds as "seconds!"
           from (select key, sum(calls)::bigint as calls,
                        coalesce(sum(calls) filter (where answered), 0)::bigint as answered, sum(seconds)::bigint as seconds
                 from cdr.hours
                 where facet = 'destination' and hour >= $1 and hour < $2
                 group by key order by sum(calls) desc, key limit $3) busy
           left join lateral (select n.destination
                              from billing.rate_tables t
                                   cross join lateral (select destination from billing.rates
                                                       where rate_table_id = t.id and prefix = busy.key
                                                         and destination <> '') n
                              order by t.id limit 1) r on true
           order by busy.calls desc, busy.key"#,
        from,
        to,
        i64::from(limit),
    )
    .fetch_all(pool)
    .await?;
    Ok(shares)
}

/// From the calls themselves: sums of each customer's destinations would be as many as the calls.
async fn own_destinations(
    pool: &Pool,
    seen: &[i64],
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    limit: u32,
) -> Result<Vec<Share>, StoreError> {
    let shares = sqlx::query_as!(
        Share,
        r#"select coalesce(r.destination, '') as "name!", busy.prefix as "key!", busy.calls as "calls!",
                  busy.answered as "answered!", busy.seconds as "seconds!"
           from (select rate_prefix as prefix, max(account_id) as account_id, count(*) as calls,
                        count(answered_at) as answered, sum(rounded_seconds)::bigint as seconds
                 from cdr.calls
                 where started_at >= $1 and started_at < $2 and account_id = any($4)
                 group by rate_prefix order by count(*) desc, rate_prefix limit $3) busy
           left join billing.accounts a on a.id = busy.account_id
           left join billing.rates r on r.rate_table_id = a.rate_table_id and r.prefix = busy.prefix
           order by busy.calls desc, busy.prefix"#,
        from,
        to,
        i64::from(limit),
        seen,
    )
    .fetch_all(pool)
    .await?;
    Ok(shares)
}

/// What the customers that the asker may see have done in the hours from `from` until before `to`: an account without calls is
/// not in it, one that has had several currencies stands there once for each.
pub async fn accounts(
    pool: &Pool,
    scope: &Scope,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<AccountTraffic>, StoreError> {
    let seen = scope.accounts(pool).await?;
    let rows = sqlx::query!(
        r#"select key::bigint as "account_id!", currency, sum(calls)::bigint as "calls!",
                  coalesce(sum(calls) filter (where answered), 0)::bigint as "answered!", sum(seconds)::bigint as "seconds!",
                  sum(fee) as "fee!"
           from cdr.hours
           where facet = 'account' and hour >= $1 and hour < $2
             and ($3::bigint[] is null or key = any($3::bigint[]::text[]))
           group by key, currency order by 1, 2"#,
        from,
        to,
        seen.as_deref(),
    )
    .fetch_all(pool)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(AccountTraffic {
                account: AccountId(row.account_id),
                calls: row.calls,
                answered: row.answered,
                seconds: row.seconds,
                currency: row
                    .currency
                    .parse()
                    .map_err(|_| StoreError::unreadable("currency", &row.currency))?,
                fee: to_money(row.fee)?,
            })
        })
        .collect()
}

/// What came in through trunks from `from` until before `to`, of the calls that the asker may see; a trunk without calls is not
/// in it.
pub async fn mapping_gateways(
    pool: &Pool,
    scope: &Scope,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<GatewayTraffic>, StoreError> {
    let seen = scope.accounts(pool).await?;
    let rows = sqlx::query!(
        r#"select mapping_gateway_id as "gateway!", count(*) as "calls!", count(answered_at) as "answered!"
           from cdr.calls
           where started_at >= $1 and started_at < $2 and mapping_gateway_id is not null
             and ($3::bigint[] is null or account_id = any($3))
           group by mapping_gateway_id order by mapping_gateway_id"#,
        from,
        to,
        seen.as_deref(),
    )
    .fetch_all(pool)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| GatewayTraffic {
            gateway: MappingGatewayId(row.gateway),
            calls: row.calls,
            answered: row.answered,
        })
        .collect())
}
