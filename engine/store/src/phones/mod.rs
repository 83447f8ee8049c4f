//! Phones: `sip.phones`.

mod edit;
mod generate;
mod row;

pub use edit::{create, remove, update};
pub(crate) use edit::{has_password, insert, replace};
pub use generate::new_password;
pub(crate) use row::{Which, keys, read};

use domain::{Page, Phone, PhoneFilter, PhoneId, PhoneListing};

use crate::{Pool, Scope, StoreError, bindings, text};

/// The phones that the asker may see and for which all of `filter` holds, by number, with their contacts of this moment.
///
/// What they are registered at comes from the database, where the switch writes it within a second.
pub async fn list(
    pool: &Pool,
    scope: &Scope,
    filter: &PhoneFilter,
) -> Result<Page<PhoneListing>, StoreError> {
    let search = text::typed("search", &filter.search, 64)?;
    let after = filter.after.as_deref().map(|number| text::typed("after", number, 64)).transpose()?;
    let limit = filter.limit.clamp(1, 1000) as usize;
    let mut conn = pool.acquire().await?;
    let which = row::Which {
        search,
        account: filter.account,
        state: filter.state,
        after,
        limit: Some(limit as i64 + 1),
        ..Default::default()
    };
    let mut rows = read(&mut conn, scope, which).await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let ids: Vec<PhoneId> = rows.iter().map(|row| row.phone.id).collect();
    let mut contacts = bindings::contacts(&mut conn, &ids).await?;
    let rows = rows.into_iter().map(|row| {
        let contacts = contacts.remove(&row.phone.id).unwrap_or_default();
        PhoneListing { row, contacts }
    });
    Ok(Page { rows: rows.collect(), more })
}

/// One phone with who pays for it and its contacts of this moment.
///
/// # Errors
/// [`StoreError::NotFound`] also for one that the asker may not see.
pub async fn show(pool: &Pool, scope: &Scope, id: PhoneId) -> Result<PhoneListing, StoreError> {
    let mut conn = pool.acquire().await?;
    let which = row::Which { id: Some(id), ..Default::default() };
    let row = read(&mut conn, scope, which).await?.pop().ok_or(StoreError::NotFound)?;
    let contacts = bindings::contacts(&mut conn, &[id]).await?.remove(&id).unwrap_or_default();
    Ok(PhoneListing { row, contacts })
}

/// One phone.
///
/// # Errors
/// [`StoreError::NotFound`] also for one that the asker may not see.
pub async fn find(pool: &Pool, scope: &Scope, id: PhoneId) -> Result<Phone, StoreError> {
    let mut conn = pool.acquire().await?;
    row::one(&mut conn, scope, id).await
}
