//! Who is online, in numbers: `sip.bindings` counted, and `sip.presence_hours`.

use chrono::{DateTime, Utc};
use domain::{PresenceCounts, PresenceHour, PresenceOrigin};
use ipnet::IpNet;

use crate::{Pool, Scope, StoreError};

/// Hours that are kept: half a year.
const KEPT_DAYS: i32 = 183;

/// How widely contacts are counted together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Breadth {
    /// Each address by itself.
    Address,
    /// 24 bits of IPv4, 64 bits of IPv6.
    Network,
}

/// The phones that the asker may see, counted.
pub async fn counts(pool: &Pool, scope: &Scope) -> Result<PresenceCounts, StoreError> {
    let seen = scope.accounts(pool).await?;
    let row = sqlx::query!(
        r#"with seen as (
               select id, enabled, address from sip.phones where $1::bigint[] is null or account_id = any($1)
           ), held as (
               select b.phone_id, b.nat from sip.bindings b join seen s on s.id = b.phone_id
               where s.enabled and s.address is null and b.expires > now()
           )
           select (select count(*) from seen where enabled and address is null) as "phones!",
                  (select count(distinct phone_id) from held) as "online!",
                  (select count(*) from held) as "contacts!",
                  (select count(*) from held where nat) as "nat!",
                  (select count(*) from seen where enabled and address is not null) as "fixed!",
                  (select count(*) from seen where not enabled) as "disabled!""#,
        seen.as_deref(),
    )
    .fetch_one(pool)
    .await?;
    Ok(PresenceCounts {
        phones: row.phones,
        online: row.online,
        contacts: row.contacts,
        nat: row.nat,
        fixed: row.fixed,
        disabled: row.disabled,
    })
}

/// Where the contacts that the asker may see come from, most first: at most `limit` (1 to 1000). One address with hundreds of
/// them is an office, or somebody who should not be there.
pub async fn origins(
    pool: &Pool,
    scope: &Scope,
    breadth: Breadth,
    limit: u32,
) -> Result<Vec<PresenceOrigin>, StoreError> {
    let seen = scope.accounts(pool).await?;
    let (four, six) = match breadth {
        Breadth::Address => (32, 128),
        Breadth::Network => (24, 64),
    };
    let rows = sqlx::query!(
        r#"select network(set_masklen(b.remote_address, case family(b.remote_address) when 4 then $2::int else $3::int end))
                      as "network!: IpNet",
                  count(distinct b.remote_address) as "addresses!", count(distinct b.phone_id) as "phones!",
                  count(*) as "contacts!"
           from sip.bindings b join sip.phones p on p.id = b.phone_id
           where b.expires > now() and p.enabled and ($1::bigint[] is null or p.account_id = any($1))
           group by 1 order by 4 desc, 1 limit $4"#,
        seen.as_deref(),
        four,
        six,
        i64::from(limit.clamp(1, 1000)),
    )
    .fetch_all(pool)
    .await?;
    let origins = rows.into_iter().map(|row| PresenceOrigin {
        network: row.network,
        addresses: row.addresses,
        phones: row.phones,
        contacts: row.contacts,
    });
    Ok(origins.collect())
}

/// Counts who is online at `now` into its hour. One process calls it, each minute.
pub async fn sample(pool: &Pool, now: DateTime<Utc>) -> Result<(), StoreError> {
    sqlx::query!(
        r#"insert into sip.presence_hours (hour, samples, online_sum, least, most)
           select date_trunc('hour', $1::timestamptz, 'UTC'), 1, n, n, n from (
               select count(distinct b.phone_id)::int as n from sip.bindings b join sip.phones p on p.id = b.phone_id
               where b.expires > $1 and p.enabled and p.address is null) counted
           on conflict (hour) do update
           set samples = presence_hours.samples + 1, online_sum = presence_hours.online_sum + excluded.online_sum,
               least = least(presence_hours.least, excluded.least), most = greatest(presence_hours.most, excluded.most)"#,
        now,
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Removes the hours that nobody looks back at any more; how many those were.
pub async fn prune(pool: &Pool, now: DateTime<Utc>) -> Result<u64, StoreError> {
    let gone = sqlx::query!(
        "delete from sip.presence_hours where hour < $1::timestamptz - make_interval(days => $2)",
        now,
        KEPT_DAYS,
    )
    .execute(pool)
    .await?;
    Ok(gone.rows_affected())
}

/// The hours from `from` on, oldest first. Of all phones: nothing for those who see a part.
pub async fn hours(pool: &Pool, scope: &Scope, from: DateTime<Utc>) -> Result<Vec<PresenceHour>, StoreError> {
    if *scope != Scope::All {
        return Ok(Vec::new());
    }
    let rows = sqlx::query!(
        r#"select hour, (online_sum / samples) as "online!", least, most from sip.presence_hours
           where hour >= $1 order by hour"#,
        from,
    )
    .fetch_all(pool)
    .await?;
    let hours = rows.into_iter().map(|row| PresenceHour {
        hour: row.hour,
        online: row.online,
        least: i64::from(row.least),
        most: i64::from(row.most),
    });
    Ok(hours.collect())
}
