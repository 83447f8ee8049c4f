//! The gateways as people, documents and snapshots read them.

use std::net::{IpAddr, SocketAddr};

use domain::{
    AccountId, GatewayAddress, LocalAddress, Prefix, RoutingGateway, RoutingGatewayId, RoutingGatewayRow,
    RoutingGatewaySettings, RowVersion, SipHost, parameter::Level,
};
use serde_json::Value;
use sqlx::PgConnection;

use crate::{
    Pool, Scope, StoreError,
    mapping_gateways::{identity, line_limit},
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

/// Whether one that the asker may see has a password.
pub async fn has_password(pool: &Pool, scope: &Scope, id: RoutingGatewayId) -> Result<bool, StoreError> {
    let mut conn = pool.acquire().await?;
    Ok(read(&mut conn, scope, Some(id), "").await?.pop().ok_or(StoreError::NotFound)?.has_password)
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

pub(super) async fn one(conn: &mut PgConnection, id: RoutingGatewayId) -> Result<RoutingGateway, StoreError> {
    Ok(read(conn, &Scope::All, Some(id), "").await?.pop().ok_or(StoreError::NotFound)?.gateway)
}
