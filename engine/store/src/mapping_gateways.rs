//! Customer trunks: `sip.mapping_gateways` and their sources.

use std::collections::BTreeMap;

use domain::{
    AccountId, AccountKind, Invalid, MappingGateway, MappingGatewayId, MappingGatewayRow,
    MappingGatewaySettings, PhoneKeys, RowVersion, SipPassword, SipUser, Source, parameter::Level,
};
use ipnet::IpNet;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sqlx::PgConnection;

use crate::{
    Actor, Pool, Scope, Seal, StoreError,
    change::{self, NOTHING, Record},
    credentials, parameters, text,
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

/// Whether one that the asker may see has a password.
pub async fn has_password(pool: &Pool, scope: &Scope, id: MappingGatewayId) -> Result<bool, StoreError> {
    let mut conn = pool.acquire().await?;
    Ok(read(&mut conn, scope, Some(id), "").await?.pop().ok_or(StoreError::NotFound)?.has_password)
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

pub(crate) fn line_limit(stored: Option<i32>) -> Result<Option<u32>, StoreError> {
    stored.map(|n| u32::try_from(n).map_err(|_| StoreError::unreadable("line limit", n))).transpose()
}

pub(crate) fn stored_line_limit(limit: Option<u32>) -> Result<Option<i32>, StoreError> {
    let number = limit.map(i32::try_from).transpose();
    Ok(number.map_err(|_| Invalid::field("max_calls", "write a whole number from 1 to 100000"))?)
}

/// What a gateway's headers say, as stored.
pub(crate) fn identity<T: DeserializeOwned>(name: &str, stored: Value) -> Result<T, StoreError> {
    serde_json::from_value(stored).map_err(|_| StoreError::unreadable("identity of gateway", name))
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

async fn one(conn: &mut PgConnection, id: MappingGatewayId) -> Result<MappingGateway, StoreError> {
    Ok(read(conn, &Scope::All, Some(id), "").await?.pop().ok_or(StoreError::NotFound)?.gateway)
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

/// What the keys of a gateway are sealed for: with another user they are worth nothing.
fn place(user: &str) -> String {
    format!("keys of mapping gateway {user}")
}

fn sealed(
    seal: Option<&Seal>,
    settings: &MappingGatewaySettings,
    password: Option<&SipPassword>,
) -> Result<Option<Vec<u8>>, StoreError> {
    let Some((user, password)) = settings.user.as_ref().zip(password) else { return Ok(None) };
    credentials::seal_keys(seal, &place(user.as_str()), user.as_str(), password).map(Some)
}

/// Whether the user of a gateway has this password already; false without the key.
pub(crate) async fn is_password(
    conn: &mut PgConnection,
    seal: Option<&Seal>,
    id: MappingGatewayId,
    password: &SipPassword,
) -> Result<bool, StoreError> {
    let kept = sqlx::query!("select username, keys from sip.mapping_gateways where id = $1", id.0)
        .fetch_optional(conn)
        .await?;
    let opened = kept.zip(seal).and_then(|(kept, seal)| {
        let user = kept.username?;
        let opened = seal.open(&place(&user), &kept.keys?).ok()?;
        Some(opened == credentials::keys(&user, password).into_bytes())
    });
    Ok(opened.unwrap_or(false))
}

/// What the passwords of all users are checked with. Those that were sealed with another key are passed over with a warning.
pub(crate) async fn keys(
    conn: &mut PgConnection,
    seal: &Seal,
) -> Result<BTreeMap<MappingGatewayId, PhoneKeys>, StoreError> {
    let rows = sqlx::query!(
        r#"select id, name, username as "username!", keys as "keys!" from sip.mapping_gateways
           where username is not null and keys is not null"#
    )
    .fetch_all(conn)
    .await?;
    let mut all = BTreeMap::new();
    for row in rows {
        match credentials::open_keys(seal, &place(&row.username), &row.keys) {
            Some(keys) => drop(all.insert(MappingGatewayId(row.id), keys)),
            None => tracing::warn!(
                name = row.name,
                "the password of a mapping gateway was sealed with another key and is passed over"
            ),
        }
    }
    Ok(all)
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
