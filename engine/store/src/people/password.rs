//! New passwords.

use domain::{Invalid, Password, PasswordDraft, UserId};
use sqlx::PgConnection;

use crate::{
    Actor, Pool, StoreError,
    change::{self, NOTHING, Record},
    password,
};

use super::edit::{one, subject};

/// How many former passwords do not come back, the present one among them.
const REMEMBERED: i64 = 5;

/// Sets somebody's password and ends all their sessions. Who did not set it themself must replace it at the next log-in.
///
/// # Errors
/// [`StoreError::NotFound`] when there is no such person, [`StoreError::Invalid`] at `password` when it is guessed easily or
/// was one of their last five.
pub async fn set_password(
    pool: &Pool,
    actor: &Actor,
    id: UserId,
    password: &Password,
) -> Result<(), StoreError> {
    let must_change = actor.user.is_some_and(|other| other != id);
    replace(pool, actor, id, password, must_change, None).await
}

/// A person's own change of password; ends their other sessions and keeps the one of `session`.
///
/// # Errors
/// [`StoreError::Invalid`] at `current` when that is wrong, at `password` and `again` as for [`set_password`].
pub async fn change_password(
    pool: &Pool,
    actor: &Actor,
    id: UserId,
    draft: &PasswordDraft,
    session: &[u8; 32],
) -> Result<(), StoreError> {
    let known = sqlx::query!("select name, password_hash from portal.users where id = $1", id.0)
        .fetch_one(pool)
        .await?;
    let new = draft.check(&known.name)?;
    let (current, hash) = (draft.current.clone(), known.password_hash);
    if !password::on_a_thread(move || password::verify(&current, &hash)).await {
        return Err(Invalid::field("current", "this is not your present password").into());
    }
    replace(pool, actor, id, &new, false, Some(session)).await
}

async fn replace(
    pool: &Pool,
    actor: &Actor,
    id: UserId,
    new: &Password,
    must_change: bool,
    keep: Option<&[u8; 32]>,
) -> Result<(), StoreError> {
    let mut conn = pool.acquire().await?;
    let user = one(&mut conn, id).await?.user;
    let former = sqlx::query_scalar!(
        "select password_hash from portal.password_history where user_id = $1 order by id desc limit $2",
        id.0,
        REMEMBERED,
    )
    .fetch_all(&mut *conn)
    .await?;
    drop(conn);
    let name = &user.settings.name;
    let hash = checked(new, name.as_str(), &user.settings.display_name, former).await?;
    let mut tx = change::begin(pool).await?;
    let done = sqlx::query!(
        "update portal.users set password_hash = $2, password_changed_at = now(), must_change = $3 where id = $1",
        id.0,
        hash,
        must_change,
    )
    .execute(&mut *tx)
    .await?;
    if done.rows_affected() == 0 {
        return Err(StoreError::NotFound);
    }
    remember(&mut tx, id, &hash).await?;
    sqlx::query!(
        "delete from portal.sessions where user_id = $1 and token_hash is distinct from $2",
        id.0,
        keep.map(<[u8; 32]>::as_slice),
    )
    .execute(&mut *tx)
    .await?;
    let subject = subject(name);
    let set = Record::<(), ()> { action: "set password", subject: &subject, before: NOTHING, after: NOTHING };
    change::record(&mut tx, actor, set).await?;
    tx.commit().await?;
    Ok(())
}

/// Keeps a hash among the last ones of a person.
pub(super) async fn remember(conn: &mut PgConnection, id: UserId, hash: &str) -> Result<(), StoreError> {
    sqlx::query!("insert into portal.password_history (user_id, password_hash) values ($1, $2)", id.0, hash)
        .execute(&mut *conn)
        .await?;
    sqlx::query!(
        "delete from portal.password_history where id in (
             select id from portal.password_history where user_id = $1 order by id desc offset $2)",
        id.0,
        REMEMBERED,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The hash of a password that is good enough.
pub(super) async fn checked(
    new: &Password,
    name: &str,
    display_name: &str,
    former: Vec<String>,
) -> Result<String, StoreError> {
    let (new, names) = (new.reveal().to_owned(), [name.to_owned(), display_name.to_owned()]);
    let outcome = password::on_a_thread(move || {
        password::judge(&new, &[&names[0], &names[1], "tandem"])?;
        if former.iter().any(|hash| password::verify(&new, hash)) {
            return Err("this was one of the last five passwords".to_owned());
        }
        Ok(password::hash(&new))
    })
    .await;
    outcome.map_err(|told| Invalid::field("password", told).into())
}
