//! Accounts: `billing.accounts`.

mod edit;
mod pay;
mod row;

pub use edit::{create, remove, update};
pub use pay::pay;

pub(crate) use edit::{insert, replace};
pub(crate) use pay::open;
pub(crate) use row::read;

use domain::{Account, AccountFilter, AccountId};

use crate::{Pool, Scope, StoreError, text};

/// The accounts that the asker may see, by name.
pub async fn list(pool: &Pool, scope: &Scope, filter: &AccountFilter) -> Result<Vec<Account>, StoreError> {
    let search = text::typed("search", &filter.search, 64)?;
    let mut conn = pool.acquire().await?;
    row::read(&mut conn, scope, None, search, filter.kind).await
}

/// One account.
///
/// # Errors
/// [`StoreError::NotFound`] also for one that the asker may not see.
pub async fn find(pool: &Pool, scope: &Scope, id: AccountId) -> Result<Account, StoreError> {
    let mut conn = pool.acquire().await?;
    row::read(&mut conn, scope, Some(id), "", None).await?.pop().ok_or(StoreError::NotFound)
}
