//! Resellers: `billing.agents`.

use domain::{AccountId, AccountKind, Agent, AgentId, AgentRow, AgentSettings, Invalid, RowVersion};
use sqlx::PgConnection;

use crate::{
    Actor, Pool, Scope, StoreError,
    change::{self, NOTHING, Record},
    mapping_gateways::check_account,
    text,
};

/// The agents that the asker may see whose name holds `search`, by name; an agent sees itself.
pub async fn list(pool: &Pool, scope: &Scope, search: &str) -> Result<Vec<AgentRow>, StoreError> {
    let search = text::typed("search", search, 64)?;
    let mut conn = pool.acquire().await?;
    read(&mut conn, scope, None, search).await
}

/// One agent.
///
/// # Errors
/// [`StoreError::NotFound`] also for one that the asker may not see.
pub async fn find(pool: &Pool, scope: &Scope, id: AgentId) -> Result<AgentRow, StoreError> {
    let mut conn = pool.acquire().await?;
    read(&mut conn, scope, Some(id), "").await?.pop().ok_or(StoreError::NotFound)
}

/// Adds an agent.
///
/// # Errors
/// [`StoreError::Invalid`] at `name` (taken) or `account` (missing, no customer, another agent's or an agent's customer).
pub async fn create(pool: &Pool, actor: &Actor, settings: &AgentSettings) -> Result<AgentId, StoreError> {
    let mut tx = change::begin(pool).await?;
    let id = insert(&mut tx, actor, settings).await?;
    tx.commit().await?;
    Ok(id)
}

pub(crate) async fn insert(
    conn: &mut PgConnection,
    actor: &Actor,
    settings: &AgentSettings,
) -> Result<AgentId, StoreError> {
    check_own_account(conn, settings.account).await?;
    let id = sqlx::query_scalar!(
        "insert into billing.agents (name, account_id, status) values ($1, $2, $3) returning id",
        settings.name.as_str(),
        settings.account.0,
        settings.status.name(),
    )
    .fetch_one(&mut *conn)
    .await?;
    let subject = subject(settings);
    let made = Record { action: "create", subject: &subject, before: NOTHING, after: Some(settings) };
    change::record(conn, actor, made).await?;
    Ok(AgentId(id))
}

/// Changes an agent as it was read at `version`. Locking it keeps its people out; its customers' calls go on.
///
/// # Errors
/// [`StoreError::Conflict`] when it has been changed since; [`StoreError::Invalid`] as for [`create`].
pub async fn update(
    pool: &Pool,
    actor: &Actor,
    id: AgentId,
    version: RowVersion,
    settings: &AgentSettings,
) -> Result<(), StoreError> {
    let mut tx = change::begin(pool).await?;
    replace(&mut tx, actor, id, version, settings).await?;
    tx.commit().await?;
    Ok(())
}

pub(crate) async fn replace(
    conn: &mut PgConnection,
    actor: &Actor,
    id: AgentId,
    version: RowVersion,
    settings: &AgentSettings,
) -> Result<(), StoreError> {
    let before = one(conn, id).await?;
    let subject = subject(&before.settings);
    if before.version != version {
        return Err(StoreError::Conflict { subject });
    }
    check_own_account(conn, settings.account).await?;
    sqlx::query!(
        "update billing.agents set name = $2, account_id = $3, status = $4 where id = $1",
        id.0,
        settings.name.as_str(),
        settings.account.0,
        settings.status.name(),
    )
    .execute(&mut *conn)
    .await?;
    let changed =
        Record { action: "update", subject: &subject, before: Some(&before.settings), after: Some(settings) };
    change::record(conn, actor, changed).await
}

/// Removes an agent without customers and people.
///
/// # Errors
/// [`StoreError::Conflict`] when it is not as it was `seen` any more;
/// [`StoreError::InUse`] naming an account that it brought, or one of its people.
pub async fn remove(
    pool: &Pool,
    actor: &Actor,
    id: AgentId,
    seen: Option<RowVersion>,
) -> Result<(), StoreError> {
    let mut tx = change::begin(pool).await?;
    let before = one(&mut tx, id).await?;
    let subject = subject(&before.settings);
    change::as_seen(&subject, before.version, seen)?;
    let by = sqlx::query_scalar!(
        r#"select 'account "' || name || '"' as "by!" from billing.accounts where agent_id = $1
           union all
           select 'user "' || name || '"' from portal.users where agent_id = $1
           limit 1"#,
        id.0
    )
    .fetch_optional(&mut *tx)
    .await?;
    if let Some(by) = by {
        return Err(StoreError::InUse { subject, by });
    }
    sqlx::query!("delete from billing.agents where id = $1", id.0).execute(&mut *tx).await?;
    let gone = Record { action: "remove", subject: &subject, before: Some(&before.settings), after: NOTHING };
    change::record(&mut tx, actor, gone).await?;
    tx.commit().await?;
    Ok(())
}

/// An agent pays from a customer account that nobody else brought.
async fn check_own_account(conn: &mut PgConnection, account: AccountId) -> Result<(), StoreError> {
    check_account(&mut *conn, account, AccountKind::Customer).await?;
    let brought_by = sqlx::query_scalar!(
        "select g.name from billing.accounts a join billing.agents g on g.id = a.agent_id where a.id = $1",
        account.0
    )
    .fetch_optional(conn)
    .await?;
    match brought_by {
        Some(name) => {
            Err(Invalid::field("account", format!("this account is a customer of agent \"{name}\"")).into())
        }
        None => Ok(()),
    }
}

async fn one(conn: &mut PgConnection, id: AgentId) -> Result<Agent, StoreError> {
    Ok(read(conn, &Scope::All, Some(id), "").await?.pop().ok_or(StoreError::NotFound)?.agent)
}

pub(crate) async fn read(
    conn: &mut PgConnection,
    scope: &Scope,
    id: Option<AgentId>,
    search: &str,
) -> Result<Vec<AgentRow>, StoreError> {
    let own = match scope {
        Scope::All => None,
        Scope::Agent(agent) => Some(agent.0),
        Scope::Account(_) => return Ok(Vec::new()),
    };
    let rows = sqlx::query!(
        r#"select g.id, g.row_version, g.name, g.account_id, g.status, a.name as account_name,
                  (select count(*) from billing.accounts c where c.agent_id = g.id) as "customers!"
           from billing.agents g join billing.accounts a on a.id = g.account_id
           where ($1::bigint is null or g.id = $1) and ($2::bigint is null or g.id = $2)
             and strpos(lower(g.name), lower($3)) > 0
           order by lower(g.name), g.id"#,
        own,
        id.map(|id| id.0),
        search,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let settings = AgentSettings {
                name: row.name.parse().map_err(|_| StoreError::unreadable("agent name", &row.name))?,
                account: AccountId(row.account_id),
                status: row
                    .status
                    .parse()
                    .map_err(|_| StoreError::unreadable("agent status", &row.status))?,
            };
            let agent = Agent { id: AgentId(row.id), version: RowVersion(row.row_version), settings };
            Ok(AgentRow { agent, account_name: row.account_name, customers: row.customers })
        })
        .collect()
}

fn subject(settings: &AgentSettings) -> String {
    format!("agent \"{}\"", settings.name)
}
