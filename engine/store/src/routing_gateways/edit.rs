//! What people and documents do with a gateway.

use std::net::IpAddr;

use domain::{
    AccountKind, ForeignPassword, GatewayAddress, Invalid, Prefix, RoutingGatewayId, RoutingGatewaySettings,
    RowVersion, SipUser, parameter::Level,
};
use sqlx::PgConnection;

use super::{
    list::{one, read},
    passwords::put_password,
};
use crate::{
    Actor, Pool, Scope, Seal, StoreError,
    change::{self, NOTHING, Record},
    mapping_gateways::{check_account, stored_line_limit},
    parameters,
};

/// Adds a gateway.
///
/// # Errors
/// [`StoreError::Invalid`] at `name` (taken) or `account` (missing, or no vendor).
pub async fn create(
    pool: &Pool,
    actor: &Actor,
    settings: &RoutingGatewaySettings,
) -> Result<RoutingGatewayId, StoreError> {
    let mut tx = change::begin(pool).await?;
    let id = insert(&mut tx, actor, None, settings, None).await?;
    tx.commit().await?;
    Ok(id)
}

/// As [`create`], with the password of its user.
///
/// # Errors
/// [`StoreError::Invalid`] also at `password` when there is a user and no password.
pub async fn create_with(
    pool: &Pool,
    actor: &Actor,
    seal: &Seal,
    settings: &RoutingGatewaySettings,
    password: Option<&ForeignPassword>,
) -> Result<RoutingGatewayId, StoreError> {
    if settings.user.is_some() && password.is_none() {
        return Err(needs_password().into());
    }
    let mut tx = change::begin(pool).await?;
    let id = insert(&mut tx, actor, Some(seal), settings, password).await?;
    tx.commit().await?;
    Ok(id)
}

/// Changes a gateway as it was read at `version`.
///
/// # Errors
/// [`StoreError::Conflict`] when it has been changed since; [`StoreError::Invalid`] as for [`create`].
pub async fn update(
    pool: &Pool,
    actor: &Actor,
    id: RoutingGatewayId,
    version: RowVersion,
    settings: &RoutingGatewaySettings,
) -> Result<(), StoreError> {
    let mut tx = change::begin(pool).await?;
    replace(&mut tx, actor, None, id, version, settings, None).await?;
    tx.commit().await?;
    Ok(())
}

/// As [`update`], with a new password; without one it keeps the one it has.
///
/// # Errors
/// [`StoreError::Invalid`] also at `password` when its user would have none.
pub async fn update_with(
    pool: &Pool,
    actor: &Actor,
    seal: &Seal,
    id: RoutingGatewayId,
    version: RowVersion,
    settings: &RoutingGatewaySettings,
    password: Option<&ForeignPassword>,
) -> Result<(), StoreError> {
    let mut tx = change::begin(pool).await?;
    let before = read(&mut tx, &Scope::All, Some(id), "").await?.pop().ok_or(StoreError::NotFound)?;
    if settings.user.is_some() && password.is_none() && !before.has_password {
        return Err(needs_password().into());
    }
    replace(&mut tx, actor, Some(seal), id, version, settings, password).await?;
    tx.commit().await?;
    Ok(())
}

fn needs_password() -> Invalid {
    Invalid::field("password", "a user needs a password")
}

/// Removes a gateway; its CDRs keep its name.
///
/// # Errors
/// [`StoreError::Conflict`] when it is not as it was `seen` any more.
pub async fn remove(
    pool: &Pool,
    actor: &Actor,
    id: RoutingGatewayId,
    seen: Option<RowVersion>,
) -> Result<(), StoreError> {
    let mut tx = change::begin(pool).await?;
    let before = one(&mut tx, id).await?;
    let subject = subject(&before.settings);
    change::as_seen(&subject, before.version, seen)?;
    sqlx::query!("delete from sip.routing_gateways where id = $1", id.0).execute(&mut *tx).await?;
    let gone = Record { action: "remove", subject: &subject, before: Some(&before.settings), after: NOTHING };
    change::record(&mut tx, actor, gone).await?;
    tx.commit().await?;
    Ok(())
}

