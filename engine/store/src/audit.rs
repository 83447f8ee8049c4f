//! Who changed what: `portal.audit_log`. The lines are written by those who change.

use domain::{AuditRow, Page, UserId};

use crate::{Pool, Scope, StoreError};

/// Changes, newest first, older than `after`; at most `limit` (1 to 1000). Only an administrator sees any.
pub async fn list(
    pool: &Pool,
    scope: &Scope,
    after: Option<i64>,
    limit: u32,
) -> Result<Page<AuditRow>, StoreError> {
    if *scope != Scope::All {
        return Ok(Page { rows: Vec::new(), more: false });
    }
    let limit = limit.clamp(1, 1000) as usize;
    let rows = sqlx::query!(
        "select id, at, user_id, user_name, action, subject, before::text, after::text from portal.audit_log
         where $1::bigint is null or id < $1 order by id desc limit $2",
        after,
        limit as i64 + 1,
    )
    .fetch_all(pool)
    .await?;
    let more = rows.len() > limit;
    let rows = rows
        .into_iter()
        .take(limit)
        .map(|row| AuditRow {
            id: row.id,
            at: row.at,
            user: row.user_id.map(UserId),
            user_name: row.user_name,
            action: row.action,
            subject: row.subject,
            before: row.before,
            after: row.after,
            changes: Vec::new(),
        })
        .collect();
    Ok(Page { rows, more })
}
