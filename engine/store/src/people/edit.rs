//! Changes to people.

use domain::{Home, Invalid, Language, Name, Password, RowVersion, UserId, UserRow, UserSettings};
use serde::Serialize;
use sqlx::PgConnection;

use crate::{
    Actor, Pool, Scope, StoreError,
    change::{self, NOTHING, Record},
};

use super::{
    password,
    row::{self, stored_home},
};

/// True when there is anybody who can log in.
pub async fn any(pool: &Pool) -> Result<bool, StoreError> {
    let any =
        sqlx::query_scalar!(r#"select exists (select from portal.users) as "any!""#).fetch_one(pool).await?;
    Ok(any)
}

/// Adds an administrator whose password has been hashed already; for the process itself, which is at its machine.
///
/// # Errors
/// [`StoreError::Invalid`] at `name`: no name, or taken.
pub async fn create_administrator(
    pool: &Pool,
    name: &str,
    password_hash: &str,
) -> Result<UserId, StoreError> {
    let name: Name = name.parse().map_err(|error| Invalid::field("name", format!("{error}")))?;
    let mut tx = change::begin(pool).await?;
    let id = sqlx::query_scalar!(
        "insert into portal.users (name, password_hash, role_id)
         select $1, $2, id from portal.roles where built_in = 'administrator' returning id",
        name.as_str(),
        password_hash,
    )
    .fetch_one(&mut *tx)
    .await?;
    password::remember(&mut tx, UserId(id), password_hash).await?;
    let subject = subject(&name);
    let made = Record::<(), ()> { action: "create", subject: &subject, before: NOTHING, after: NOTHING };
    change::record(&mut tx, &Actor::command("tandem"), made).await?;
    tx.commit().await?;
    Ok(UserId(id))
}

/// Adds a person with a first password, which they must replace when they log in.
///
/// # Errors
/// [`StoreError::Invalid`] at `name` (taken), `role`, `home` (missing) or `password` (guessed easily).
pub async fn create(
    pool: &Pool,
    actor: &Actor,
    settings: &UserSettings,
    first: &Password,
) -> Result<UserId, StoreError> {
    let hash = password::checked(first, settings.name.as_str(), &settings.display_name, Vec::new()).await?;
    let mut tx = change::begin(pool).await?;
    let (agent, account) = stored_home(settings.home);
    let id = sqlx::query_scalar!(
        "insert into portal.users
             (name, display_name, password_hash, role_id, agent_id, account_id, language, enabled, must_change)
         values ($1, $2, $3, $4, $5, $6, $7, $8, true) returning id",
        settings.name.as_str(),
        settings.display_name,
        hash,
        settings.role.0,
        agent,
        account,
        settings.language.name(),
        settings.enabled,
    )
    .fetch_one(&mut *tx)
    .await?;
    password::remember(&mut tx, UserId(id), &hash).await?;
    let after = shown(&one(&mut tx, UserId(id)).await?);
    let subject = subject(&settings.name);
    let made = Record { action: "create", subject: &subject, before: NOTHING, after: Some(&after) };
    change::record(&mut tx, actor, made).await?;
    tx.commit().await?;
    Ok(UserId(id))
}

/// Changes a person as they were read at `version`. Disabling ends their sessions.
///
/// # Errors
/// [`StoreError::Conflict`] when they have been changed since; [`StoreError::Invalid`] at `name`, `role` or `home` as for
/// [`create`], and at `enabled`, `role` or `home` when nobody would be left who may do everything.
pub async fn update(
    pool: &Pool,
    actor: &Actor,
    id: UserId,
    version: RowVersion,
    settings: &UserSettings,
) -> Result<(), StoreError> {
    let mut tx = change::begin(pool).await?;
    let before = one(&mut tx, id).await?;
    let subject = subject(&before.user.settings.name);
    if before.user.version != version {
        return Err(StoreError::Conflict { subject });
    }
    let (agent, account) = stored_home(settings.home);
    sqlx::query!(
        "update portal.users
         set name = $2, display_name = $3, role_id = $4, agent_id = $5, account_id = $6, language = $7, enabled = $8
         where id = $1",
        id.0,
        settings.name.as_str(),
        settings.display_name,
        settings.role.0,
        agent,
        account,
        settings.language.name(),
        settings.enabled,
    )
    .execute(&mut *tx)
    .await?;
    let field = match () {
        () if !settings.enabled => "enabled",
        () if settings.home != Home::Administration => "home",
        () => "role",
    };
    keep_an_administrator(&mut tx, field).await?;
    if !settings.enabled {
        sqlx::query!("delete from portal.sessions where user_id = $1", id.0).execute(&mut *tx).await?;
    }
    let after = one(&mut tx, id).await?;
    let changed = Record {
        action: "update",
        subject: &subject,
        before: Some(&shown(&before)),
        after: Some(&shown(&after)),
    };
    change::record(&mut tx, actor, changed).await?;
    tx.commit().await?;
    Ok(())
}

/// Keeps the language that somebody has chosen for themself: a taste, no change that the audit log tells.
pub async fn set_language(pool: &Pool, id: UserId, language: Language) -> Result<(), StoreError> {
    sqlx::query!(
        "update portal.users set language = $2 where id = $1 and language <> $2",
        id.0,
        language.name()
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Removes a person with their sessions and tokens; what they did stays in the audit log.
///
/// # Errors
/// [`StoreError::Conflict`] when it is not as it was `seen` any more;
/// [`StoreError::Invalid`] when nobody would be left who may do everything.
pub async fn remove(
    pool: &Pool,
    actor: &Actor,
    id: UserId,
    seen: Option<RowVersion>,
) -> Result<(), StoreError> {
    let mut tx = change::begin(pool).await?;
    let before = one(&mut tx, id).await?;
    let subject = subject(&before.user.settings.name);
    change::as_seen(&subject, before.user.version, seen)?;
    sqlx::query!("delete from portal.users where id = $1", id.0).execute(&mut *tx).await?;
    keep_an_administrator(&mut tx, "").await?;
    let gone = Record { action: "remove", subject: &subject, before: Some(&shown(&before)), after: NOTHING };
    change::record(&mut tx, actor, gone).await?;
    tx.commit().await?;
    Ok(())
}

/// Refuses a change after which no enabled administrator is left; looked at after the change and before its commit, under the
/// lock that all such changes take, so that two of them cannot each leave the other one's.
async fn keep_an_administrator(conn: &mut PgConnection, field: &str) -> Result<(), StoreError> {
    let left = sqlx::query_scalar!(
        r#"select exists (
               select from portal.users u join portal.roles r on r.id = u.role_id
               where r.built_in = 'administrator' and u.enabled and u.agent_id is null and u.account_id is null
           ) as "left!""#
    )
    .fetch_one(conn)
    .await?;
    if left {
        return Ok(());
    }
    Err(Invalid::field(field, "this is the last administrator who can log in: name another one first").into())
}

pub(super) async fn one(conn: &mut PgConnection, id: UserId) -> Result<UserRow, StoreError> {
    row::read(conn, &Scope::All, Some(id), "").await?.pop().ok_or(StoreError::NotFound)
}

pub(super) fn subject(name: &Name) -> String {
    format!("user \"{name}\"")
}

/// A person as the audit log keeps them: names instead of numbers.
#[derive(Serialize)]
struct Shown {
    name: String,
    display_name: String,
    role: String,
    home: String,
    language: &'static str,
    enabled: bool,
}

fn shown(row: &UserRow) -> Shown {
    let settings = &row.user.settings;
    let home = match (settings.home, &row.home_name) {
        (Home::Agent(_), Some(name)) => format!("agent \"{name}\""),
        (Home::Account(_), Some(name)) => format!("account \"{name}\""),
        (home, _) => home.to_string(),
    };
    Shown {
        name: settings.name.to_string(),
        display_name: settings.display_name.clone(),
        role: row.role_name.clone(),
        home,
        language: settings.language.name(),
        enabled: settings.enabled,
    }
}
