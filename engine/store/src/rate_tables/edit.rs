//! Changes to rate tables.

use domain::{Invalid, RateTable, RateTableId, RateTableSettings, RowVersion};
use sqlx::PgConnection;

use crate::{
    Actor, Pool, StoreError,
    change::{self, NOTHING, Record},
    rate_tables::row::{billing_unit, stored_billing_unit},
};

/// Adds a table without rates.
///
/// # Errors
/// [`StoreError::Invalid`] at `name` when it is taken.
pub async fn create(
    pool: &Pool,
    actor: &Actor,
    settings: &RateTableSettings,
) -> Result<RateTableId, StoreError> {
    let mut tx = change::begin(pool).await?;
    let id = insert(&mut tx, actor, settings).await?;
    tx.commit().await?;
    Ok(id)
}

/// Changes a table as it was read at `version`.
///
/// # Errors
/// [`StoreError::Conflict`] when it has been changed since; [`StoreError::Invalid`] at `currency` when an account of the old
/// one uses it.
pub async fn update(
    pool: &Pool,
    actor: &Actor,
    id: RateTableId,
    version: RowVersion,
    settings: &RateTableSettings,
) -> Result<(), StoreError> {
    let mut tx = change::begin(pool).await?;
    replace(&mut tx, actor, id, version, settings).await?;
    tx.commit().await?;
    Ok(())
}

/// Removes a table with its rates.
///
/// # Errors
/// [`StoreError::Conflict`] when it is not as it was `seen` any more;
/// [`StoreError::InUse`] naming an account that uses it.
pub async fn remove(
    pool: &Pool,
    actor: &Actor,
    id: RateTableId,
    seen: Option<RowVersion>,
) -> Result<(), StoreError> {
    let mut tx = change::begin(pool).await?;
    let before = one(&mut tx, id).await?;
    let subject = subject(&before.settings);
    change::as_seen(&subject, before.version, seen)?;
    if let Some(name) = user(&mut tx, id).await? {
        return Err(StoreError::InUse { subject, by: format!("account \"{name}\"") });
    }
    sqlx::query!("delete from billing.rate_tables where id = $1", id.0).execute(&mut *tx).await?;
    let gone = Record { action: "remove", subject: &subject, before: Some(&before.settings), after: NOTHING };
    change::record(&mut tx, actor, gone).await?;
    tx.commit().await?;
    Ok(())
}

async fn user(conn: &mut PgConnection, id: RateTableId) -> Result<Option<String>, StoreError> {
    let name = sqlx::query_scalar!(
        "select name from billing.accounts where rate_table_id = $1 order by name limit 1",
        id.0
    )
    .fetch_optional(conn)
    .await?;
    Ok(name)
}

pub(crate) async fn insert(
    conn: &mut PgConnection,
    actor: &Actor,
    settings: &RateTableSettings,
) -> Result<RateTableId, StoreError> {
    let id = sqlx::query_scalar!(
        "insert into billing.rate_tables (name, currency, billing_unit) values ($1, $2, $3) returning id",
        settings.name.as_str(),
        settings.currency.as_str(),
        stored_billing_unit(settings.billing_unit),
    )
    .fetch_one(&mut *conn)
    .await?;
    let subject = subject(settings);
    let made = Record { action: "create", subject: &subject, before: NOTHING, after: Some(settings) };
    change::record(conn, actor, made).await?;
    Ok(RateTableId(id))
}

pub(crate) async fn replace(
    conn: &mut PgConnection,
    actor: &Actor,
    id: RateTableId,
    version: RowVersion,
    settings: &RateTableSettings,
) -> Result<(), StoreError> {
    let before = one(conn, id).await?;
    let subject = subject(&before.settings);
    if before.version != version {
        return Err(StoreError::Conflict { subject });
    }
    if before.settings.currency != settings.currency
        && let Some(name) = user(conn, id).await?
    {
        let message = format!("account \"{name}\" uses it and is in {}", before.settings.currency);
        return Err(Invalid::field("currency", message).into());
    }
    sqlx::query!(
        "update billing.rate_tables set name = $2, currency = $3, billing_unit = $4 where id = $1",
        id.0,
        settings.name.as_str(),
        settings.currency.as_str(),
        stored_billing_unit(settings.billing_unit),
    )
    .execute(&mut *conn)
    .await?;
    let changed =
        Record { action: "update", subject: &subject, before: Some(&before.settings), after: Some(settings) };
    change::record(conn, actor, changed).await
}

pub(super) async fn one(conn: &mut PgConnection, id: RateTableId) -> Result<RateTable, StoreError> {
    let row = sqlx::query!(
        "select row_version, name, currency, billing_unit from billing.rate_tables where id = $1",
        id.0
    )
    .fetch_optional(conn)
    .await?
    .ok_or(StoreError::NotFound)?;
    let settings = RateTableSettings {
        name: row.name.parse().map_err(|_| StoreError::unreadable("rate table name", &row.name))?,
        currency: row.currency.parse().map_err(|_| StoreError::unreadable("currency", &row.currency))?,
        billing_unit: billing_unit(row.billing_unit)?,
    };
    Ok(RateTable { id, version: RowVersion(row.row_version), settings })
}

pub(super) fn subject(settings: &RateTableSettings) -> String {
    format!("rate table \"{}\"", settings.name)
}
