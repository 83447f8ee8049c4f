//! Lists with their filters, as people want to see them again: `portal.saved_views`.

use domain::{Invalid, SavedView, SavedViewDraft, SavedViewId, UserId};

use crate::{Pool, StoreError};

/// Views of one person.
const MOST: i64 = 200;

/// A person's views, of one page or of all, by name.
pub async fn list(pool: &Pool, user: UserId, page: Option<&str>) -> Result<Vec<SavedView>, StoreError> {
    let rows = sqlx::query!(
        "select id, page, name, query from portal.saved_views
         where user_id = $1 and ($2::text is null or page = $2) order by page, lower(name), id",
        user.0,
        page,
    )
    .fetch_all(pool)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(SavedView {
                id: SavedViewId(row.id),
                page: row.page,
                name: row.name.parse().map_err(|_| StoreError::unreadable("view name", &row.name))?,
                query: row.query,
            })
        })
        .collect()
}

/// Keeps a view; one of the same name on the same page is replaced.
///
/// # Errors
/// [`StoreError::Invalid`] at the draft's fields, or when there are two hundred already.
pub async fn save(pool: &Pool, user: UserId, draft: &SavedViewDraft) -> Result<SavedViewId, StoreError> {
    let (page, name, query) = draft.check()?;
    let id = sqlx::query_scalar!(
        "insert into portal.saved_views (user_id, page, name, query)
         select $1, $2, $3, $4
         where (select count(*) from portal.saved_views where user_id = $1) < $5
            or exists (select from portal.saved_views where user_id = $1 and page = $2 and name = $3)
         on conflict (user_id, page, name) do update set query = excluded.query returning id",
        user.0,
        page,
        name.as_str(),
        query,
        MOST,
    )
    .fetch_optional(pool)
    .await?;
    match id {
        Some(id) => Ok(SavedViewId(id)),
        None => Err(Invalid::field("", "two hundred views are kept: remove one first").into()),
    }
}

/// Forgets a view.
///
/// # Errors
/// [`StoreError::NotFound`] also for one of somebody else.
pub async fn remove(pool: &Pool, user: UserId, id: SavedViewId) -> Result<(), StoreError> {
    let gone = sqlx::query!("delete from portal.saved_views where id = $1 and user_id = $2", id.0, user.0)
        .execute(pool)
        .await?;
    if gone.rows_affected() == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}
