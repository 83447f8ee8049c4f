//! The day's traffic, for the dashboard: from the sums that are kept by the hour.

use chrono::{DateTime, Duration, DurationRound, NaiveTime, Utc};
use domain::{CdrFilter, Traffic, TrafficHour};

use crate::{Pool, Scope, StoreError, cdrs};

/// Traffic from midnight (UTC) until `now`, and of the last 24 hours one by one. Calls in progress are not in it.
pub async fn today(pool: &Pool, scope: &Scope, now: DateTime<Utc>) -> Result<Traffic, StoreError> {
    let midnight = now.date_naive().and_time(NaiveTime::MIN).and_utc();
    let until = now + Duration::seconds(1);
    let sums = cdrs::totals(pool, scope, &CdrFilter::between(midnight, until)).await?;
    let seen = scope.accounts(pool).await?;
    let delay = sqlx::query_scalar!(
        "select (sum(delay_ms) / nullif(sum(heard), 0))::bigint from cdr.hours
         where facet = case when $3::bigint[] is null then 'all' else 'account' end
           and ($3::bigint[] is null or key = any($3::bigint[]::text[])) and hour >= $1 and hour < $2",
        midnight,
        until,
        seen.as_deref(),
    )
    .fetch_one(pool)
    .await?;
    Ok(Traffic {
        calls: sums.calls,
        answered: sums.answered,
        asr_permille: (sums.calls > 0).then(|| (sums.answered * 1000 + sums.calls / 2) / sums.calls),
        acd_seconds: (sums.answered > 0).then(|| (sums.seconds + sums.answered / 2) / sums.answered),
        pdd_ms: delay,
        seconds: sums.seconds,
        amounts: sums.amounts,
        hours: hours(pool, seen.as_deref(), now).await?,
    })
}

/// The last 24 hours; hours without calls too.
async fn hours(
    pool: &Pool,
    seen: Option<&[i64]>,
    now: DateTime<Utc>,
) -> Result<Vec<TrafficHour>, StoreError> {
    let this_hour = now.duration_trunc(Duration::hours(1)).unwrap_or(now);
    let (facet, keys) = match seen {
        None => ("all", vec![String::new()]),
        Some(accounts) => ("account", accounts.iter().map(i64::to_string).collect()),
    };
    // Added up before the hours without calls come in: joined to the hours one by one, the plan for a reseller with many
    // customers reads the sums of everybody.
    let rows = sqlx::query!(
        r#"with kept as (
               select hour, sum(calls) as calls, sum(calls) filter (where answered) as answered
               from cdr.hours
               where facet = $3 and key = any($4) and hour >= $1 and hour <= $2
               group by hour
           )
           select s.hour as "hour!", coalesce(k.calls, 0)::bigint as "calls!", coalesce(k.answered, 0)::bigint as "answered!"
           from generate_series($1::timestamptz, $2::timestamptz, '1 hour') as s (hour)
           left join kept k on k.hour = s.hour
           order by s.hour"#,
        this_hour - Duration::hours(23),
        this_hour,
        facet,
        &keys,
    )
    .fetch_all(pool)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| TrafficHour { hour: row.hour, calls: row.calls, answered: row.answered })
        .collect())
}
