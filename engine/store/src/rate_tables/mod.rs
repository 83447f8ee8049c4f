//! Price lists: `billing.rate_tables` and `billing.rates`.

mod edit;
mod rates;
mod row;

pub use edit::{create, remove, update};
pub use rates::{create_rate, find_rate, rates, remove_rate, update_rate};

pub(crate) use edit::{insert, replace};
pub(crate) use rates::{RateColumns, all_rates, check_destination};
pub(crate) use row::read;

use domain::{RateTable, RateTableId, RateTableRow};

use crate::{Pool, Scope, StoreError, text};

/// The tables that the asker may see whose name holds `search`, by name; an account sees its own.
pub async fn list(pool: &Pool, scope: &Scope, search: &str) -> Result<Vec<RateTableRow>, StoreError> {
    let search = text::typed("search", search, 64)?;
    let mut conn = pool.acquire().await?;
    row::read(&mut conn, scope, None, search).await
}

/// One table.
///
/// # Errors
/// [`StoreError::NotFound`] also for one that the asker may not see.
pub async fn find(pool: &Pool, scope: &Scope, id: RateTableId) -> Result<RateTable, StoreError> {
    let mut conn = pool.acquire().await?;
    let row = row::read(&mut conn, scope, Some(id), "").await?.pop().ok_or(StoreError::NotFound)?;
    Ok(row.table)
}
