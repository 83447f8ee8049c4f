//! Changes by people: one at a time, each with its line in the audit log.

use domain::RowVersion;
use serde::Serialize;
use sqlx::{PgConnection, Postgres, Transaction};

use crate::{Actor, Pool, StoreError};

/// Begins a change of configuration. They are serialised by one advisory lock: they are rare, checks across rows (a source
/// used by another gateway) then hold until the commit, and no two of them can deadlock over rows and change counters.
pub(crate) async fn begin(pool: &Pool) -> Result<Transaction<'static, Postgres>, StoreError> {
    let mut tx = pool.begin().await?;
    sqlx::query!("select pg_advisory_xact_lock(hashtext('tandem configuration'))").execute(&mut *tx).await?;
    Ok(tx)
}

/// What was done, to what, from what, to what.
pub(crate) struct Record<'a, B, A> {
    pub(crate) action: &'a str,
    pub(crate) subject: &'a str,
    pub(crate) before: Option<&'a B>,
    pub(crate) after: Option<&'a A>,
}

/// Refuses to remove `subject` when it is not at the version any more at which it was `seen`; one that nobody looked at is
/// removed as it is. Compared under the lock of [`begin`], so that no change comes in between.
pub(crate) fn as_seen(subject: &str, now: RowVersion, seen: Option<RowVersion>) -> Result<(), StoreError> {
    match seen {
        Some(seen) if seen != now => Err(StoreError::Conflict { subject: subject.to_owned() }),
        _ => Ok(()),
    }
}

/// Writes the audit log's line; in the transaction of the change.
pub(crate) async fn record<B: Serialize, A: Serialize>(
    conn: &mut PgConnection,
    actor: &Actor,
    record: Record<'_, B, A>,
) -> Result<(), StoreError> {
    sqlx::query!(
        "insert into portal.audit_log (user_id, user_name, action, subject, before, after)
         values ($1, $2, $3, $4, $5, $6)",
        actor.user.map(|user| user.0),
        actor.name,
        record.action,
        record.subject,
        record.before.map(json).transpose()?,
        record.after.map(json).transpose()?,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(crate) fn json<T: Serialize>(value: &T) -> Result<serde_json::Value, StoreError> {
    serde_json::to_value(value).map_err(|error| StoreError::Database(sqlx::Error::Encode(error.into())))
}

/// `before`/`after` of a change that has no such side.
pub(crate) const NOTHING: Option<&()> = None;
