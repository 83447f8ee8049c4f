//! Where most calls go, for the dashboard.

use chrono::{DateTime, Utc};

use crate::{Pool, Scope, StoreError};

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

/// The routing gateways of the last attempts of most calls that started from `from` until before `to`, most first; at most
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
        r#"select max(routing_gateway_name) as "name!", routing_gateway_id::text as "key!", count(*) as "calls!",
                  count(answered_at) as "answered!", sum(rounded_seconds)::bigint as "seconds!"
           from cdr.calls
           where started_at >= $1 and started_at < $2 and routing_gateway_id is not null
           group by routing_gateway_id order by count(*) desc, routing_gateway_id limit $3"#,
        from,
        to,
        i64::from(limit),
    )
    .fetch_all(pool)
    .await?;
    Ok(shares)
}

/// The destinations, by the prefix that priced them, of most calls that started from `from` until before `to`, most first; at
/// most `limit`.
pub async fn destinations(
    pool: &Pool,
    scope: &Scope,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    limit: u32,
) -> Result<Vec<Share>, StoreError> {
    let seen = scope.accounts(pool).await?;
    let shares = sqlx::query_as!(
        Share,
        r#"select coalesce(r.destination, '') as "name!", busy.prefix as "key!", busy.calls as "calls!",
                  busy.answered as "answered!", busy.seconds as "seconds!"
           from (select rate_prefix as prefix, max(account_id) as account_id, count(*) as calls,
                        count(answered_at) as answered, sum(rounded_seconds)::bigint as seconds
                 from cdr.calls
                 where started_at >= $1 and started_at < $2 and ($4::bigint[] is null or account_id = any($4))
                 group by rate_prefix order by count(*) desc, rate_prefix limit $3) busy
           left join billing.accounts a on a.id = busy.account_id
           left join billing.rates r on r.rate_table_id = a.rate_table_id and r.prefix = busy.prefix
           order by busy.calls desc, busy.prefix"#,
        from,
        to,
        i64::from(limit),
        seen.as_deref(),
    )
    .fetch_all(pool)
    .await?;
    Ok(shares)
}
