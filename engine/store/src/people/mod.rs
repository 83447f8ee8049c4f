//! People who log in: `portal.users`. Who may do what with which of whose things is put together in [`Access`].

mod access;
mod edit;
mod password;
mod row;

pub use access::{Access, Known, access, find_by_name};
pub(crate) use access::{Barred, at_work, from_there};
pub use edit::{any, create, create_administrator, remove, set_language, update};
pub use password::{change_password, set_password};

use domain::{UserId, UserRow};

use crate::{Pool, Scope, StoreError, text};

/// The people that the asker may see whose names hold `search`, by name.
pub async fn list(pool: &Pool, scope: &Scope, search: &str) -> Result<Vec<UserRow>, StoreError> {
    let search = text::typed("search", search, 64)?;
    let mut conn = pool.acquire().await?;
    row::read(&mut conn, scope, None, search).await
}

/// One person.
///
/// # Errors
/// [`StoreError::NotFound`] also for one that the asker may not see.
pub async fn find(pool: &Pool, scope: &Scope, id: UserId) -> Result<UserRow, StoreError> {
    let mut conn = pool.acquire().await?;
    row::read(&mut conn, scope, Some(id), "").await?.pop().ok_or(StoreError::NotFound)
}
