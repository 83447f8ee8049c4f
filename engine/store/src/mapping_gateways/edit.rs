//! What people and documents do with a gateway.

use domain::{
    AccountKind, Invalid, MappingGatewayId, MappingGatewaySettings, RowVersion, SipPassword, SipUser, Source,
    parameter::Level,
};
use ipnet::IpNet;
use sqlx::PgConnection;

use super::{
    check_account,
    keys::sealed,
    list::{one, read},
    stored_line_limit,
};
use crate::{
    Actor, Pool, Scope, Seal, StoreError,
    change::{self, NOTHING, Record},
    parameters,
};

/// Adds a gateway.
///
/// # Errors
/// [`StoreError::Invalid`] at `name` (taken), `account` (missing, or no customer) or `sources` (another gateway's).
pub async fn create(
    pool: &Pool,
    actor: &Actor,
    settings: &MappingGatewaySettings,
) -> Result<MappingGatewayId, StoreError> {
    let mut tx = change::begin(pool).await?;
    let id = insert(&mut tx, actor, None, settings, None).await?;
    tx.commit().await?;
    Ok(id)
}

/// As [`create`], with a password for its user.
///
/// # Errors
/// [`StoreError::Invalid`] also at `user` (taken), and at `password` when there is a user and no password.
pub async fn create_with(
    pool: &Pool,
    actor: &Actor,
    seal: &Seal,
    settings: &MappingGatewaySettings,
    password: Option<&SipPassword>,
) -> Result<MappingGatewayId, StoreError> {
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
    id: MappingGatewayId,
    version: RowVersion,
    settings: &MappingGatewaySettings,
) -> Result<(), StoreError> {
    let mut tx = change::begin(pool).await?;
    replace(&mut tx, actor, None, id, version, settings, None).await?;
    tx.commit().await?;
    Ok(())
}

/// As [`update`], with a new password; without one it keeps the one it has, as long as its user stays the same.
///
/// # Errors
/// [`StoreError::Invalid`] also at `user` (taken), and at `password` when its user would have none.
pub async fn update_with(
    pool: &Pool,
    actor: &Actor,
    seal: &Seal,
    id: MappingGatewayId,
    version: RowVersion,
    settings: &MappingGatewaySettings,
    password: Option<&SipPassword>,
) -> Result<(), StoreError> {
    let mut tx = change::begin(pool).await?;
    let before = read(&mut tx, &Scope::All, Some(id), "").await?.pop().ok_or(StoreError::NotFound)?;
    let kept = before.has_password && before.gateway.settings.user == settings.user;
    if settings.user.is_some() && password.is_none() && !kept {
        return Err(needs_password().into());
    }
    replace(&mut tx, actor, Some(seal), id, version, settings, password).await?;
    tx.commit().await?;
    Ok(())
}

fn needs_password() -> Invalid {
    Invalid::field("password", "a user needs a password, another one a new password")
}

/// Removes a gateway; its CDRs keep its name.
///
/// # Errors
/// [`StoreError::Conflict`] when it is not as it was `seen` any more.
pub async fn remove(
    pool: &Pool,
    actor: &Actor,
    id: MappingGatewayId,
    seen: Option<RowVersion>,
) -> Result<(), StoreError> {
    let mut tx = change::begin(pool).await?;
    let before = one(&mut tx, id).await?;
    let subject = subject(&before.settings);
    change::as_seen(&subject, before.version, seen)?;
    sqlx::query!("delete from sip.mapping_gateways where id = $1", id.0).execute(&mut *tx).await?;
    let gone = Record { action: "remove", subject: &subject, before: Some(&before.settings), after: NOTHING };
    change::record(&mut tx, actor, gone).await?;
    tx.commit().await?;
    Ok(())
}

pub(crate) async fn insert(
    conn: &mut PgConnection,
    actor: &Actor,
    seal: Option<&Seal>,
    settings: &MappingGatewaySettings,
    password: Option<&SipPassword>,
) -> Result<MappingGatewayId, StoreError> {
    check_account(conn, settings.account, AccountKind::Customer).await?;
    check_user(conn, settings).await?;
    let id = sqlx::query_scalar!(
        "insert into sip.mapping_gateways (name, account_id, max_calls, enabled, overrides, username, keys, identity)
         values ($1, $2, $3, $4, $5, $6, $7, $8) returning id",
        settings.name.as_str(),
        settings.account.0,
        stored_line_limit(settings.max_calls)?,
        settings.enabled,
        parameters::stored_own_values(Level::MappingGateway, &settings.overrides)?,
        settings.user.as_ref().map(SipUser::as_str),
        sealed(seal, settings, password)?,
        change::json(&settings.identity)?,
    )
    .fetch_one(&mut *conn)
    .await?;
    let id = MappingGatewayId(id);
    write_sources(conn, id, &settings.sources).await?;
    let subject = subject(settings);
    let made = Record { action: "create", subject: &subject, before: NOTHING, after: Some(settings) };
    change::record(conn, actor, made).await?;
    Ok(id)
}

