//! From the table to a phone.

use std::{collections::BTreeMap, net::SocketAddr};

use domain::{
    AccountId, Forwarding, Phone, PhoneId, PhoneKeys, PhoneMode, PhoneRow, PhoneSettings, PhoneState,
    RowVersion, parameter::Level,
};
use ipnet::IpNet;
use serde_json::Value;
use sqlx::PgConnection;

use crate::{Scope, Seal, StoreError, credentials, mapping_gateways::line_limit, parameters};

struct Row {
    id: i64,
    row_version: i64,
    number: String,
    account_id: i64,
    account_name: String,
    display_name: Option<String>,
    enabled: bool,
    max_calls: Option<i32>,
    address: Option<IpNet>,
    port: Option<i32>,
    max_contacts: i32,
    forwarding: Value,
    do_not_disturb: bool,
    caller_ids: Vec<String>,
    allowed_networks: Vec<IpNet>,
    overrides: Value,
    has_password: bool,
}

impl TryFrom<Row> for PhoneRow {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let wrong =
            |what: &'static str, value: &dyn ToString| StoreError::unreadable(what, value.to_string());
        let mode = match (row.address, row.port) {
            (Some(address), Some(port)) => PhoneMode::Static(SocketAddr::new(
                address.addr(),
                port.try_into().map_err(|_| wrong("port", &port))?,
            )),
            _ => PhoneMode::Dynamic,
        };
        let caller_ids = row.caller_ids.iter().map(|id| id.parse().map_err(|_| wrong("caller number", id)));
        let max_contacts = u8::try_from(row.max_contacts).ok().and_then(std::num::NonZeroU8::new);
        let settings = PhoneSettings {
            number: row.number.parse().map_err(|_| wrong("phone number", &row.number))?,
            account: AccountId(row.account_id),
            display_name: row
                .display_name
                .map(|name| name.parse().map_err(|_| wrong("display name", &name)))
                .transpose()?,
            enabled: row.enabled,
            max_calls: line_limit(row.max_calls)?,
            mode,
            max_contacts: max_contacts.ok_or_else(|| wrong("number of contacts", &row.max_contacts))?,
            forwarding: forwarding(row.forwarding)?,
            do_not_disturb: row.do_not_disturb,
            caller_ids: caller_ids.collect::<Result<_, _>>()?,
            allowed_networks: row.allowed_networks,
            overrides: parameters::own_values(Level::Phone, &row.number, row.overrides),
        };
        let (id, version) = (PhoneId(row.id), RowVersion(row.row_version));
        let phone = Phone { id, version, settings, has_password: row.has_password };
        Ok(Self { phone, account_name: row.account_name })
    }
}

fn forwarding(stored: Value) -> Result<Forwarding, StoreError> {
    if stored.as_object().is_some_and(serde_json::Map::is_empty) {
        return Ok(Forwarding { no_answer_after: Forwarding::RINGS, ..Default::default() });
    }
    let text = stored.to_string();
    serde_json::from_value(stored).map_err(|_| StoreError::unreadable("forwarding", text))
}

/// Which phones are read.
#[derive(Clone, Copy, Default)]
pub(crate) struct Which<'a> {
    pub(crate) id: Option<PhoneId>,
    pub(crate) number: Option<&'a str>,
    pub(crate) search: &'a str,
    pub(crate) account: Option<AccountId>,
    pub(crate) state: Option<PhoneState>,
    pub(crate) after: Option<&'a str>,
    pub(crate) limit: Option<i64>,
}

pub(crate) async fn read(
    conn: &mut PgConnection,
    scope: &Scope,
    which: Which<'_>,
) -> Result<Vec<PhoneRow>, StoreError> {
    let seen = scope.accounts(&mut *conn).await?;
    let rows = sqlx::query_as!(
        Row,
        r#"select p.id, p.row_version, p.number, p.account_id, a.name as account_name, p.display_name, p.enabled, p.max_calls,
                  p.address as "address: IpNet", p.port, p.max_contacts, p.forwarding, p.do_not_disturb, p.caller_ids,
                  p.allowed_networks as "allowed_networks: Vec<IpNet>", p.overrides,
                  p.keys is not null as "has_password!"
           from sip.phones p join billing.accounts a on a.id = p.account_id
           where ($1::bigint[] is null or p.account_id = any($1)) and ($2::bigint is null or p.id = $2)
             and ($3::text is null or p.number = $3)
             and (starts_with(p.number, $4) or strpos(lower(coalesce(p.display_name, '')), lower($4)) > 0)
             and ($5::text is null or p.number collate "C" > $5)
             and ($7::bigint is null or p.account_id = $7)
             and ($8::text is null or $8 = case
                 when not p.enabled then 'disabled'
                 when p.address is not null then 'fixed'
                 when exists (select from sip.bindings b where b.phone_id = p.id and b.expires > now()) then 'online'
                 else 'offline' end)
           order by p.number collate "C" limit $6"#,
        seen.as_deref(),
        which.id.map(|id| id.0),
        which.number,
        which.search,
        which.after,
        which.limit,
        which.account.map(|id| id.0),
        which.state.map(PhoneState::name),
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(PhoneRow::try_from).collect()
}

pub(super) async fn one(conn: &mut PgConnection, scope: &Scope, id: PhoneId) -> Result<Phone, StoreError> {
    let which = Which { id: Some(id), ..Default::default() };
    Ok(read(conn, scope, which).await?.pop().ok_or(StoreError::NotFound)?.phone)
}

/// What the keys of a phone are sealed for: moved to another number they are worth nothing.
pub(super) fn place(number: &str) -> String {
    format!("keys of phone {number}")
}

/// What all passwords are checked with. Those that cannot be opened, because they were sealed with another key, are passed over
/// with a warning: their phones need new passwords, all others go on.
pub(crate) async fn keys(
    conn: &mut PgConnection,
    seal: &Seal,
) -> Result<BTreeMap<PhoneId, PhoneKeys>, StoreError> {
    let rows = sqlx::query!(r#"select id, number, keys as "keys!" from sip.phones where keys is not null"#)
        .fetch_all(conn)
        .await?;
    let mut all = BTreeMap::new();
    for row in rows {
        match credentials::open_keys(seal, &place(&row.number), &row.keys) {
            Some(keys) => drop(all.insert(PhoneId(row.id), keys)),
            None => tracing::warn!(
                number = row.number,
                "the password of a phone was sealed with another key and is passed over"
            ),
        }
    }
    Ok(all)
}
