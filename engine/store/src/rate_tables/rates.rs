//! The rows of price lists.

use domain::{Invalid, Page, Rate, RateFilter, RateId, RateRow, RateSettings, RateTableId, RowVersion};
use rust_decimal::Decimal;
use sqlx::PgConnection;

use crate::{
    Actor, Pool, Scope, StoreError, amount,
    change::{self, NOTHING, Record},
    rate_tables::{
        edit,
        row::{billing_unit, stored_billing_unit},
    },
    text,
};

/// The columns of a rate, as every query of them returns them.
pub(crate) struct RateColumns {
    pub(crate) id: i64,
    pub(crate) rate_table_id: i64,
    pub(crate) row_version: i64,
    pub(crate) prefix: String,
    pub(crate) destination: String,
    pub(crate) rate: Decimal,
    pub(crate) connect_fee: Decimal,
    pub(crate) billing_unit: Option<i32>,
}

impl TryFrom<RateColumns> for RateRow {
    type Error = StoreError;

    fn try_from(row: RateColumns) -> Result<Self, StoreError> {
        Ok(Self {
            id: RateId(row.id),
            table: RateTableId(row.rate_table_id),
            version: RowVersion(row.row_version),
            settings: RateSettings {
                prefix: row.prefix.parse().map_err(|_| StoreError::unreadable("prefix", &row.prefix))?,
                destination: row.destination,
                rate: amount::to_rate(row.rate)?,
                connect_fee: amount::to_money(row.connect_fee)?,
                billing_unit: billing_unit(row.billing_unit)?,
            },
        })
    }
}

/// A page of a table's rates, in the order of their prefixes.
///
/// # Errors
/// [`StoreError::NotFound`] when there is no such table or the asker may not see it.
pub async fn rates(
    pool: &Pool,
    scope: &Scope,
    table: RateTableId,
    filter: &RateFilter,
) -> Result<Page<RateRow>, StoreError> {
    let search = text::typed("search", &filter.search, 64)?;
    super::find(pool, scope, table).await?;
    let limit = filter.limit.clamp(1, 1000) as usize;
    let mut rows = sqlx::query_as!(
        RateColumns,
        r#"select id, rate_table_id, row_version, prefix, destination, rate, connect_fee, billing_unit
           from billing.rates
           where rate_table_id = $1 and ($2::text is null or prefix > $2)
             and ($3 = '' or prefix like $4 or strpos(lower(destination), lower($3)) > 0)
           order by prefix limit $5"#,
        table.0,
        filter.after.as_ref().map(|prefix| prefix.as_str()),
        search,
        text::beginning(search),
        limit as i64 + 1,
    )
    .fetch_all(pool)
    .await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    Ok(Page { rows: rows.into_iter().map(RateRow::try_from).collect::<Result<_, _>>()?, more })
}

/// One rate.
///
/// # Errors
/// [`StoreError::NotFound`] also for one that the asker may not see.
pub async fn find_rate(pool: &Pool, scope: &Scope, id: RateId) -> Result<RateRow, StoreError> {
    let mut conn = pool.acquire().await?;
    one(&mut conn, scope, id).await
}

/// Adds a rate to a table.
///
/// # Errors
/// [`StoreError::Invalid`] at `prefix` when the table has it already.
pub async fn create_rate(
    pool: &Pool,
    actor: &Actor,
    table: RateTableId,
    settings: &RateSettings,
) -> Result<RateId, StoreError> {
    check_destination(settings)?;
    let mut tx = change::begin(pool).await?;
    let subject = subject(&mut tx, table, settings).await?;
    let id = sqlx::query_scalar!(
        "insert into billing.rates (rate_table_id, prefix, destination, rate, connect_fee, billing_unit)
         values ($1, $2, $3, $4, $5, $6) returning id",
        table.0,
        settings.prefix.as_str(),
        settings.destination,
        amount::from_rate(settings.rate),
        amount::from_money(settings.connect_fee),
        stored_billing_unit(settings.billing_unit),
    )
    .fetch_one(&mut *tx)
    .await?;
    let made = Record { action: "create", subject: &subject, before: NOTHING, after: Some(settings) };
    change::record(&mut tx, actor, made).await?;
    tx.commit().await?;
    Ok(RateId(id))
}

/// Changes a rate as it was read at `version`.
///
/// # Errors
/// [`StoreError::Conflict`] when it has been changed since; [`StoreError::Invalid`] as for [`create_rate`].
pub async fn update_rate(
    pool: &Pool,
    actor: &Actor,
    id: RateId,
    version: RowVersion,
    settings: &RateSettings,
) -> Result<(), StoreError> {
    check_destination(settings)?;
    let mut tx = change::begin(pool).await?;
    let before = one(&mut tx, &Scope::All, id).await?;
    let subject = subject(&mut tx, before.table, &before.settings).await?;
    if before.version != version {
        return Err(StoreError::Conflict { subject });
    }
    sqlx::query!(
        "update billing.rates set prefix = $2, destination = $3, rate = $4, connect_fee = $5, billing_unit = $6
         where id = $1",
        id.0,
        settings.prefix.as_str(),
        settings.destination,
        amount::from_rate(settings.rate),
        amount::from_money(settings.connect_fee),
        stored_billing_unit(settings.billing_unit),
    )
    .execute(&mut *tx)
    .await?;
    let changed =
        Record { action: "update", subject: &subject, before: Some(&before.settings), after: Some(settings) };
    change::record(&mut tx, actor, changed).await?;
    tx.commit().await?;
    Ok(())
}

