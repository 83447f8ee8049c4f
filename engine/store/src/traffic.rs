//! The day's traffic, for the dashboard.

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
        r#"select (avg(extract(epoch from least(ringing_at, answered_at) - started_at)) * 1000)::bigint as pdd_ms
           from cdr.calls
           where started_at >= $1 and started_at < $2 and ($3::bigint[] is null or account_id = any($3))"#,
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
        amounts: sums.amounts,
        hours: hours(pool, scope, now).await?,
    })
}

/// The last 24 hours; hours without calls too.
async fn hours(pool: &Pool, scope: &Scope, now: DateTime<Utc>) -> Result<Vec<TrafficHour>, StoreError> {
    let this_hour = now.duration_trunc(Duration::hours(1)).unwrap_or(now);
    let seen = scope.accounts(pool).await?;
    let rows = sqlx::query!(
        r#"select h.hour as "hour!", count(c.started_at) as "calls!", count(c.answered_at) as "answered!"
           from generate_series($1::timestamptz, $2::timestamptz, '1 hour') as h (hour)
           left join (select date_bin('1 hour', started_at, $1) as hour, started_at, answered_at
                      from cdr.calls
                      where started_at >= $1 and started_at < $2::timestamptz + interval '1 hour'
                        and ($3::bigint[] is null or account_id = any($3))) c using (hour)
           group by h.hour order by h.hour"#,
        this_hour - Duration::hours(23),
        this_hour,
        seen.as_deref(),
    )
    .fetch_all(pool)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| TrafficHour { hour: row.hour, calls: row.calls, answered: row.answered })
        .collect())
}
