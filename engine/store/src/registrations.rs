//! Registrations of ours at other servers: `sip.registrations`.

use std::collections::BTreeMap;

use domain::{
    CheckedRegistration, ForeignPassword, Registration, RegistrationId, RegistrationSettings, RowVersion,
};
use sqlx::PgConnection;

use crate::{
    Actor, Pool, Scope, Seal, StoreError,
    change::{self, NOTHING, Record},
    credentials,
};

/// All registrations, by name. Only the administration sees any.
pub async fn list(pool: &Pool, scope: &Scope) -> Result<Vec<Registration>, StoreError> {
    let mut conn = pool.acquire().await?;
    read(&mut conn, scope, None).await
}

/// One registration.
pub async fn find(pool: &Pool, scope: &Scope, id: RegistrationId) -> Result<Registration, StoreError> {
    let mut conn = pool.acquire().await?;
    read(&mut conn, scope, Some(id)).await?.pop().ok_or(StoreError::NotFound)
}

/// Adds a registration.
///
/// # Errors
/// [`StoreError::Invalid`] at `name` when it is taken.
pub async fn create(
    pool: &Pool,
    actor: &Actor,
    seal: &Seal,
    registration: &CheckedRegistration,
) -> Result<RegistrationId, StoreError> {
    let mut tx = change::begin(pool).await?;
    let id = insert(&mut tx, actor, Some(seal), registration).await?;
    tx.commit().await?;
    Ok(id)
}

/// Changes a registration as it was read at `version`; without a new password it keeps the one it has.
///
/// # Errors
/// [`StoreError::Conflict`] when it has been changed since; [`StoreError::Invalid`] as for [`create`].
pub async fn update(
    pool: &Pool,
    actor: &Actor,
    seal: &Seal,
    id: RegistrationId,
    version: RowVersion,
    registration: &CheckedRegistration,
) -> Result<(), StoreError> {
    let mut tx = change::begin(pool).await?;
    replace(&mut tx, actor, Some(seal), id, version, registration).await?;
    tx.commit().await?;
    Ok(())
}

/// Removes a registration; the switch cancels it at the other server.
///
/// # Errors
/// [`StoreError::Conflict`] when it is not as it was `seen` any more.
pub async fn remove(
    pool: &Pool,
    actor: &Actor,
    id: RegistrationId,
    seen: Option<RowVersion>,
) -> Result<(), StoreError> {
    let mut tx = change::begin(pool).await?;
    let before = read(&mut tx, &Scope::All, Some(id)).await?.pop().ok_or(StoreError::NotFound)?;
    let subject = subject(&before.settings);
    change::as_seen(&subject, before.version, seen)?;
    sqlx::query!("delete from sip.registrations where id = $1", id.0).execute(&mut *tx).await?;
    let gone = Record { action: "remove", subject: &subject, before: Some(&before.settings), after: NOTHING };
    change::record(&mut tx, actor, gone).await?;
    tx.commit().await?;
    Ok(())
}

pub(crate) async fn read(
    conn: &mut PgConnection,
    scope: &Scope,
    id: Option<RegistrationId>,
) -> Result<Vec<Registration>, StoreError> {
    if *scope != Scope::All {
        return Ok(Vec::new());
    }
    let rows = sqlx::query!(
        r#"select id, row_version, name, server, proxy, username, auth_user, contact, period, transport, enabled,
                  password is not null as "has_password!"
           from sip.registrations where $1::bigint is null or id = $1 order by lower(name), id"#,
        id.map(|id| id.0),
    )
    .fetch_all(conn)
    .await?;
    let readable = |what: &'static str, text: &str| StoreError::unreadable(what, text);
    let registrations = rows.into_iter().map(|row| {
        let host = |text: Option<String>| {
            text.map(|text| text.parse().map_err(|_| readable("host", &text))).transpose()
        };
        let settings = RegistrationSettings {
            name: row.name.parse().map_err(|_| readable("registration's name", &row.name))?,
            server: row.server.parse().map_err(|_| readable("server", &row.server))?,
            proxy: host(row.proxy)?,
            user: row.username.parse().map_err(|_| readable("user", &row.username))?,
            auth_user: row
                .auth_user
                .map(|text| text.parse().map_err(|_| readable("authentication user", &text)))
                .transpose()?,
            contact: host(row.contact)?,
            period: row.period.parse().map_err(|_| readable("period", &row.period))?,
            transport: row.transport.parse().map_err(|_| readable("transport", &row.transport))?,
            enabled: row.enabled,
        };
        let (id, version) = (RegistrationId(row.id), RowVersion(row.row_version));
        Ok(Registration { id, version, settings, has_password: row.has_password })
    });
    registrations.collect()
}