pub(crate) async fn replace(
    conn: &mut PgConnection,
    actor: &Actor,
    seal: Option<&Seal>,
    id: MappingGatewayId,
    version: RowVersion,
    settings: &MappingGatewaySettings,
    password: Option<&SipPassword>,
) -> Result<(), StoreError> {
    let before = one(conn, id).await?;
    let subject = subject(&before.settings);
    if before.version != version {
        return Err(StoreError::Conflict { subject });
    }
    check_account(conn, settings.account, AccountKind::Customer).await?;
    check_user(conn, settings).await?;
    let keys = sealed(seal, settings, password)?;
    // Hashes are bound to the user.
    let forgets = keys.is_none() && before.settings.user != settings.user;
    sqlx::query!(
        "update sip.mapping_gateways
         set name = $2, account_id = $3, max_calls = $4, enabled = $5, overrides = $6, username = $7, identity = $10,
             keys = case when $9 then null else coalesce($8, keys) end
         where id = $1",
        id.0,
        settings.name.as_str(),
        settings.account.0,
        stored_line_limit(settings.max_calls)?,
        settings.enabled,
        parameters::stored_own_values(Level::MappingGateway, &settings.overrides)?,
        settings.user.as_ref().map(SipUser::as_str),
        keys,
        forgets,
        change::json(&settings.identity)?,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!("delete from sip.mapping_gateway_sources where mapping_gateway_id = $1", id.0)
        .execute(&mut *conn)
        .await?;
    write_sources(conn, id, &settings.sources).await?;
    if password.is_some() {
        let action = Record { action: "password", subject: &subject, before: NOTHING, after: NOTHING };
        change::record(conn, actor, action).await?;
    }
    let changed =
        Record { action: "update", subject: &subject, before: Some(&before.settings), after: Some(settings) };
    change::record(conn, actor, changed).await
}

fn subject(settings: &MappingGatewaySettings) -> String {
    format!("mapping gateway \"{}\"", settings.name)
}

/// Credentials name a phone or a gateway: whose they are must be seen from the name alone.
async fn check_user(conn: &mut PgConnection, settings: &MappingGatewaySettings) -> Result<(), StoreError> {
    let Some(user) = &settings.user else { return Ok(()) };
    let is_phone = sqlx::query_scalar!(
        r#"select exists (select from sip.phones where number = $1) as "there!""#,
        user.as_str()
    )
    .fetch_one(conn)
    .await?;
    if is_phone {
        return Err(Invalid::field("user", "a phone has this number").into());
    }
    Ok(())
}

async fn write_sources(
    conn: &mut PgConnection,
    id: MappingGatewayId,
    sources: &[Source],
) -> Result<(), StoreError> {
    let (nets, ports): (Vec<IpNet>, Vec<i32>) =
        sources.iter().map(|source| (source.net.trunc(), i32::from(source.port.unwrap_or(0)))).unzip();
    let taken = sqlx::query!(
        r#"select host(s.net) as "address!", g.name
           from sip.mapping_gateway_sources s join sip.mapping_gateways g on g.id = s.mapping_gateway_id
           join unnest($1::inet[], $2::int[]) as wanted (net, port) on wanted.net::cidr = s.net and wanted.port = s.port
           where s.mapping_gateway_id <> $3
           order by s.net, s.port limit 1"#,
        &nets,
        &ports,
        id.0,
    )
    .fetch_optional(&mut *conn)
    .await?;
    if let Some(taken) = taken {
        let message = format!("{} is a source of mapping gateway \"{}\" already", taken.address, taken.name);
        return Err(Invalid::field("sources", message).into());
    }
    // The same source written twice is one source.
    sqlx::query!(
        "insert into sip.mapping_gateway_sources (mapping_gateway_id, net, port)
         select distinct $1::bigint, net::cidr, port from unnest($2::inet[], $3::int[]) as wanted (net, port)",
        id.0,
        &nets,
        &ports,
    )
    .execute(conn)
    .await?;
    Ok(())
}
