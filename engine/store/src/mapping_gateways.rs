//! Customer trunks: `sip.mapping_gateways` and their sources.

use domain::{
    AccountId, AccountKind, Invalid, MappingGateway, MappingGatewayId, MappingGatewayRow,
    MappingGatewaySettings, RowVersion, Source, parameter::Level,
};
use ipnet::IpNet;
use serde_json::Value;
use sqlx::PgConnection;

use crate::{
    Actor, Pool, Scope, StoreError,
    change::{self, NOTHING, Record},
    parameters, text,
};

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
    id: MappingGatewayId,
    version: RowVersion,
    settings: &MappingGatewaySettings,
) -> Result<(), StoreError> {
    let mut tx = change::begin(pool).await?;
    replace(&mut tx, actor, id, version, settings).await?;
    tx.commit().await?;
    Ok(())
}

/// Removes a gateway; its CDRs keep its name.
pub async fn remove(pool: &Pool, actor: &Actor, id: MappingGatewayId) -> Result<(), StoreError> {
    let mut tx = change::begin(pool).await?;
    let before = one(&mut tx, id).await?;
    sqlx::query!("delete from sip.mapping_gateways where id = $1", id.0).execute(&mut *tx).await?;
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
    nets: Vec<IpNet>,
    ports: Vec<i32>,
    max_calls: Option<i32>,
    enabled: bool,
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
            max_calls: line_limit(row.max_calls)?,
            enabled: row.enabled,
            overrides: parameters::own_values(Level::MappingGateway, &row.name, row.overrides),
        };
        let id = MappingGatewayId(row.id);
        let gateway = MappingGateway { id, version: RowVersion(row.row_version), settings };
        Ok(Self { gateway, account_name: row.account_name })
    }
}

pub(crate) fn line_limit(stored: Option<i32>) -> Result<Option<u32>, StoreError> {
    stored.map(|n| u32::try_from(n).map_err(|_| StoreError::unreadable("line limit", n))).transpose()
}

pub(crate) fn stored_line_limit(limit: Option<u32>) -> Result<Option<i32>, StoreError> {
    let number = limit.map(i32::try_from).transpose();
    Ok(number.map_err(|_| Invalid::field("max_calls", "write a whole number from 1 to 100000"))?)
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
        r#"select g.id, g.row_version, g.name, g.account_id, a.name as account_name, g.max_calls, g.enabled, g.overrides,
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

pub(crate) async fn insert(
    conn: &mut PgConnection,
    actor: &Actor,
    settings: &MappingGatewaySettings,
) -> Result<MappingGatewayId, StoreError> {
    check_account(conn, settings.account, AccountKind::Customer).await?;
    let id = sqlx::query_scalar!(
        "insert into sip.mapping_gateways (name, account_id, max_calls, enabled, overrides)
         values ($1, $2, $3, $4, $5) returning id",
        settings.name.as_str(),
        settings.account.0,
        stored_line_limit(settings.max_calls)?,
        settings.enabled,
        parameters::stored_own_values(Level::MappingGateway, &settings.overrides)?,
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
    id: MappingGatewayId,
    version: RowVersion,
    settings: &MappingGatewaySettings,
) -> Result<(), StoreError> {
    let before = one(conn, id).await?;
    let subject = subject(&before.settings);
    if before.version != version {
        return Err(StoreError::Conflict { subject });
    }
    check_account(conn, settings.account, AccountKind::Customer).await?;
    sqlx::query!(
        "update sip.mapping_gateways
         set name = $2, account_id = $3, max_calls = $4, enabled = $5, overrides = $6 where id = $1",
        id.0,
        settings.name.as_str(),
        settings.account.0,
        stored_line_limit(settings.max_calls)?,
        settings.enabled,
        parameters::stored_own_values(Level::MappingGateway, &settings.overrides)?,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!("delete from sip.mapping_gateway_sources where mapping_gateway_id = $1", id.0)
        .execute(&mut *conn)
        .await?;
    write_sources(conn, id, &settings.sources).await?;
    let changed =
        Record { action: "update", subject: &subject, before: Some(&before.settings), after: Some(settings) };
    change::record(conn, actor, changed).await
}

async fn one(conn: &mut PgConnection, id: MappingGatewayId) -> Result<MappingGateway, StoreError> {
    Ok(read(conn, &Scope::All, Some(id), "").await?.pop().ok_or(StoreError::NotFound)?.gateway)
}

fn subject(settings: &MappingGatewaySettings) -> String {
    format!("mapping gateway \"{}\"", settings.name)
}

/// Only accounts of the right side of the business may stand behind a gateway.
pub(crate) async fn check_account(
    conn: &mut PgConnection,
    account: AccountId,
    kind: AccountKind,
) -> Result<(), StoreError> {
    let found = sqlx::query!("select name, kind from billing.accounts where id = $1", account.0)
        .fetch_optional(conn)
        .await?
        .ok_or_else(|| Invalid::field("account", "there is no such account"))?;
    if found.kind != kind.name() {
        let message = format!("account \"{}\" is a {}, choose a {kind}", found.name, found.kind);
        return Err(Invalid::field("account", message).into());
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