/// Removes a rate.
///
/// # Errors
/// [`StoreError::Conflict`] when it is not as it was `seen` any more.
pub async fn remove_rate(
    pool: &Pool,
    actor: &Actor,
    id: RateId,
    seen: Option<RowVersion>,
) -> Result<(), StoreError> {
    let mut tx = change::begin(pool).await?;
    let before = one(&mut tx, &Scope::All, id).await?;
    let subject = subject(&mut tx, before.table, &before.settings).await?;
    change::as_seen(&subject, before.version, seen)?;
    sqlx::query!("delete from billing.rates where id = $1", id.0).execute(&mut *tx).await?;
    let gone = Record { action: "remove", subject: &subject, before: Some(&before.settings), after: NOTHING };
    change::record(&mut tx, actor, gone).await?;
    tx.commit().await?;
    Ok(())
}

/// Every rate of a table, by prefix.
pub(crate) async fn all_rates(
    conn: &mut PgConnection,
    table: RateTableId,
) -> Result<Vec<RateRow>, StoreError> {
    let rows = sqlx::query_as!(
        RateColumns,
        "select id, rate_table_id, row_version, prefix, destination, rate, connect_fee, billing_unit
         from billing.rates where rate_table_id = $1 order by prefix",
        table.0,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(RateRow::try_from).collect()
}

/// Adds `new` rates to a table and gives others their settings anew, each set in one statement. Tells the audit log nothing.
pub(crate) async fn write_rates(
    conn: &mut PgConnection,
    table: RateTableId,
    new: &[RateSettings],
    changed: &[(RateId, RateSettings)],
) -> Result<(), StoreError> {
    if !new.is_empty() {
        let c = SettingsColumns::of(new.iter())?;
        sqlx::query!(
            "insert into billing.rates (rate_table_id, prefix, destination, rate, connect_fee, billing_unit)
             select $1::bigint, * from unnest($2::text[], $3::text[], $4::numeric[], $5::numeric[], $6::int[])",
            table.0,
            &c.prefixes,
            &c.destinations,
            &c.rates,
            &c.connect_fees,
            &c.billing_units as _,
        )
        .execute(&mut *conn)
        .await?;
    }
    if !changed.is_empty() {
        let c = SettingsColumns::of(changed.iter().map(|(_, settings)| settings))?;
        sqlx::query!(
            "update billing.rates r
             set prefix = c.prefix, destination = c.destination, rate = c.rate, connect_fee = c.connect_fee,
                 billing_unit = c.billing_unit
             from unnest($1::bigint[], $2::text[], $3::text[], $4::numeric[], $5::numeric[], $6::int[])
                  as c (id, prefix, destination, rate, connect_fee, billing_unit)
             where r.id = c.id",
            &changed.iter().map(|(id, _)| id.0).collect::<Vec<_>>(),
            &c.prefixes,
            &c.destinations,
            &c.rates,
            &c.connect_fees,
            &c.billing_units as _,
        )
        .execute(conn)
        .await?;
    }
    Ok(())
}

#[derive(Default)]
struct SettingsColumns {
    prefixes: Vec<String>,
    destinations: Vec<String>,
    rates: Vec<Decimal>,
    connect_fees: Vec<Decimal>,
    billing_units: Vec<Option<i32>>,
}

impl SettingsColumns {
    fn of<'a>(settings: impl Iterator<Item = &'a RateSettings>) -> Result<Self, StoreError> {
        let mut c = Self::default();
        for settings in settings {
            check_destination(settings)?;
            c.prefixes.push(settings.prefix.to_string());
            c.destinations.push(settings.destination.clone());
            c.rates.push(amount::from_rate(settings.rate));
            c.connect_fees.push(amount::from_money(settings.connect_fee));
            c.billing_units.push(stored_billing_unit(settings.billing_unit));
        }
        Ok(c)
    }
}

/// A destination and a price that did not come through a form.
fn check_destination(settings: &RateSettings) -> Result<(), Invalid> {
    text::typed("destination", &settings.destination, 64)?;
    if settings.rate < Rate::ZERO {
        return Err(Invalid::field("rate", "a rate is zero or more"));
    }
    Ok(())
}

async fn one(conn: &mut PgConnection, scope: &Scope, id: RateId) -> Result<RateRow, StoreError> {
    let seen = scope.accounts(&mut *conn).await?;
    sqlx::query_as!(
        RateColumns,
        "select id, rate_table_id, row_version, prefix, destination, rate, connect_fee, billing_unit
         from billing.rates
         where id = $1
           and ($2::bigint[] is null
                or rate_table_id in (select rate_table_id from billing.accounts where id = any($2)))",
        id.0,
        seen.as_deref(),
    )
    .fetch_optional(conn)
    .await?
    .ok_or(StoreError::NotFound)?
    .try_into()
}

async fn subject(
    conn: &mut PgConnection,
    table: RateTableId,
    settings: &RateSettings,
) -> Result<String, StoreError> {
    let table = edit::one(conn, table).await?;
    Ok(format!("rate {} of {}", shown(settings.prefix.as_str()), edit::subject(&table.settings)))
}

fn shown(prefix: &str) -> String {
    if prefix.is_empty() { "for all numbers".to_owned() } else { prefix.to_owned() }
}
