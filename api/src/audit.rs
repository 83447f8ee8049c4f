//! Who changed what.

use axum::extract::State;
use chrono::{DateTime, Utc};
use domain::{AuditFilter, AuditRow};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    admission::Asker,
    answer::{Cursor, Limit, Listing, Moment, Problem, Question},
    router::Api,
};

/// A line of the audit log.
#[derive(Serialize, ToSchema)]
#[schema(as = AuditLine)]
pub(crate) struct LineView {
    /// Counted without gaps.
    id: i64,
    at: DateTime<Utc>,
    /// Who; null for a command at the machine.
    user: Option<i64>,
    /// Their name at that time, with the token where one was used.
    user_name: String,
    /// In one word.
    #[schema(example = "update")]
    action: String,
    /// To what.
    #[schema(example = "account \"Acme\"")]
    subject: String,
    /// What became of each field that changed.
    changes: Vec<ChangeView>,
}

/// What a change did to one field.
#[derive(Serialize, ToSchema)]
#[schema(as = FieldChange)]
pub(crate) struct ChangeView {
    /// A part of a structure is written `outer.inner`.
    field: String,
    /// Null when there was none.
    before: Option<String>,
    /// Null when there is none any more.
    after: Option<String>,
}

fn view(row: AuditRow) -> LineView {
    let change = |change: domain::FieldChange| ChangeView {
        field: change.field,
        before: change.before,
        after: change.after,
    };
    LineView {
        id: row.id,
        at: row.at,
        user: row.user.map(|user| user.0),
        user_name: row.user_name,
        action: row.action,
        subject: row.subject,
        changes: row.changes.into_iter().map(change).collect(),
    }
}

/// Which lines.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AuditQuestion {
    /// Who: the whole name.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    person: String,
    /// The action's word.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    action: String,
    /// Part of the subject, in any case.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    subject: String,
    /// From this moment on.
    #[param(value_type = Option<DateTime<Utc>>)]
    from: Option<Moment>,
    /// Until before this moment.
    #[param(value_type = Option<DateTime<Utc>>)]
    to: Option<Moment>,
    /// Entries of a page; 100 when left out.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 500)]
    limit: Option<Limit>,
    /// From the link to the next page.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// Lists the lines of the audit log, newest first.
#[utoipa::path(
    get, path = "/audit", tag = "System", operation_id = "list_audit",
    params(AuditQuestion),
    responses((status = 200, description = "A page of lines", body = Listing<LineView>)),
    security(("token" = ["ViewAudit"])),
)]
pub(crate) async fn list(
    State(api): State<Api>,
    asker: Asker,
    Question { asked, place }: Question<AuditQuestion>,
) -> Result<Listing<LineView>, Problem> {
    let filter = AuditFilter {
        person: asked.person,
        action: asked.action,
        subject: asked.subject,
        from: asked.from.map(|moment| moment.0),
        to: asked.to.map(|moment| moment.0),
        after: Cursor::key_of(asked.cursor.as_ref())?,
        limit: Limit::or_default(asked.limit),
    };
    let page = store::audit::list(&api.pool, &asker.scope(), &filter).await.map_err(Problem::in_query)?;
    let next = page.rows.last().filter(|_| page.more).map(|last| Cursor::behind(last.id));
    Ok(place.listing(page.rows.into_iter().map(view).collect(), next))
}
