//! Changes to accounts.

use domain::{Account, AccountId, AccountKind, AccountSettings, Invalid, RowVersion};
use sqlx::PgConnection;

use crate::{
    Actor, Pool, Scope, StoreError, amount,
    change::{self, NOTHING, Record},
};

use super::read;

/// Adds an account without money on it.
///
/// # Errors
/// [`StoreError::Invalid`] at `name` (taken) or `rate_table` (missing, or of another currency).
pub async fn create(pool: &Pool, actor: &Actor, settings: &AccountSettings) -> Result<AccountId, StoreError> {
    let mut tx = change::begin(pool).await?;
    let id = insert(&mut tx, actor, settings).await?;
    tx.commit().await?;
    Ok(id)
}

/// Changes an account as it was read at `version`.
///
/// # Errors
/// [`StoreError::Conflict`] when it has been changed since; [`StoreError::Invalid`] as for [`create`], at `currency` when
/// amounts in the old one stand on it, and at `kind` when gateways need the old one.
pub async fn update(
    pool: &Pool,
    actor: &Actor,
    id: AccountId,
    version: RowVersion,
    settings: &AccountSettings,
) -> Result<(), StoreError> {
    let mut tx = change::begin(pool).await?;
    replace(&mut tx, actor, id, version, settings).await?;
    tx.commit().await?;
    Ok(())
}

/// Removes an account that nothing refers to.
///
/// # Errors
/// [`StoreError::Conflict`] when it is not as it was `seen` any more;
/// [`StoreError::InUse`] naming a gateway, or the ledger.
pub async fn remove(
    pool: &Pool,
    actor: &Actor,
    id: AccountId,
    seen: Option<RowVersion>,
) -> Result<(), StoreError> {
    let mut tx = change::begin(pool).await?;
    let account = one(&mut tx, id).await?;
    let subject = subject(&account.settings);
    change::as_seen(&subject, account.version, seen)?;
    // Calls that are settled at this moment wait for the row, then find it gone.
    sqlx::query!("select id from billing.accounts where id = $1 for update", id.0)
        .fetch_one(&mut *tx)
        .await?;
    if let Some(by) = user(&mut tx, id).await? {
        return Err(StoreError::InUse { subject, by });
    }
    sqlx::query!("delete from billing.accounts where id = $1", id.0).execute(&mut *tx).await?;
    let gone =
        Record { action: "remove", subject: &subject, before: Some(&account.settings), after: NOTHING };
    change::record(&mut tx, actor, gone).await?;
    tx.commit().await?;
    Ok(())
}

/// What refers to the account, in words.
async fn user(conn: &mut PgConnection, id: AccountId) -> Result<Option<String>, StoreError> {
    let by = sqlx::query_scalar!(
        r#"select 'mapping gateway "' || name || '"' as "by!" from sip.mapping_gateways where account_id = $1
           union all
           select 'routing gateway "' || name || '"' from sip.routing_gateways where account_id = $1
           union all
           select 'phone "' || number || '"' from sip.phones where account_id = $1
           union all
           select 'agent "' || name || '"' from billing.agents where account_id = $1
           union all
           select 'user "' || name || '"' from portal.users where account_id = $1
           union all
           select 'its ledger' where exists (select from billing.ledger where account_id = $1)
           limit 1"#,
        id.0
    )
    .fetch_optional(conn)
    .await?;
    Ok(by)
}

pub(crate) async fn insert(
    conn: &mut PgConnection,
    actor: &Actor,
    settings: &AccountSettings,
) -> Result<AccountId, StoreError> {
    check_rate_table(conn, settings).await?;
    check_agent(conn, None, settings).await?;
    let id = sqlx::query_scalar!(
        "insert into billing.accounts (name, kind, currency, money_precision, credit_limit, rate_table_id, status, agent_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8) returning id",
        settings.name.as_str(),
        settings.kind.name(),
        settings.currency.as_str(),
        i32::from(settings.precision.decimals() as u8),
        amount::from_money(settings.credit_limit),
        settings.rate_table.map(|table| table.0),
        settings.status.name(),
        settings.agent.map(|agent| agent.0),
    )
    .fetch_one(&mut *conn)
    .await?;
    let subject = subject(settings);
    let made = Record { action: "create", subject: &subject, before: NOTHING, after: Some(settings) };
    change::record(conn, actor, made).await?;
    Ok(AccountId(id))
}

