//! From rows to rate tables.

use domain::{BillingUnit, RateTable, RateTableId, RateTableRow, RateTableSettings, RowVersion};
use sqlx::PgConnection;

use crate::{Scope, StoreError};

struct Row {
    id: i64,
    row_version: i64,
    name: String,
    currency: String,
    billing_unit: Option<i32>,
    rates: i64,
    used_by: i64,
}

impl TryFrom<Row> for RateTableRow {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let settings = RateTableSettings {
            name: row.name.parse().map_err(|_| StoreError::unreadable("rate table name", &row.name))?,
            currency: row.currency.parse().map_err(|_| StoreError::unreadable("currency", &row.currency))?,
            billing_unit: billing_unit(row.billing_unit)?,
        };
        let table = RateTable { id: RateTableId(row.id), version: RowVersion(row.row_version), settings };
        Ok(Self { table, rates: row.rates, used_by: row.used_by })
    }
}

pub(super) fn billing_unit(stored: Option<i32>) -> Result<Option<BillingUnit>, StoreError> {
    let unit = |n: i32| u32::try_from(n).ok().and_then(BillingUnit::new);
    stored.map(|n| unit(n).ok_or_else(|| StoreError::unreadable("billing unit", n))).transpose()
}

pub(super) fn stored_billing_unit(unit: Option<BillingUnit>) -> Option<i32> {
    unit.map(|unit| i32::from(u16::try_from(unit.seconds()).expect("a unit is at most 3600")))
}

pub(crate) async fn read(
    conn: &mut PgConnection,
    scope: &Scope,
    id: Option<RateTableId>,
) -> Result<Vec<RateTableRow>, StoreError> {
    let seen = scope.accounts(&mut *conn).await?;
    let rows = sqlx::query_as!(
        Row,
        r#"select t.id, t.row_version, t.name, t.currency, t.billing_unit,
                  (select count(*) from billing.rates r where r.rate_table_id = t.id) as "rates!",
                  (select count(*) from billing.accounts a
                   where a.rate_table_id = t.id and ($1::bigint[] is null or a.id = any($1))) as "used_by!"
           from billing.rate_tables t
           where ($1::bigint[] is null or t.id in (select rate_table_id from billing.accounts where id = any($1)))
             and ($2::bigint is null or t.id = $2)
           order by lower(t.name), t.id"#,
        seen.as_deref(),
        id.map(|id| id.0),
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(RateTableRow::try_from).collect()
}
