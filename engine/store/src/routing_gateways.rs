//! Vendor trunks: `sip.routing_gateways`.

use std::net::{IpAddr, SocketAddr};

use domain::{
    AccountId, AccountKind, GatewayAddress, LocalAddress, Prefix, RoutingGateway, RoutingGatewayId,
    RoutingGatewayRow, RoutingGatewaySettings, RowVersion, SipHost, parameter::Level,
};
use serde_json::Value;
use sqlx::PgConnection;

use crate::{
    Actor, Pool, Scope, StoreError,
    change::{self, NOTHING, Record},
    mapping_gateways::{check_account, line_limit, stored_line_limit},
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
    let id = insert(&mut tx, actor, settings).await?;
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
    replace(&mut tx, actor, id, version, settings).await?;
    tx.commit().await?;
    Ok(())
}

/// Removes a gateway; its CDRs keep its name.
pub async fn remove(pool: &Pool, actor: &Actor, id: RoutingGatewayId) -> Result<(), StoreError> {
    let mut tx = change::begin(pool).await?;
    let before = one(&mut tx, id).await?;
    sqlx::query!("delete from sip.routing_gateways where id = $1", id.0).execute(&mut *tx).await?;
    let subject = subject(&before.settings);
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
            max_calls: line_limit(row.max_calls)?,
            enabled: row.enabled,
            overrides: parameters::own_values(Level::RoutingGateway, &row.name, row.overrides),
        };
        let id = RoutingGatewayId(row.id);
        let gateway = RoutingGateway { id, version: RowVersion(row.row_version), settings };
        Ok(Self { gateway, account_name: row.account_name })
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
                  g.local_address, g.redirects, g.transport, g.prefixes, g.prefix_mode, g.priority, g.max_calls, g.enabled, g.overrides
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
    settings: &RoutingGatewaySettings,
) -> Result<RoutingGatewayId, StoreError> {
    check_account(conn, settings.account, AccountKind::Vendor).await?;
    let id = sqlx::query_scalar!(
        "insert into sip.routing_gateways
             (name, account_id, address, port, prefixes, prefix_mode, priority, max_calls, enabled, overrides, transport,
              host, local_address, redirects)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) returning id",
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
    )
    .fetch_one(&mut *conn)
    .await?;
    let subject = subject(settings);
    let made = Record { action: "create", subject: &subject, before: NOTHING, after: Some(settings) };
    change::record(conn, actor, made).await?;
    Ok(RoutingGatewayId(id))
}

pub(crate) async fn replace(
    conn: &mut PgConnection,
    actor: &Actor,
    id: RoutingGatewayId,
    version: RowVersion,
    settings: &RoutingGatewaySettings,
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
             host = $13, local_address = $14, redirects = $15
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
    )
    .execute(&mut *conn)
    .await?;
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
