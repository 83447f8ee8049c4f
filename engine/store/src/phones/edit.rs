//! Changes of phones.

use domain::{
    AccountId, AccountKind, CheckedPhone, ForwardTarget, Invalid, Phone, PhoneId, PhoneMode, PhoneNumber,
    PhoneSettings, RowVersion, SipPassword, parameter::Level,
};
use ipnet::IpNet;
use sqlx::PgConnection;

use super::row;
use crate::{
    Actor, Pool, Scope, Seal, StoreError,
    change::{self, NOTHING, Record},
    credentials,
    mapping_gateways::{check_account, stored_line_limit},
    parameters,
};

/// Adds a phone.
///
/// # Errors
/// [`StoreError::Invalid`] at `number` (taken), `account` (missing, no customer, or not the asker's), `password` (missing on a
/// phone that registers), `address` (another phone's) or a target of forwarding.
pub async fn create(
    pool: &Pool,
    scope: &Scope,
    actor: &Actor,
    seal: &Seal,
    phone: &CheckedPhone,
) -> Result<PhoneId, StoreError> {
    needs_password(phone, None)?;
    let mut tx = change::begin(pool).await?;
    let id = insert(&mut tx, scope, actor, Some(seal), phone).await?;
    tx.commit().await?;
    Ok(id)
}

/// Changes a phone as it was read at `version`; without a new password it keeps the one it has.
///
/// # Errors
/// [`StoreError::Conflict`] when it has been changed since; [`StoreError::NotFound`] for one that the asker may not see;
/// [`StoreError::Invalid`] as for [`create`], and at `password` when it has another number: stored passwords are bound to it.
pub async fn update(
    pool: &Pool,
    scope: &Scope,
    actor: &Actor,
    seal: &Seal,
    id: PhoneId,
    version: RowVersion,
    phone: &CheckedPhone,
) -> Result<(), StoreError> {
    let mut tx = change::begin(pool).await?;
    needs_password(phone, Some(&row::one(&mut tx, scope, id).await?))?;
    replace(&mut tx, scope, actor, Some(seal), id, version, phone).await?;
    tx.commit().await?;
    Ok(())
}

/// Removes a phone with its registrations.
///
/// # Errors
/// [`StoreError::Conflict`] when it is not as it was `seen` any more.
pub async fn remove(
    pool: &Pool,
    scope: &Scope,
    actor: &Actor,
    id: PhoneId,
    seen: Option<RowVersion>,
) -> Result<(), StoreError> {
    let mut tx = change::begin(pool).await?;
    let before = row::one(&mut tx, scope, id).await?;
    let subject = subject(&before.settings);
    change::as_seen(&subject, before.version, seen)?;
    sqlx::query!("delete from sip.phones where id = $1", id.0).execute(&mut *tx).await?;
    let gone = Record { action: "remove", subject: &subject, before: Some(&before.settings), after: NOTHING };
    change::record(&mut tx, actor, gone).await?;
    tx.commit().await?;
    Ok(())
}

pub(crate) async fn insert(
    conn: &mut PgConnection,
    scope: &Scope,
    actor: &Actor,
    seal: Option<&Seal>,
    phone: &CheckedPhone,
) -> Result<PhoneId, StoreError> {
    let settings = &phone.settings;
    check(conn, scope, phone, None).await?;
    let columns = Columns::of(settings)?;
    let keys =
        phone.password.as_ref().map(|password| sealed(seal, &settings.number, password)).transpose()?;
    let id = sqlx::query_scalar!(
        "insert into sip.phones (number, account_id, display_name, enabled, max_calls, address, port, max_contacts, forwarding,
                                 do_not_disturb, caller_ids, allowed_networks, overrides, keys)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) returning id",
        settings.number.as_str(),
        settings.account.0,
        columns.display_name,
        settings.enabled,
        columns.max_calls,
        columns.address,
        columns.port,
        columns.max_contacts,
        columns.forwarding,
        settings.do_not_disturb,
        &columns.caller_ids,
        &settings.allowed_networks,
        columns.overrides,
        keys,
    )
    .fetch_one(&mut *conn)
    .await?;
    let subject = subject(settings);
    let made = Record { action: "create", subject: &subject, before: NOTHING, after: Some(settings) };
    change::record(conn, actor, made).await?;
    Ok(PhoneId(id))
}

pub(crate) async fn replace(
    conn: &mut PgConnection,
    scope: &Scope,
    actor: &Actor,
    seal: Option<&Seal>,
    id: PhoneId,
    version: RowVersion,
    phone: &CheckedPhone,
) -> Result<(), StoreError> {
    let before = row::one(conn, scope, id).await?;
    let subject = subject(&before.settings);
    if before.version != version {
        return Err(StoreError::Conflict { subject });
    }
    let settings = &phone.settings;
    check(conn, scope, phone, Some(&before)).await?;
    let columns = Columns::of(settings)?;
    let keys =
        phone.password.as_ref().map(|password| sealed(seal, &settings.number, password)).transpose()?;
    let forgets = keys.is_none() && before.settings.number != settings.number;
    sqlx::query!(
        "update sip.phones
         set number = $2, account_id = $3, display_name = $4, enabled = $5, max_calls = $6, address = $7, port = $8,
             max_contacts = $9, forwarding = $10, do_not_disturb = $11, caller_ids = $12, allowed_networks = $13,
             overrides = $14, keys = case when $16 then null else coalesce($15, keys) end
         where id = $1",
        id.0,
        settings.number.as_str(),
        settings.account.0,
        columns.display_name,
        settings.enabled,
        columns.max_calls,
        columns.address,
        columns.port,
        columns.max_contacts,
        columns.forwarding,
        settings.do_not_disturb,
        &columns.caller_ids,
        &settings.allowed_networks,
        columns.overrides,
        keys,
        forgets,
    )
    .execute(&mut *conn)
    .await?;
    if phone.password.is_some() {
        let action = Record { action: "password", subject: &subject, before: NOTHING, after: NOTHING };
        change::record(conn, actor, action).await?;
    }
    if before.settings == *settings {
        return Ok(());
    }
    let changed =
        Record { action: "update", subject: &subject, before: Some(&before.settings), after: Some(settings) };
    change::record(conn, actor, changed).await
}