pub(crate) async fn insert(
    conn: &mut PgConnection,
    actor: &Actor,
    seal: Option<&Seal>,
    settings: &RoutingGatewaySettings,
    password: Option<&ForeignPassword>,
) -> Result<RoutingGatewayId, StoreError> {
    check_account(conn, settings.account, AccountKind::Vendor).await?;
    let id = sqlx::query_scalar!(
        "insert into sip.routing_gateways
             (name, account_id, address, port, prefixes, prefix_mode, priority, max_calls, enabled, overrides, transport,
              host, local_address, redirects, username, identity)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) returning id",
        settings.name.as_str(),
        settings.account.0,
        settings.address.literal().map(|at| at.ip()) as Option<IpAddr>,
        port(settings),
        &prefixes(settings),
        settings.prefix_mode.name(),
        i32::from(settings.priority),
        stored_line_limit(settings.max_calls)?,
        settings.enabled,
        parameters::stored_own_values(Level::RoutingGateway, &settings.overrides)?,
        settings.transport.name(),
        settings.address.name().map(|name| name.host.as_str()),
        settings.local.map(|local| local.to_string()),
        settings.redirects.name(),
        settings.user.as_ref().map(SipUser::as_str),
        change::json(&settings.identity)?,
    )
    .fetch_one(&mut *conn)
    .await?;
    put_password(conn, seal, id, settings, password).await?;
    let subject = subject(settings);
    let made = Record { action: "create", subject: &subject, before: NOTHING, after: Some(settings) };
    change::record(conn, actor, made).await?;
    Ok(RoutingGatewayId(id))
}

pub(crate) async fn replace(
    conn: &mut PgConnection,
    actor: &Actor,
    seal: Option<&Seal>,
    id: RoutingGatewayId,
    version: RowVersion,
    settings: &RoutingGatewaySettings,
    password: Option<&ForeignPassword>,
) -> Result<(), StoreError> {
    let before = one(conn, id).await?;
    let subject = subject(&before.settings);
    if before.version != version {
        return Err(StoreError::Conflict { subject });
    }
    check_account(conn, settings.account, AccountKind::Vendor).await?;
    sqlx::query!(
        "update sip.routing_gateways
         set name = $2, account_id = $3, address = $4, port = $5, prefixes = $6, prefix_mode = $7, priority = $8,
             max_calls = $9, enabled = $10, overrides = $11, transport = $12,
             host = $13, local_address = $14, redirects = $15, username = $16, identity = $17
         where id = $1",
        id.0,
        settings.name.as_str(),
        settings.account.0,
        settings.address.literal().map(|at| at.ip()) as Option<IpAddr>,
        port(settings),
        &prefixes(settings),
        settings.prefix_mode.name(),
        i32::from(settings.priority),
        stored_line_limit(settings.max_calls)?,
        settings.enabled,
        parameters::stored_own_values(Level::RoutingGateway, &settings.overrides)?,
        settings.transport.name(),
        settings.address.name().map(|name| name.host.as_str()),
        settings.local.map(|local| local.to_string()),
        settings.redirects.name(),
        settings.user.as_ref().map(SipUser::as_str),
        change::json(&settings.identity)?,
    )
    .execute(&mut *conn)
    .await?;
    put_password(conn, seal, id.0, settings, password).await?;
    if password.is_some() {
        let action = Record { action: "password", subject: &subject, before: NOTHING, after: NOTHING };
        change::record(conn, actor, action).await?;
    }
    let changed =
        Record { action: "update", subject: &subject, before: Some(&before.settings), after: Some(settings) };
    change::record(conn, actor, changed).await
}

fn subject(settings: &RoutingGatewaySettings) -> String {
    format!("routing gateway \"{}\"", settings.name)
}

fn prefixes(settings: &RoutingGatewaySettings) -> Vec<String> {
    settings.prefixes.iter().map(Prefix::to_string).collect()
}

/// As stored: a name need not have one.
fn port(settings: &RoutingGatewaySettings) -> Option<i32> {
    let port = match &settings.address {
        GatewayAddress::At(address) => Some(address.port()),
        GatewayAddress::Named(name) => name.port,
    };
    port.map(i32::from)
}