/// The passwords. Those that were sealed with another key are passed over with a warning.
pub(crate) async fn passwords(
    conn: &mut PgConnection,
    seal: &Seal,
) -> Result<BTreeMap<RegistrationId, ForeignPassword>, StoreError> {
    let rows = sqlx::query!(
        r#"select id, name, password as "password!" from sip.registrations where password is not null"#
    )
    .fetch_all(conn)
    .await?;
    let mut all = BTreeMap::new();
    for row in rows {
        match credentials::open_password(seal, &place(row.id), &row.password) {
            Some(password) => drop(all.insert(RegistrationId(row.id), password)),
            None => tracing::warn!(
                name = row.name,
                "the password of a registration was sealed with another key and is passed over"
            ),
        }
    }
    Ok(all)
}

fn place(id: i64) -> String {
    format!("password of registration {id}")
}

pub(crate) async fn insert(
    conn: &mut PgConnection,
    actor: &Actor,
    seal: Option<&Seal>,
    registration: &CheckedRegistration,
) -> Result<RegistrationId, StoreError> {
    let settings = &registration.settings;
    let id = sqlx::query_scalar!(
        "insert into sip.registrations (name, server, proxy, username, auth_user, contact, period, transport, enabled)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id",
        settings.name.as_str(),
        settings.server.to_string(),
        settings.proxy.as_ref().map(ToString::to_string),
        settings.user.as_str(),
        settings.auth_user.as_ref().map(ToString::to_string),
        settings.contact.as_ref().map(ToString::to_string),
        settings.period.to_string(),
        settings.transport.to_string(),
        settings.enabled,
    )
    .fetch_one(&mut *conn)
    .await?;
    put_password(conn, seal, id, registration.password.as_ref()).await?;
    let subject = subject(settings);
    let made = Record { action: "create", subject: &subject, before: NOTHING, after: Some(settings) };
    change::record(conn, actor, made).await?;
    Ok(RegistrationId(id))
}

pub(crate) async fn replace(
    conn: &mut PgConnection,
    actor: &Actor,
    seal: Option<&Seal>,
    id: RegistrationId,
    version: RowVersion,
    registration: &CheckedRegistration,
) -> Result<(), StoreError> {
    let before = read(conn, &Scope::All, Some(id)).await?.pop().ok_or(StoreError::NotFound)?;
    let subject = subject(&before.settings);
    if before.version != version {
        return Err(StoreError::Conflict { subject });
    }
    let settings = &registration.settings;
    sqlx::query!(
        "update sip.registrations
         set name = $2, server = $3, proxy = $4, username = $5, auth_user = $6, contact = $7, period = $8, transport = $9,
             enabled = $10
         where id = $1",
        id.0,
        settings.name.as_str(),
        settings.server.to_string(),
        settings.proxy.as_ref().map(ToString::to_string),
        settings.user.as_str(),
        settings.auth_user.as_ref().map(ToString::to_string),
        settings.contact.as_ref().map(ToString::to_string),
        settings.period.to_string(),
        settings.transport.to_string(),
        settings.enabled,
    )
    .execute(&mut *conn)
    .await?;
    put_password(conn, seal, id.0, registration.password.as_ref()).await?;
    if registration.password.is_some() {
        let action = Record { action: "password", subject: &subject, before: NOTHING, after: NOTHING };
        change::record(conn, actor, action).await?;
    }
    if before.settings == *settings {
        return Ok(());
    }
    let changed =
        Record { action: "update", subject: &subject, before: Some(&before.settings), after: Some(settings) };
    change::record(conn, actor, changed).await
}

async fn put_password(
    conn: &mut PgConnection,
    seal: Option<&Seal>,
    id: i64,
    password: Option<&ForeignPassword>,
) -> Result<(), StoreError> {
    let Some(password) = password else { return Ok(()) };
    let sealed = credentials::seal_password(seal, &place(id), password)?;
    sqlx::query!("update sip.registrations set password = $2 where id = $1", id, sealed)
        .execute(conn)
        .await?;
    Ok(())
}

/// Whether a registration has this password already; false without the key.
pub(crate) async fn has_password(
    conn: &mut PgConnection,
    seal: Option<&Seal>,
    id: RegistrationId,
    password: &ForeignPassword,
) -> Result<bool, StoreError> {
    let Some(seal) = seal else { return Ok(false) };
    Ok(passwords(conn, seal).await?.get(&id) == Some(password))
}

fn subject(settings: &RegistrationSettings) -> String {
    format!("registration \"{}\"", settings.name)
}
