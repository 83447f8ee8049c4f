//! Calls added up by the hour and by the day: `cdr.hours`, `cdr.days`. A sum over a long time is read from whole days, then from
//! the hours at its ends, and only the parts of an hour from the calls themselves.

use chrono::{DateTime, Duration, DurationRound, Utc};
use domain::CdrFilter;
use rust_decimal::Decimal;
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

use super::totals::Sums;
use crate::{Pool, StoreError};

/// Adds calls that have just been written in the same transaction. `from` and `to` are when the first and the last of them
/// started.
///
/// The keys are taken in their order, and those of days before those of hours, so that two writers wait for one another instead
/// of holding what the other needs.
pub(super) async fn add(
    conn: &mut PgConnection,
    new: &[Uuid],
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query!(
        "with fresh as materialized (
             select f.facet, f.key, date_trunc('hour', c.started_at, 'UTC') as hour, c.answered_at is not null as answered,
                    c.currency, c.cost_currency, count(*) as calls, sum(c.rounded_seconds)::bigint as seconds,
                    sum(c.fee) as fee, coalesce(sum(c.cost), 0) as cost,
                    count(least(c.ringing_at, c.answered_at)) as heard,
                    coalesce(sum(round(extract(epoch from least(c.ringing_at, c.answered_at) - c.started_at) * 1000)), 0)::bigint
                        as delay_ms
             from cdr.calls c
                  cross join lateral (values ('all', ''), ('account', c.account_id::text), ('vendor', c.vendor_account_id::text),
                                             ('mapping_gateway', c.mapping_gateway_id::text),
                                             ('routing_gateway', c.routing_gateway_id::text), ('destination', c.rate_prefix),
                                             ('end_reason', c.end_reason)) f (facet, key)
             where c.id = any($1) and c.started_at >= $2 and c.started_at <= $3 and f.key is not null
             group by 1, 2, 3, 4, 5, 6
         ), days as (
             insert into cdr.days as d (facet, key, day, answered, currency, cost_currency, calls, seconds, fee, cost)
             select facet, key, date_trunc('day', hour, 'UTC'), answered, currency, cost_currency, sum(calls), sum(seconds),
                    sum(fee), sum(cost)
             from fresh group by 1, 2, 3, 4, 5, 6 order by 1, 2, 3, 4, 5, 6
             on conflict (facet, key, day, answered, currency, cost_currency)
             do update set calls = d.calls + excluded.calls, seconds = d.seconds + excluded.seconds, fee = d.fee + excluded.fee,
                           cost = d.cost + excluded.cost
             returning 1
         ), summed as (
             -- Read to its end before the first hour is written: a part of a statement that nobody reads runs last.
             select count(*) as days from days
         )
         insert into cdr.hours as h (facet, key, hour, answered, currency, cost_currency, calls, seconds, fee, cost, heard,
                                     delay_ms)
         select facet, key, hour, answered, currency, cost_currency, calls, seconds, fee, cost, heard, delay_ms
         from fresh, summed where summed.days > 0
         order by 1, 2, 3, 4, 5, 6
         on conflict (facet, key, hour, answered, currency, cost_currency)
         do update set calls = h.calls + excluded.calls, seconds = h.seconds + excluded.seconds, fee = h.fee + excluded.fee,
                       cost = h.cost + excluded.cost, heard = h.heard + excluded.heard,
                       delay_ms = h.delay_ms + excluded.delay_ms",
        new,
        from,
        to,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A time cut at the hours: what lies between whole ones, and what is left at its ends.
pub(super) struct Cut {
    /// From this hour until before that one.
    pub(super) whole: (DateTime<Utc>, DateTime<Utc>),
    /// Stretches of less than an hour.
    pub(super) ends: Vec<(DateTime<Utc>, DateTime<Utc>)>,
}

/// Cuts the time from `from` until before `to`; none when there is no whole hour in it. Where no call lies between an end and
/// the next hour outside — mostly because that is the future — the end moves there.
pub(super) async fn cut(
    pool: &Pool,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Option<Cut>, StoreError> {
    let hour = Duration::hours(1);
    let (Ok(below_from), Ok(below_to)) = (from.duration_trunc(hour), to.duration_trunc(hour)) else {
        return Ok(None);
    };
    let above =
        |below: DateTime<Utc>, at| if below == at { Some(at) } else { below.checked_add_signed(hour) };
    let (Some(above_from), Some(above_to)) = (above(below_from, from), above(below_to, to)) else {
        return Ok(None);
    };
    let first = if is_quiet(pool, below_from, from).await? { below_from } else { above_from };
    let last = if is_quiet(pool, to, above_to).await? { above_to } else { below_to };
    if first >= last {
        return Ok(None);
    }
    let ends = [(from, first), (last, to)].into_iter().filter(|(from, to)| from < to).collect();
    Ok(Some(Cut { whole: (first, last), ends }))
}

/// True when no call started from `from` until before `to`.
async fn is_quiet(
    executor: impl PgExecutor<'_>,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<bool, StoreError> {
    if from == to {
        return Ok(true);
    }
    let quiet = sqlx::query_scalar!(
        r#"select not exists (select from cdr.calls where started_at >= $1 and started_at < $2) as "quiet!""#,
        from,
        to,
    )
    .fetch_one(executor)
    .await?;
    Ok(quiet)
}

/// What sums are kept of, and which of them: all that are asked for are added up.
pub(super) struct Kept {
    facets: Vec<String>,
    keys: Vec<String>,
}

impl Kept {
    fn of(facets: &[&str], keys: impl IntoIterator<Item = impl ToString>) -> Self {
        Self {
            facets: facets.iter().map(|facet| (*facet).to_owned()).collect(),
            keys: keys.into_iter().map(|key| key.to_string()).collect(),
        }
    }

    /// The sums that hold what `filter` covers of the accounts in `seen`; none where they are not kept that way: numbers, and
    /// two conditions at once.
    pub(super) fn by(filter: &CdrFilter, seen: Option<&[i64]>) -> Option<Self> {
        let numbers = !filter.caller.trim().is_empty() || !filter.callee.trim().is_empty();
        let account = filter.account.map(|id| id.0);
        let mapping = filter.mapping_gateway.map(|id| id.0);
        let routing = filter.routing_gateway.map(|id| id.0);
        match (seen, account, mapping, routing, filter.end_reason) {
            _ if numbers => None,
            (None, None, None, None, None) => Some(Self::of(&["all"], [""])),
            // An account pays or is paid, never both.
            (None, Some(id), None, None, None) => Some(Self::of(&["account", "vendor"], [id])),
            (None, None, Some(id), None, None) => Some(Self::of(&["mapping_gateway"], [id])),
            (None, None, None, Some(id), None) => Some(Self::of(&["routing_gateway"], [id])),
            (None, None, None, None, Some(reason)) => Some(Self::of(&["end_reason"], [reason.name()])),
            (Some(seen), None, None, None, None) => Some(Self::of(&["account"], seen)),
            (Some(seen), Some(id), None, None, None) if seen.contains(&id) => {
                Some(Self::of(&["account"], [id]))
            }
            _ => None,
        }
    }
}

/// Whole days (UTC) in a time of whole hours: from the first until before the second. Where there is none, both are its end.
fn days_in(from: DateTime<Utc>, to: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>) {
    let day = Duration::days(1);
    let begins = |at: DateTime<Utc>| at.duration_trunc(day).ok();
    let first = begins(from)
        .and_then(|day_of| if day_of == from { Some(from) } else { day_of.checked_add_signed(day) });
    match (first, begins(to)) {
        (Some(first), Some(last)) if first < last => (first, last),
        _ => (to, to),
    }
}

/// Sums over whole hours.
pub(super) async fn sums(
    pool: &Pool,
    kept: &Kept,
    answered: Option<bool>,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Sums, StoreError> {
    let (first_day, last_day) = days_in(from, to);
    let row = sqlx::query!(
        r#"with matching as (
               select answered, calls, seconds, currency, fee, cost_currency, cost
               from cdr.hours
               where facet = any($1) and key = any($2) and (hour >= $3 and hour < $6 or hour >= $7 and hour < $4)
                 and ($5::boolean is null or answered = $5)
               union all
               select answered, calls, seconds, currency, fee, cost_currency, cost
               from cdr.days
               where facet = any($1) and key = any($2) and day >= $6 and day < $7
                 and ($5::boolean is null or answered = $5)
           ), amounts as (
               select currency, sum(fee) as fee, sum(cost) as cost
               from (select currency, fee, 0 as cost from matching
                     union all
                     select cost_currency, 0, cost from matching where cost_currency is not null) as sides
               group by currency
           )
           select coalesce(sum(calls), 0)::bigint as "calls!",
                  coalesce(sum(calls) filter (where answered), 0)::bigint as "answered!",
                  coalesce(sum(seconds), 0)::bigint as "seconds!",
                  array(select currency from amounts order by currency) as "currencies!",
                  array(select fee from amounts order by currency) as "fees!: Vec<Decimal>",
                  array(select cost from amounts order by currency) as "costs!: Vec<Decimal>"
           from matching"#,
        &kept.facets,
        &kept.keys,
        from,
        to,
        answered,
        first_day,
        last_day,
    )
    .fetch_one(pool)
    .await?;
    let mut sums = Sums { calls: row.calls, answered: row.answered, seconds: row.seconds, ..Sums::default() };
    for ((currency, fee), cost) in row.currencies.into_iter().zip(row.fees).zip(row.costs) {
        sums.amounts.insert(currency, (fee, cost));
    }
    Ok(sums)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_that_lie_within_the_time_are_read_as_days() {
        let at = |text: &str| format!("2026-{text}:00:00Z").parse::<DateTime<Utc>>().unwrap();
        for (from, to, first, last) in [
            ("03-01T00", "03-03T00", "03-01T00", "03-03T00"),
            ("03-01T01", "03-03T23", "03-02T00", "03-03T00"),
            ("03-01T01", "03-02T23", "03-02T23", "03-02T23"),
            ("03-01T00", "03-01T23", "03-01T23", "03-01T23"),
            ("03-01T05", "03-01T06", "03-01T06", "03-01T06"),
        ] {
            assert_eq!(days_in(at(from), at(to)), (at(first), at(last)), "{from} to {to}");
        }
    }
}
