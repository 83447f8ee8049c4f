//! Who may not try to log in for a while: `portal.login_failures`.
//!
//! Failures are counted by name, whether or not somebody has it, and by address. A try counts as a failure before the password
//! is looked at and is taken back when it was right: tries made at the same moment cannot slip past the count.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use domain::{Lockout, LockoutId, LockoutSubject};
use sqlx::{PgConnection, Postgres, Transaction};

use crate::{
    Actor, Pool, StoreError,
    change::{self, NOTHING, Record},
    text,
};

/// Failures within [`WINDOW`] that lock.
const FREE: i64 = 5;
/// Seconds in which failures add up.
const WINDOW: f64 = 15.0 * 60.0;
/// Seconds of the first lock-out; each further one is twice as long.
const FIRST: f64 = 15.0 * 60.0;
/// Seconds of the longest.
const LONGEST: f64 = 24.0 * 3600.0;
/// Names and addresses remembered; when there are more, the one whose failure is longest ago is forgotten.
const MOST: i64 = 10_000;

/// Something that failures are counted for.
struct Key {
    kind: &'static str,
    subject: String,
}

fn keys(name: &str, address: IpAddr) -> [Key; 2] {
    // Always in this order: two tries at once cannot wait for one another's rows.
    [
        Key { kind: "address", subject: network(address).to_string() },
        Key { kind: "name", subject: text::received(&name.trim().to_lowercase(), 255) },
    ]
}

/// A network of one customer is one IPv6 address here, for it has more addresses than anybody can count.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6((u128::from(v6) >> 64 << 64).into()),
        v4 => v4,
    }
}

/// Notes a try that is about to be made. `Some` when it must not be made: until when.
pub async fn note(pool: &Pool, name: &str, address: IpAddr) -> Result<Option<DateTime<Utc>>, StoreError> {
    let mut tx = pool.begin().await?;
    let keys = keys(name, address);
    for key in &keys {
        if let Some(until) = locked(&mut tx, key).await? {
            return Ok(Some(until));
        }
    }
    for key in &keys {
        count(&mut tx, key).await?;
    }
    forget_old(&mut tx).await?;
    tx.commit().await?;
    Ok(None)
}

/// The password was right: the failures of that name are forgotten, and this try of that address. Other failures of the address
/// stay, so that an account of one's own does not buy tries at others.
pub async fn forgive(pool: &Pool, name: &str, address: IpAddr) -> Result<(), StoreError> {
    let [address, name] = keys(name, address);
    sqlx::query!(
        "delete from portal.login_failures
         where (kind = $1 and subject = $2) or (kind = $3 and subject = $4 and failures <= 1)",
        name.kind,
        name.subject,
        address.kind,
        address.subject,
    )
    .execute(pool)
    .await?;
    sqlx::query!(
        "update portal.login_failures
         set failures = failures - 1, locks = locks - case when failures >= $3 then 1 else 0 end,
             locked_until = case when failures - 1 >= $3 then locked_until end
         where kind = $1 and subject = $2",
        address.kind,
        address.subject,
        FREE,
    )
    .execute(pool)
    .await?;
    Ok(())
}

async fn locked(conn: &mut PgConnection, key: &Key) -> Result<Option<DateTime<Utc>>, StoreError> {
    let until = sqlx::query_scalar!(
        r#"select locked_until as "until!" from portal.login_failures
           where kind = $1 and subject = $2 and locked_until > now()"#,
        key.kind,
        key.subject,
    )
    .fetch_optional(conn)
    .await?;
    Ok(until)
}

