//! Phones: `sip.phones`.

mod edit;
mod row;

pub use edit::{create, remove, update};
pub(crate) use edit::{has_password, insert, replace};
pub(crate) use row::{Which, keys, read};

use domain::{Page, Phone, PhoneId, PhoneRow};

use crate::{Pool, Scope, StoreError, text};

/// The phones that the asker may see whose number begins with, or whose name holds, `search`, by number: those behind `after`,
/// at most `limit` (1 to 1000).
pub async fn list(
    pool: &Pool,
    scope: &Scope,
    search: &str,
    after: Option<&str>,
    limit: u32,
) -> Result<Page<PhoneRow>, StoreError> {
    let search = text::typed("search", search, 64)?;
    let after = after.map(|number| text::typed("after", number, 64)).transpose()?;
    let limit = limit.clamp(1, 1000) as usize;
    let mut conn = pool.acquire().await?;
    let which = row::Which { search, after, limit: Some(limit as i64 + 1), ..Default::default() };
    let mut rows = read(&mut conn, scope, which).await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    Ok(Page { rows, more })
}

/// One phone.
///
/// # Errors
/// [`StoreError::NotFound`] also for one that the asker may not see.
pub async fn find(pool: &Pool, scope: &Scope, id: PhoneId) -> Result<Phone, StoreError> {
    let mut conn = pool.acquire().await?;
    row::one(&mut conn, scope, id).await
}
