//! Price lists: `billing.rate_tables` and `billing.rates`.

mod edit;
mod rates;
mod row;

pub use edit::{create, remove, update};
pub use rates::{create_rate, find_rate, rates, remove_rate, update_rate};

pub(crate) use edit::{insert, replace};
pub(crate) use rates::{RateColumns, all_rates, write_rates};
pub(crate) use row::read;

use domain::{RateTable, RateTableId, RateTableRow};

use crate::{Pool, Scope, StoreError};

/// The tables that the asker may see, by name; an account sees its own.
pub async fn list(pool: &Pool, scope: &Scope) -> Result<Vec<RateTableRow>, StoreError> {
    let mut conn = pool.acquire().await?;
    row::read(&mut conn, scope, None).await
}

/// One table.
///
/// # Errors
/// [`StoreError::NotFound`] also for one that the asker may not see.
pub async fn find(pool: &Pool, scope: &Scope, id: RateTableId) -> Result<RateTable, StoreError> {
    let mut conn = pool.acquire().await?;
    let row = row::read(&mut conn, scope, Some(id)).await?.pop().ok_or(StoreError::NotFound)?;
    Ok(row.table)
}
