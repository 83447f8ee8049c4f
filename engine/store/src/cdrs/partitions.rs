//! A partition a day, made ahead.

use chrono::{Days, NaiveDate};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::{Pool, StoreError};

/// Most days that one call makes ahead.
const MOST: u32 = 366;

/// Makes the partitions of `cdr.calls` for `today` and the `days` after it (UTC) that are missing; returns the names of the
/// new ones. Rows that the default partition had caught for such a day move into it.
pub async fn ensure_partitions(pool: &Pool, today: NaiveDate, days: u32) -> Result<Vec<String>, StoreError> {
    let mut conn = pool.acquire().await?;
    let mut made = Vec::new();
    for ahead in 0..=days.min(MOST) {
        let Some(day) = today.checked_add_days(Days::new(u64::from(ahead))) else { break };
        made.extend(ensure(&mut conn, day).await?);
    }
    Ok(made)
}

async fn ensure(conn: &mut PgConnection, day: NaiveDate) -> Result<Option<String>, StoreError> {
    let Some(next) = day.succ_opt() else { return Ok(None) };
    let name = format!("calls_{}", day.format("%Y%m%d"));
    let mut tx = conn.begin().await?;
    sqlx::query!("select pg_advisory_xact_lock(hashtext('tandem partitions'))").execute(&mut *tx).await?;
    let exists =
        sqlx::query_scalar!(r#"select to_regclass('cdr.' || $1::text) is not null as "exists!""#, name)
            .fetch_one(&mut *tx)
            .await?;
    if exists {
        return Ok(None);
    }
    // Only the date goes into these statements. Writers wait at the parent table: one that had already chosen the default
    // partition for a call would find it refusing that day once it went on.
    let (from, to) = (format!("'{day} 00:00+00'"), format!("'{next} 00:00+00'"));
    for statement in [
        "lock table only cdr.calls in share row exclusive mode".to_owned(),
        "lock table cdr.calls_default in access exclusive mode".to_owned(),
        format!("create table cdr.{name} (like cdr.calls including all)"),
        format!(
            "with moved as (delete from cdr.calls_default where started_at >= {from} and started_at < {to} returning *)
             insert into cdr.{name} select * from moved"
        ),
        format!("alter table cdr.calls attach partition cdr.{name} for values from ({from}) to ({to})"),
    ] {
        sqlx::query(AssertSqlSafe(statement)).execute(&mut *tx).await?;
    }
    tx.commit().await?;
    Ok(Some(name))
}
