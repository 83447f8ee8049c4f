//! From rows to people.

use chrono::{DateTime, Utc};
use domain::{AccountId, AgentId, Home, RoleId, RowVersion, User, UserId, UserRow, UserSettings};
use sqlx::PgConnection;

use crate::{Scope, StoreError};

struct Row {
    id: i64,
    row_version: i64,
    name: String,
    display_name: String,
    role_id: i64,
    role_name: String,
    agent_id: Option<i64>,
    account_id: Option<i64>,
    home_name: Option<String>,
    language: String,
    enabled: bool,
    password_changed_at: DateTime<Utc>,
    must_change: bool,
    last_log_in: Option<DateTime<Utc>>,
    failed_log_ins: i64,
    has_totp: bool,
    sessions: i64,
}

impl TryFrom<Row> for UserRow {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let settings = UserSettings {
            name: row.name.parse().map_err(|_| StoreError::unreadable("user name", &row.name))?,
            display_name: row.display_name,
            role: RoleId(row.role_id),
            home: home(row.agent_id, row.account_id),
            // A translation that this build does not have is shown in the default one.
            language: row.language.parse().unwrap_or_default(),
            enabled: row.enabled,
        };
        let user = User {
            id: UserId(row.id),
            version: RowVersion(row.row_version),
            settings,
            password_changed_at: row.password_changed_at,
            must_change: row.must_change,
            has_totp: row.has_totp,
            last_log_in: row.last_log_in,
            failed_log_ins: row.failed_log_ins,
        };
        Ok(Self { user, role_name: row.role_name, home_name: row.home_name, sessions: row.sessions })
    }
}

/// Two columns of which at most one is filled.
pub(super) fn home(agent: Option<i64>, account: Option<i64>) -> Home {
    match (agent, account) {
        (Some(agent), _) => Home::Agent(AgentId(agent)),
        (None, Some(account)) => Home::Account(AccountId(account)),
        (None, None) => Home::Administration,
    }
}

/// The columns of a home.
pub(super) fn stored_home(home: Home) -> (Option<i64>, Option<i64>) {
    match home {
        Home::Administration => (None, None),
        Home::Agent(agent) => (Some(agent.0), None),
        Home::Account(account) => (None, Some(account.0)),
    }
}

pub(super) async fn read(
    conn: &mut PgConnection,
    scope: &Scope,
    id: Option<UserId>,
    search: &str,
) -> Result<Vec<UserRow>, StoreError> {
    let seen = scope.accounts(&mut *conn).await?;
    let agent = match scope {
        Scope::Agent(agent) => Some(agent.0),
        Scope::All | Scope::Account(_) => None,
    };
    let rows = sqlx::query_as!(
        Row,
        r#"select u.id, u.row_version, u.name, u.display_name, u.role_id, r.name as role_name, u.agent_id, u.account_id,
                  coalesce(g.name, a.name) as home_name, u.language, u.enabled, u.password_changed_at, u.must_change,
                  u.last_log_in, u.failed_log_ins,
                  exists (select from portal.totp t
                          where t.user_id = u.id and t.confirmed_at is not null) as "has_totp!",
                  (select count(*) from portal.sessions s where s.user_id = u.id) as "sessions!"
           from portal.users u
           join portal.roles r on r.id = u.role_id
           left join billing.agents g on g.id = u.agent_id
           left join billing.accounts a on a.id = u.account_id
           where ($1::bigint[] is null or u.account_id = any($1) or u.agent_id = $2)
             and ($3::bigint is null or u.id = $3)
             and (strpos(lower(u.name), lower($4)) > 0 or strpos(lower(u.display_name), lower($4)) > 0)
           order by lower(u.name), u.id"#,
        seen.as_deref(),
        agent,
        id.map(|id| id.0),
        search,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(UserRow::try_from).collect()
}
