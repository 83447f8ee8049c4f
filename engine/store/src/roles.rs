//! What people may do: `portal.roles`.

use std::net::IpAddr;

use domain::{BuiltInRole, Invalid, Permissions, Role, RoleId, RoleRow, RoleSettings, RowVersion};
use ipnet::IpNet;
use sqlx::PgConnection;

use crate::{
    Actor, Pool, StoreError,
    change::{self, NOTHING, Record},
    people::from_there,
};

/// Every role, the built-in ones first.
pub async fn list(pool: &Pool) -> Result<Vec<RoleRow>, StoreError> {
    let mut conn = pool.acquire().await?;
    read(&mut conn, None).await
}

/// One role.
pub async fn find(pool: &Pool, id: RoleId) -> Result<Role, StoreError> {
    let mut conn = pool.acquire().await?;
    Ok(one(&mut conn, id).await?.role)
}

/// Adds a role.
///
/// # Errors
/// [`StoreError::Invalid`] at `name` (taken).
pub async fn create(pool: &Pool, actor: &Actor, settings: &RoleSettings) -> Result<RoleId, StoreError> {
    let mut tx = change::begin(pool).await?;
    let id = sqlx::query_scalar!(
        "insert into portal.roles (name, permissions, requires_totp, allowed_networks)
         values ($1, $2, $3, $4::inet[]::cidr[]) returning id",
        settings.name.as_str(),
        &words(settings.permissions),
        settings.requires_totp,
        &settings.allowed_networks as &[IpNet],
    )
    .fetch_one(&mut *tx)
    .await?;
    let subject = subject(settings);
    let made = Record { action: "create", subject: &subject, before: NOTHING, after: Some(settings) };
    change::record(&mut tx, actor, made).await?;
    tx.commit().await?;
    Ok(RoleId(id))
}

/// Changes a role as it was read at `version`, for its people from their next click on. `from` is where the one who changes it
/// sits, so that nobody locks themself out.
///
/// # Errors
/// [`StoreError::Conflict`] when it has been changed since; [`StoreError::Invalid`] at `name` (taken), `permissions` (the
/// administrator keeps all) or `allowed_networks` (one's own role from where one is).
pub async fn update(
    pool: &Pool,
    actor: &Actor,
    id: RoleId,
    version: RowVersion,
    settings: &RoleSettings,
    from: Option<IpAddr>,
) -> Result<(), StoreError> {
    let mut tx = change::begin(pool).await?;
    let before = one(&mut tx, id).await?.role;
    let subject = subject(&before.settings);
    if before.version != version {
        return Err(StoreError::Conflict { subject });
    }
    if before.built_in == Some(BuiltInRole::Administrator) && settings.permissions != Permissions::ALL {
        return Err(Invalid::field("permissions", "the administrator keeps every permission").into());
    }
    if let (Some(user), Some(from)) = (actor.user, from)
        && !from_there(&settings.allowed_networks, from)
    {
        let own = sqlx::query_scalar!("select role_id from portal.users where id = $1", user.0)
            .fetch_optional(&mut *tx)
            .await?;
        if own == Some(id.0) {
            let told = format!("this is your own role and you are at {from}: you would lock yourself out");
            return Err(Invalid::field("allowed_networks", told).into());
        }
    }
    sqlx::query!(
        "update portal.roles
         set name = $2, permissions = $3, requires_totp = $4, allowed_networks = $5::inet[]::cidr[] where id = $1",
        id.0,
        settings.name.as_str(),
        &words(settings.permissions),
        settings.requires_totp,
        &settings.allowed_networks as &[IpNet],
    )
    .execute(&mut *tx)
    .await?;
    let changed =
        Record { action: "update", subject: &subject, before: Some(&before.settings), after: Some(settings) };
    change::record(&mut tx, actor, changed).await?;
    tx.commit().await?;
    Ok(())
}

/// Removes a role that nobody has.
///
/// # Errors
/// [`StoreError::Conflict`] when it is not as it was `seen` any more;
/// [`StoreError::InUse`] naming somebody who has it; [`StoreError::Invalid`] for the administrator's.
pub async fn remove(
    pool: &Pool,
    actor: &Actor,
    id: RoleId,
    seen: Option<RowVersion>,
) -> Result<(), StoreError> {
    let mut tx = change::begin(pool).await?;
    let before = one(&mut tx, id).await?.role;
    let subject = subject(&before.settings);
    change::as_seen(&subject, before.version, seen)?;
    if before.built_in == Some(BuiltInRole::Administrator) {
        return Err(Invalid::field("", "the administrator's role cannot be removed").into());
    }
    let by = sqlx::query_scalar!(
        "select name from portal.users where role_id = $1 order by lower(name) limit 1",
        id.0
    )
    .fetch_optional(&mut *tx)
    .await?;
    if let Some(name) = by {
        return Err(StoreError::InUse { subject, by: format!("user \"{name}\"") });
    }
    sqlx::query!("delete from portal.roles where id = $1", id.0).execute(&mut *tx).await?;
    let gone = Record { action: "remove", subject: &subject, before: Some(&before.settings), after: NOTHING };
    change::record(&mut tx, actor, gone).await?;
    tx.commit().await?;
    Ok(())
}

/// What stored words give. A word of a newer build gives nothing, and the administrator has everything whatever is stored.
pub(crate) fn permissions(built_in: Option<BuiltInRole>, words: &[String]) -> Permissions {
    match built_in {
        Some(BuiltInRole::Administrator) => Permissions::ALL,
        _ => words.iter().filter_map(|word| word.parse().ok()).collect(),
    }
}

/// Permissions as they are stored.
pub(crate) fn words(permissions: Permissions) -> Vec<String> {
    permissions.names().into_iter().map(str::to_owned).collect()
}

async fn one(conn: &mut PgConnection, id: RoleId) -> Result<RoleRow, StoreError> {
    read(conn, Some(id)).await?.pop().ok_or(StoreError::NotFound)
}

async fn read(conn: &mut PgConnection, id: Option<RoleId>) -> Result<Vec<RoleRow>, StoreError> {
    let rows = sqlx::query!(
        r#"select r.id, r.row_version, r.name, r.built_in, r.permissions, r.requires_totp,
                  r.allowed_networks as "allowed_networks: Vec<IpNet>",
                  (select count(*) from portal.users u where u.role_id = r.id) as "people!"
           from portal.roles r where $1::bigint is null or r.id = $1
           order by r.built_in is null, case when r.built_in is null then lower(r.name) end, r.id"#,
        id.map(|id| id.0),
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let built_in = row.built_in.and_then(|word| word.parse().ok());
            let settings = RoleSettings {
                name: row.name.parse().map_err(|_| StoreError::unreadable("role name", &row.name))?,
                permissions: permissions(built_in, &row.permissions),
                requires_totp: row.requires_totp,
                allowed_networks: row.allowed_networks,
            };
            let role = Role { id: RoleId(row.id), version: RowVersion(row.row_version), settings, built_in };
            Ok(RoleRow { role, people: row.people })
        })
        .collect()
}

fn subject(settings: &RoleSettings) -> String {
    format!("role \"{}\"", settings.name)
}
