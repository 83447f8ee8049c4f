//! The gateways as people, documents and snapshots read them.

use domain::{
    AccountId, MappingGateway, MappingGatewayId, MappingGatewayRow, MappingGatewaySettings, RowVersion,
    Source, parameter::Level,
};
use ipnet::IpNet;
use serde_json::Value;
use sqlx::PgConnection;

use super::{identity, line_limit};
use crate::{Pool, Scope, StoreError, parameters, text};

/// The gateways that the asker may see whose name holds `search`, by name.
pub async fn list(pool: &Pool, scope: &Scope, search: &str) -> Result<Vec<MappingGatewayRow>, StoreError> {
    let search = text::typed("search", search, 64)?;
    let mut conn = pool.acquire().await?;
    read(&mut conn, scope, None, search).await
}

/// One gateway.
///
/// # Errors
/// [`StoreError::NotFound`] also for one that the asker may not see.
pub async fn find(pool: &Pool, scope: &Scope, id: MappingGatewayId) -> Result<MappingGateway, StoreError> {
    let mut conn = pool.acquire().await?;
    let row = read(&mut conn, scope, Some(id), "").await?.pop().ok_or(StoreError::NotFound)?;
    Ok(row.gateway)
}

/// Whether one that the asker may see has a password.
pub async fn has_password(pool: &Pool, scope: &Scope, id: MappingGatewayId) -> Result<bool, StoreError> {
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
    nets: Vec<IpNet>,
    ports: Vec<i32>,
    max_calls: Option<i32>,
    enabled: bool,
    identity: Value,
    overrides: Value,
}

impl TryFrom<Row> for MappingGatewayRow {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let port = |port: i32| {
            u16::try_from(port)
                .map(|p| Some(p).filter(|p| *p > 0))
                .map_err(|_| StoreError::unreadable("port", port))
        };
        let sources = row
            .nets
            .into_iter()
            .zip(row.ports)
            .map(|(net, number)| Ok(Source { net, port: port(number)? }))
            .collect::<Result<_, StoreError>>()?;
        let settings = MappingGatewaySettings {
            name: row.name.parse().map_err(|_| StoreError::unreadable("gateway name", &row.name))?,
            account: AccountId(row.account_id),
            sources,
            user: row
                .username
                .map(|user| user.parse().map_err(|_| StoreError::unreadable("user", &user)))
                .transpose()?,
            max_calls: line_limit(row.max_calls)?,
            enabled: row.enabled,
            identity: identity(&row.name, row.identity)?,
            overrides: parameters::own_values(Level::MappingGateway, &row.name, row.overrides),
        };
        let id = MappingGatewayId(row.id);
        let gateway = MappingGateway { id, version: RowVersion(row.row_version), settings };
        Ok(Self { gateway, account_name: row.account_name, has_password: row.has_password })
    }
}

pub(crate) async fn read(
    conn: &mut PgConnection,
    scope: &Scope,
    id: Option<MappingGatewayId>,
    search: &str,
) -> Result<Vec<MappingGatewayRow>, StoreError> {
    let seen = scope.accounts(&mut *conn).await?;
    let rows = sqlx::query_as!(
        Row,
        r#"select g.id, g.row_version, g.name, g.account_id, a.name as account_name, g.max_calls, g.enabled, g.identity, g.overrides,
                  g.username, g.keys is not null as "has_password!",
                  array(select net from sip.mapping_gateway_sources
                        where mapping_gateway_id = g.id order by net, port) as "nets!: Vec<IpNet>",
                  array(select port from sip.mapping_gateway_sources
                        where mapping_gateway_id = g.id order by net, port) as "ports!"
           from sip.mapping_gateways g join billing.accounts a on a.id = g.account_id
           where ($1::bigint[] is null or g.account_id = any($1)) and ($2::bigint is null or g.id = $2)
             and strpos(lower(g.name), lower($3)) > 0
           order by lower(g.name), g.id"#,
        seen.as_deref(),
        id.map(|id| id.0),
        search,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(MappingGatewayRow::try_from).collect()
}

pub(super) async fn one(conn: &mut PgConnection, id: MappingGatewayId) -> Result<MappingGateway, StoreError> {
    Ok(read(conn, &Scope::All, Some(id), "").await?.pop().ok_or(StoreError::NotFound)?.gateway)
}
