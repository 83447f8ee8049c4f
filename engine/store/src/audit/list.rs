//! Lines of the audit log, newest first.

use domain::{AuditFilter, AuditRow, Page, UserId};

use crate::{Pool, Scope, StoreError, text};

use super::differences::differences;

/// The lines of a filter, newest first. Only the administration sees any.
pub async fn list(pool: &Pool, scope: &Scope, filter: &AuditFilter) -> Result<Page<AuditRow>, StoreError> {
    if *scope != Scope::All {
        return Ok(Page { rows: Vec::new(), more: false });
    }
    let person = text::typed("person", &filter.person, 64)?;
    let action = text::typed("action", &filter.action, 64)?;
    let subject = text::typed("subject", &filter.subject, 200)?;
    let limit = filter.limit.clamp(1, 1000) as usize;
    let rows = sqlx::query!(
        "select id, at, user_id, user_name, action, subject, before::text, after::text from portal.audit_log
         where ($1::bigint is null or id < $1)
           and ($2 = '' or user_name = $2) and ($3 = '' or action = $3)
           and ($4 = '' or strpos(lower(subject), lower($4)) > 0)
           and ($5::timestamptz is null or at >= $5) and ($6::timestamptz is null or at < $6)
         order by id desc limit $7",
        filter.after,
        person,
        action,
        subject,
        filter.from,
        filter.to,
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
            changes: differences(row.before.as_deref(), row.after.as_deref()),
            before: row.before,
            after: row.after,
        })
        .collect();
    Ok(Page { rows, more })
}