fn subject(settings: &PhoneSettings) -> String {
    format!("phone \"{}\"", settings.number)
}

/// What a form alone cannot know.
async fn check(
    conn: &mut PgConnection,
    scope: &Scope,
    phone: &CheckedPhone,
    before: Option<&Phone>,
) -> Result<(), StoreError> {
    let settings = &phone.settings;
    check_own(conn, scope, settings.account).await?;
    check_account(conn, settings.account, AccountKind::Customer).await?;
    let number = settings.number.as_str();
    let taken = sqlx::query_scalar!("select name from sip.mapping_gateways where username = $1", number)
        .fetch_optional(&mut *conn)
        .await?;
    // Credentials name one of them: whose they are must be seen from the name alone.
    if let Some(gateway) = taken {
        let message = match scope {
            Scope::All => format!("mapping gateway \"{gateway}\" has this user"),
            _ => "this number cannot be used".to_owned(),
        };
        return Err(Invalid::field("number", message).into());
    }
    let forwarding = &settings.forwarding;
    let targets = [
        ("forward_always", &forwarding.always),
        ("forward_busy", &forwarding.busy),
        ("forward_no_answer", &forwarding.no_answer),
        ("forward_offline", &forwarding.offline),
    ];
    for (field, target) in targets {
        let Some(ForwardTarget::Gateway(id)) = target else { continue };
        let there = sqlx::query_scalar!(
            r#"select exists (select from sip.routing_gateways where id = $1) as "there!""#,
            id.0
        )
        .fetch_one(&mut *conn)
        .await?;
        // Vendors are the administration's affair: nobody else may choose one, or find out which there are.
        if !there || *scope != Scope::All && before.is_none_or(|before| !has_target(before, *id)) {
            return Err(Invalid::field(field, "there is no such gateway").into());
        }
    }
    Ok(())
}

/// A form without a password is a mistake; a document that was exported has none.
fn needs_password(phone: &CheckedPhone, before: Option<&Phone>) -> Result<(), StoreError> {
    let settings = &phone.settings;
    let kept = before.is_some_and(|before| before.has_password && before.settings.number == settings.number);
    if matches!(settings.mode, PhoneMode::Dynamic) && phone.password.is_none() && !kept {
        let message = match before {
            Some(before) if before.has_password => "another number needs the password anew",
            _ => "a phone that registers needs a password",
        };
        return Err(Invalid::field("password", message).into());
    }
    Ok(())
}

fn has_target(phone: &Phone, id: domain::RoutingGatewayId) -> bool {
    let f = &phone.settings.forwarding;
    [&f.always, &f.busy, &f.no_answer, &f.offline]
        .into_iter()
        .any(|target| *target == Some(ForwardTarget::Gateway(id)))
}

async fn check_own(conn: &mut PgConnection, scope: &Scope, account: AccountId) -> Result<(), StoreError> {
    match scope.accounts(&mut *conn).await? {
        Some(seen) if !seen.contains(&account.0) => {
            Err(Invalid::field("account", "there is no such account").into())
        }
        _ => Ok(()),
    }
}

/// Whether a phone has this password already; false without the key.
pub(crate) async fn has_password(
    conn: &mut PgConnection,
    seal: Option<&Seal>,
    number: &PhoneNumber,
    password: &SipPassword,
) -> Result<bool, StoreError> {
    let kept = sqlx::query_scalar!("select keys from sip.phones where number = $1", number.as_str())
        .fetch_optional(conn)
        .await?
        .flatten();
    let opened = seal.zip(kept).and_then(|(seal, kept)| seal.open(&row::place(number.as_str()), &kept).ok());
    Ok(opened.is_some_and(|opened| opened == credentials::keys(number.as_str(), password).into_bytes()))
}

/// The hashes that a password is checked with, sealed for their number.
fn sealed(seal: Option<&Seal>, number: &PhoneNumber, password: &SipPassword) -> Result<Vec<u8>, StoreError> {
    credentials::seal_keys(seal, &row::place(number.as_str()), number.as_str(), password)
}

/// Settings as the columns have them.
struct Columns {
    display_name: Option<String>,
    max_calls: Option<i32>,
    address: Option<IpNet>,
    port: Option<i32>,
    max_contacts: i32,
    forwarding: serde_json::Value,
    caller_ids: Vec<String>,
    overrides: serde_json::Value,
}

impl Columns {
    fn of(settings: &PhoneSettings) -> Result<Self, StoreError> {
        let place = match settings.mode {
            PhoneMode::Dynamic => None,
            PhoneMode::Static(address) => Some(address),
        };
        Ok(Self {
            display_name: settings.display_name.as_ref().map(ToString::to_string),
            max_calls: stored_line_limit(settings.max_calls)?,
            address: place.map(|address| address.ip().into()),
            port: place.map(|address| i32::from(address.port())),
            max_contacts: i32::from(settings.max_contacts.get()),
            forwarding: change::json(&settings.forwarding)?,
            caller_ids: settings.caller_ids.iter().map(ToString::to_string).collect(),
            overrides: parameters::stored_own_values(Level::Phone, &settings.overrides)?,
        })
    }
}