pub(crate) async fn replace(
    conn: &mut PgConnection,
    actor: &Actor,
    id: AccountId,
    version: RowVersion,
    settings: &AccountSettings,
) -> Result<(), StoreError> {
    let before = one(conn, id).await?;
    let subject = subject(&before.settings);
    if before.version != version {
        return Err(StoreError::Conflict { subject });
    }
    check_rate_table(conn, settings).await?;
    check_currency(conn, &before, settings).await?;
    check_kind(conn, &before, settings).await?;
    check_agent(conn, Some(id), settings).await?;
    sqlx::query!(
        "update billing.accounts
         set name = $2, kind = $3, currency = $4, money_precision = $5, credit_limit = $6, rate_table_id = $7, status = $8,
             agent_id = $9
         where id = $1",
        id.0,
        settings.name.as_str(),
        settings.kind.name(),
        settings.currency.as_str(),
        i32::from(settings.precision.decimals() as u8),
        amount::from_money(settings.credit_limit),
        settings.rate_table.map(|table| table.0),
        settings.status.name(),
        settings.agent.map(|agent| agent.0),
    )
    .execute(&mut *conn)
    .await?;
    let changed =
        Record { action: "update", subject: &subject, before: Some(&before.settings), after: Some(settings) };
    change::record(conn, actor, changed).await
}

pub(super) async fn one(conn: &mut PgConnection, id: AccountId) -> Result<Account, StoreError> {
    read(conn, &Scope::All, Some(id), "", None).await?.pop().ok_or(StoreError::NotFound)
}

pub(super) fn subject(settings: &AccountSettings) -> String {
    format!("account \"{}\"", settings.name)
}

async fn check_rate_table(conn: &mut PgConnection, settings: &AccountSettings) -> Result<(), StoreError> {
    let Some(table) = settings.rate_table else { return Ok(()) };
    let found = sqlx::query!("select name, currency from billing.rate_tables where id = $1", table.0)
        .fetch_optional(conn)
        .await?
        .ok_or_else(|| Invalid::field("rate_table", "there is no such rate table"))?;
    if found.currency != settings.currency.as_str() {
        let message = format!(
            "rate table \"{}\" is in {}, the account in {}",
            found.name, found.currency, settings.currency
        );
        return Err(Invalid::field("rate_table", message).into());
    }
    Ok(())
}

/// Amounts on the account and in its ledger have no currency of their own: they would silently become other money.
async fn check_currency(
    conn: &mut PgConnection,
    before: &Account,
    settings: &AccountSettings,
) -> Result<(), StoreError> {
    if before.settings.currency == settings.currency {
        return Ok(());
    }
    let moved = sqlx::query_scalar!(
        r#"select exists (select from billing.ledger where account_id = $1) as "moved!""#,
        before.id.0
    )
    .fetch_one(conn)
    .await?;
    if moved {
        let message = format!("amounts in {} stand in its ledger", before.settings.currency);
        return Err(Invalid::field("currency", message).into());
    }
    Ok(())
}

/// A customer's gateways take calls in, a vendor's send them out; the other side's price would be charged to the wrong party.
async fn check_kind(
    conn: &mut PgConnection,
    before: &Account,
    settings: &AccountSettings,
) -> Result<(), StoreError> {
    if before.settings.kind == settings.kind {
        return Ok(());
    }
    if let Some(by) = user(conn, before.id).await? {
        let kind: AccountKind = before.settings.kind;
        return Err(Invalid::field("kind", format!("{by} needs it to stay a {kind}")).into());
    }
    Ok(())
}

/// The agent must exist, and an agent's own account is nobody's customer: its money would be counted twice.
async fn check_agent(
    conn: &mut PgConnection,
    id: Option<AccountId>,
    settings: &AccountSettings,
) -> Result<(), StoreError> {
    let Some(agent) = settings.agent else { return Ok(()) };
    if settings.kind != AccountKind::Customer {
        return Err(Invalid::field("agent", "only a customer has an agent").into());
    }
    sqlx::query!("select id from billing.agents where id = $1", agent.0)
        .fetch_optional(&mut *conn)
        .await?
        .ok_or_else(|| Invalid::field("agent", "there is no such agent"))?;
    let own =
        sqlx::query_scalar!("select name from billing.agents where account_id = $1", id.map(|id| id.0),)
            .fetch_optional(conn)
            .await?;
    match own {
        Some(name) => {
            Err(Invalid::field("agent", format!("this is the own account of agent \"{name}\"")).into())
        }
        None => Ok(()),
    }
}
