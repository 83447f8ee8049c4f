//! Vendor trunks: `sip.routing_gateways`.

use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
};

use domain::{
    AccountId, AccountKind, ForeignPassword, GatewayAddress, Invalid, LocalAddress, Prefix, RoutingGateway,
    RoutingGatewayId, RoutingGatewayRow, RoutingGatewaySettings, RowVersion, SipHost, SipUser,
    parameter::Level,
};
use serde_json::Value;
use sqlx::PgConnection;

use crate::{
    Actor, Pool, Scope, Seal, StoreError,
    change::{self, NOTHING, Record},
    credentials,
    mapping_gateways::{check_account, identity, line_limit, stored_line_limit},
    parameters, text,
};

/// The gateways that the asker may see whose name holds `search`, by name.
pub async fn list(pool: &Pool, scope: &Scope, search: &str) -> Result<Vec<RoutingGatewayRow>, StoreError> {
    let search = text::typed("search", search, 64)?;
    let mut conn = pool.acquire().await?;
    read(&mut conn, scope, None, search).await
}

/// One gateway.
///
/// # Errors
/// [`StoreError::NotFound`] also for one that the asker may not see.
pub async fn find(pool: &Pool, scope: &Scope, id: RoutingGatewayId) -> Result<RoutingGateway, StoreError> {
    let mut conn = pool.acquire().await?;
    let row = read(&mut conn, scope, Some(id), "").await?.pop().ok_or(StoreError::NotFound)?;
    Ok(row.gateway)
}

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

/// Whether one that the asker may see has a password.
pub async fn has_password(pool: &Pool, scope: &Scope, id: RoutingGatewayId) -> Result<bool, StoreError> {
    let mut conn = pool.acquire().await?;
    Ok(read(&mut conn, scope, Some(id), "").await?.pop().ok_or(StoreError::NotFound)?.has_password)
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

struct Row {
    id: i64,
    row_version: i64,
    name: String,
    account_id: i64,
    account_name: String,
    username: Option<String>,
    has_password: bool,
    address: Option<IpAddr>,
    host: Option<String>,
    port: Option<i32>,
    local_address: Option<String>,
    redirects: String,
    transport: String,
    prefixes: Vec<String>,
    prefix_mode: String,
    priority: i32,
    max_calls: Option<i32>,
    enabled: bool,
    identity: Value,
    overrides: Value,
}

impl TryFrom<Row> for RoutingGatewayRow {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let port = row.port.map(|port| u16::try_from(port).map_err(|_| StoreError::unreadable("port", port)));
        let address = match (row.address, row.host, port.transpose()?) {
            (Some(ip), None, Some(port)) => GatewayAddress::At(SocketAddr::new(ip, port)),
            (None, Some(host), port) => GatewayAddress::Named(SipHost { host, port }),
            _ => return Err(StoreError::unreadable("address of gateway", &row.name)),
        };
        let local = row.local_address.as_deref().map(|text| {
            text.parse::<LocalAddress>().map_err(|_| StoreError::unreadable("local address", text))
        });
        let prefix = |text: String| -> Result<Prefix, StoreError> {
            text.parse().map_err(|_| StoreError::unreadable("prefix", &text))
        };
        let settings = RoutingGatewaySettings {
            name: row.name.parse().map_err(|_| StoreError::unreadable("gateway name", &row.name))?,
            account: AccountId(row.account_id),
            address,
            local: local.transpose()?,
            redirects: row
                .redirects
                .parse()
                .map_err(|_| StoreError::unreadable("redirects", &row.redirects))?,
            transport: row
                .transport
                .parse()
                .map_err(|_| StoreError::unreadable("transport", &row.transport))?,
            prefixes: row.prefixes.into_iter().map(prefix).collect::<Result<_, _>>()?,
            prefix_mode: row
                .prefix_mode
                .parse()
                .map_err(|_| StoreError::unreadable("prefix mode", &row.prefix_mode))?,
            priority: u16::try_from(row.priority)
                .map_err(|_| StoreError::unreadable("priority", row.priority))?,
            user: row
                .username
                .map(|user| user.parse().map_err(|_| StoreError::unreadable("user", &user)))
                .transpose()?,
            max_calls: line_limit(row.max_calls)?,
            enabled: row.enabled,
            identity: identity(&row.name, row.identity)?,
            overrides: parameters::own_values(Level::RoutingGateway, &row.name, row.overrides),
        };
        let id = RoutingGatewayId(row.id);
        let gateway = RoutingGateway { id, version: RowVersion(row.row_version), settings };
        let has_password = row.has_password;
        Ok(Self { gateway, account_name: row.account_name, has_password, found: None })
    }
}