/// One failure more. A series ends after a window without any, and its doubling after a day; the failure that fills the
/// measure locks, for twice as long as the time before.
async fn count(tx: &mut Transaction<'_, Postgres>, key: &Key) -> Result<(), StoreError> {
    let row = sqlx::query!(
        r#"insert into portal.login_failures as f (kind, subject, failures, first_at, last_at)
           values ($1, $2, 1, now(), now())
           on conflict (kind, subject) do update
           set failures = case when f.last_at < now() - make_interval(secs => $3) or f.locked_until <= now()
                               then 1 else f.failures + 1 end,
               first_at = case when f.last_at < now() - make_interval(secs => $3) then now() else f.first_at end,
               last_at = now(),
               locks = case when f.last_at < now() - make_interval(secs => $4) then 0 else f.locks end,
               locked_until = case when f.locked_until > now() then f.locked_until end
           returning failures, locks, locked_until"#,
        key.kind,
        key.subject,
        WINDOW,
        LONGEST,
    )
    .fetch_one(&mut **tx)
    .await?;
    if row.failures < FREE || row.locked_until.is_some() {
        return Ok(());
    }
    let seconds = (FIRST * 2f64.powi(row.locks.clamp(0, 16))).min(LONGEST);
    sqlx::query!(
        "update portal.login_failures set locks = locks + 1, locked_until = now() + make_interval(secs => $3)
         where kind = $1 and subject = $2",
        key.kind,
        key.subject,
        seconds,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Keeps the table within its bound; now and then, because counting it takes longer than a row more does harm.
async fn forget_old(conn: &mut PgConnection) -> Result<(), StoreError> {
    if rand::random_ratio(31, 32) {
        return Ok(());
    }
    tidy(conn).await
}

async fn tidy(conn: &mut PgConnection) -> Result<(), StoreError> {
    sqlx::query!(
        "delete from portal.login_failures where id in (
             select id from portal.login_failures
             where last_at < now() - make_interval(secs => $1) and coalesce(locked_until, now()) <= now()
             for update skip locked)",
        2.0 * LONGEST,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "delete from portal.login_failures where id in (
             select id from portal.login_failures order by last_at desc offset $1 for update skip locked)",
        MOST,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets what need not be remembered any more; for a job that runs from time to time.
pub async fn expire(pool: &Pool) -> Result<(), StoreError> {
    tidy(&mut *pool.acquire().await?).await
}

/// Names and addresses with failures, those locked now first, then the latest; at most 1000.
pub async fn list(pool: &Pool) -> Result<Vec<Lockout>, StoreError> {
    let rows = sqlx::query!(
        r#"select id, kind, subject, failures, last_at,
                  case when locked_until > now() then locked_until end as locked_until
           from portal.login_failures
           order by coalesce(locked_until > now(), false) desc, last_at desc, id limit 1000"#
    )
    .fetch_all(pool)
    .await?;
    rows.into_iter()
        .map(|row| {
            let subject = match row.kind.as_str() {
                "address" => row
                    .subject
                    .parse()
                    .map(LockoutSubject::Address)
                    .map_err(|_| StoreError::unreadable("address", &row.subject))?,
                _ => LockoutSubject::Name(row.subject),
            };
            Ok(Lockout {
                id: LockoutId(row.id),
                subject,
                failures: row.failures,
                last_failure: row.last_at,
                locked_until: row.locked_until,
            })
        })
        .collect()
}

/// Lets a name or an address try again at once.
///
/// # Errors
/// [`StoreError::NotFound`] when nothing is remembered of it any more.
pub async fn release(pool: &Pool, actor: &Actor, id: LockoutId) -> Result<(), StoreError> {
    let mut tx = change::begin(pool).await?;
    let gone = sqlx::query!("delete from portal.login_failures where id = $1 returning kind, subject", id.0)
        .fetch_optional(&mut *tx)
        .await?
        .ok_or(StoreError::NotFound)?;
    record_release(&mut tx, actor, &gone.kind, &gone.subject).await?;
    tx.commit().await?;
    Ok(())
}

/// Lets a name try again at once; for the console, when nobody can log in to release it.
pub async fn release_name(pool: &Pool, actor: &Actor, name: &str) -> Result<(), StoreError> {
    let [_, key] = keys(name, IpAddr::from([0, 0, 0, 0]));
    let mut tx = change::begin(pool).await?;
    let gone = sqlx::query!(
        "delete from portal.login_failures where kind = $1 and subject = $2",
        key.kind,
        key.subject
    )
    .execute(&mut *tx)
    .await?;
    if gone.rows_affected() > 0 {
        record_release(&mut tx, actor, key.kind, &key.subject).await?;
    }
    tx.commit().await?;
    Ok(())
}

async fn record_release(
    conn: &mut PgConnection,
    actor: &Actor,
    kind: &str,
    subject: &str,
) -> Result<(), StoreError> {
    let subject = format!("log-ins of {kind} \"{subject}\"");
    let released = Record::<(), ()> { action: "release", subject: &subject, before: NOTHING, after: NOTHING };
    change::record(conn, actor, released).await
}
