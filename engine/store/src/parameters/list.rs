//! What parameters hold and held.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::{Page, Parameter, ParameterChange, ParameterRow, ParameterValues, RowVersion, UserId};
use sqlx::PgConnection;

use crate::{Pool, Scope, StoreError};

/// Every parameter of the registry, in its order. Only an administrator sees any.
pub async fn list(pool: &Pool, scope: &Scope) -> Result<Vec<ParameterRow>, StoreError> {
    if *scope != Scope::All {
        return Ok(Vec::new());
    }
    some(pool, Parameter::all().collect()).await
}

/// These parameters, in the order given.
pub(super) async fn some(pool: &Pool, parameters: Vec<Parameter>) -> Result<Vec<ParameterRow>, StoreError> {
    let mut conn = pool.acquire().await?;
    let mut rows: BTreeMap<Parameter, Row> =
        rows(&mut conn).await?.into_iter().filter_map(|row| Some((row.name.parse().ok()?, row))).collect();
    let mut changes = last_changes(&mut conn, &parameters).await?;
    let known = |parameter: Parameter| {
        let row = rows.remove(&parameter);
        ParameterRow {
            parameter,
            set: row.as_ref().and_then(|row| Some(parameter.parse(&row.value).ok()?.to_string())),
            version: RowVersion(row.as_ref().map_or(0, |row| row.row_version)),
            set_at: row.map(|row| row.updated_at),
            last_change: changes.remove(parameter.name()),
        }
    };
    Ok(parameters.into_iter().map(known).collect())
}

/// The last change of each, by name: one look at the index for each, however long the history is.
async fn last_changes(
    conn: &mut PgConnection,
    parameters: &[Parameter],
) -> Result<BTreeMap<String, ParameterChange>, StoreError> {
    let names: Vec<String> = parameters.iter().map(ToString::to_string).collect();
    let rows = sqlx::query_as!(
        ChangeRow,
        r#"select h.id as "id!", h.at as "at!", h.name as "name!", h.user_id, h.user_name as "user_name!", h.old_value,
                  h.new_value
           from unnest($1::text[]) as wanted (name)
           cross join lateral (select * from sys.parameter_history
                               where name = wanted.name order by id desc limit 1) h"#,
        &names,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.name.clone(), row.into())).collect())
}

/// Changes of one parameter or of all, newest first, older than `after`; at most `limit` (1 to 1000). Only an administrator
/// sees any.
pub async fn history(
    pool: &Pool,
    scope: &Scope,
    parameter: Option<Parameter>,
    after: Option<i64>,
    limit: u32,
) -> Result<Page<ParameterChange>, StoreError> {
    if *scope != Scope::All {
        return Ok(Page { rows: Vec::new(), more: false });
    }
    let limit = limit.clamp(1, 1000) as usize;
    let rows = sqlx::query_as!(
        ChangeRow,
        "select id, at, name, user_id, user_name, old_value, new_value from sys.parameter_history
         where ($1::text is null or name = $1) and ($2::bigint is null or id < $2) order by id desc limit $3",
        parameter.map(Parameter::name),
        after,
        limit as i64 + 1,
    )
    .fetch_all(pool)
    .await?;
    let more = rows.len() > limit;
    let rows = rows.into_iter().take(limit).map(Into::into).collect();
    Ok(Page { rows, more })
}

struct ChangeRow {
    id: i64,
    at: DateTime<Utc>,
    name: String,
    user_id: Option<i64>,
    user_name: String,
    old_value: Option<String>,
    new_value: Option<String>,
}

impl From<ChangeRow> for ParameterChange {
    fn from(row: ChangeRow) -> Self {
        Self {
            id: row.id,
            at: row.at,
            name: row.name,
            user: row.user_id.map(UserId),
            user_name: row.user_name,
            old: row.old_value,
            new: row.new_value,
        }
    }
}

struct Row {
    name: String,
    value: String,
    row_version: i64,
    updated_at: DateTime<Utc>,
}

async fn rows(conn: &mut PgConnection) -> Result<Vec<Row>, StoreError> {
    let rows =
        sqlx::query_as!(Row, "select name, value, row_version, updated_at from sys.parameters order by name")
            .fetch_all(conn)
            .await?;
    Ok(rows)
}

/// All values that were set.
pub(crate) async fn read(conn: &mut PgConnection) -> Result<ParameterValues, StoreError> {
    let mut values = ParameterValues::default();
    for row in rows(conn).await? {
        take_up(&mut values, &row.name, &row.value, "the system");
    }
    Ok(values)
}

/// Sets a stored value, or says why this build cannot.
pub(super) fn take_up(values: &mut ParameterValues, name: &str, text: &str, owner: &str) {
    let Ok(parameter) = name.parse::<Parameter>() else {
        tracing::warn!(name, owner, "a stored parameter is unknown to this build and is passed over");
        return;
    };
    if let Err(error) = values.set(parameter, text) {
        tracing::warn!(name, owner, %error, "a stored parameter cannot be read by this build and is passed over");
    }
}