pub(crate) async fn read(
    conn: &mut PgConnection,
    scope: &Scope,
    id: Option<RoutingGatewayId>,
    search: &str,
) -> Result<Vec<RoutingGatewayRow>, StoreError> {
    let seen = scope.accounts(&mut *conn).await?;
    let rows = sqlx::query_as!(
        Row,
        r#"select g.id, g.row_version, g.name, g.account_id, a.name as account_name, g.address as "address: IpAddr", g.host, g.port,
                  g.local_address, g.redirects, g.transport, g.prefixes, g.prefix_mode, g.priority, g.max_calls, g.enabled, g.identity, g.overrides,
                  g.username, g.password is not null as "has_password!"
           from sip.routing_gateways g join billing.accounts a on a.id = g.account_id
           where ($1::bigint[] is null or g.account_id = any($1)) and ($2::bigint is null or g.id = $2)
             and strpos(lower(g.name), lower($3)) > 0
           order by lower(g.name), g.id"#,
        seen.as_deref(),
        id.map(|id| id.0),
        search,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(RoutingGatewayRow::try_from).collect()
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

async fn one(conn: &mut PgConnection, id: RoutingGatewayId) -> Result<RoutingGateway, StoreError> {
    Ok(read(conn, &Scope::All, Some(id), "").await?.pop().ok_or(StoreError::NotFound)?.gateway)
}

fn subject(settings: &RoutingGatewaySettings) -> String {
    format!("routing gateway \"{}\"", settings.name)
}

fn place(id: i64) -> String {
    format!("password of routing gateway {id}")
}

/// Seals a new password; without a user there is none.
async fn put_password(
    conn: &mut PgConnection,
    seal: Option<&Seal>,
    id: i64,
    settings: &RoutingGatewaySettings,
    password: Option<&ForeignPassword>,
) -> Result<(), StoreError> {
    let sealed = match (&settings.user, password) {
        (Some(_), Some(password)) => Some(credentials::seal_password(seal, &place(id), password)?),
        (Some(_), None) => return Ok(()),
        (None, _) => None,
    };
    sqlx::query!("update sip.routing_gateways set password = $2 where id = $1", id, sealed)
        .execute(conn)
        .await?;
    Ok(())
}

/// The passwords. Those that were sealed with another key are passed over with a warning.
pub(crate) async fn passwords(
    conn: &mut PgConnection,
    seal: &Seal,
) -> Result<BTreeMap<RoutingGatewayId, ForeignPassword>, StoreError> {
    let rows = sqlx::query!(
        r#"select id, name, password as "password!" from sip.routing_gateways where password is not null"#
    )
    .fetch_all(conn)
    .await?;
    let mut all = BTreeMap::new();
    for row in rows {
        match credentials::open_password(seal, &place(row.id), &row.password) {
            Some(password) => drop(all.insert(RoutingGatewayId(row.id), password)),
            None => tracing::warn!(
                name = row.name,
                "the password of a routing gateway was sealed with another key and is passed over"
            ),
        }
    }
    Ok(all)
}

/// Whether a gateway has this password already; false without the key.
pub(crate) async fn is_password(
    conn: &mut PgConnection,
    seal: Option<&Seal>,
    id: RoutingGatewayId,
    password: &ForeignPassword,
) -> Result<bool, StoreError> {
    let Some(seal) = seal else { return Ok(false) };
    Ok(passwords(conn, seal).await?.get(&id) == Some(password))
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
