//! Log-ins: `portal.sessions`. Only the hash of a token is known here.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use domain::UserId;

use crate::{Actor, Pool, Scope, StoreError, people::Role, text};

/// Sessions that one person may have at once; a new one ends the oldest.
const MOST: i64 = 50;

/// Somebody who is logged in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Session {
    /// Who.
    pub user: UserId,
    /// Their name.
    pub user_name: String,
    /// What they may do.
    pub role: Role,
    /// When they logged in; 12 hours later they must again.
    pub created_at: DateTime<Utc>,
}

impl Session {
    /// Whose rows they see.
    pub fn scope(&self) -> Scope {
        self.role.scope()
    }

    /// Who they are in the audit log.
    pub fn actor(&self) -> Actor {
        Actor { user: Some(self.user), name: self.user_name.clone() }
    }
}

/// Begins a session. Clears away those that have run out.
pub async fn open(
    pool: &Pool,
    user: UserId,
    token_hash: [u8; 32],
    address: IpAddr,
    user_agent: &str,
) -> Result<(), StoreError> {
    let mut tx = pool.begin().await?;
    sqlx::query!(
        "delete from portal.sessions
         where created_at < now() - interval '12 hours' or last_seen_at < now() - interval '2 hours'"
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "delete from portal.sessions where token_hash in (
             select token_hash from portal.sessions where user_id = $1 order by created_at desc offset $2)",
        user.0,
        MOST - 1,
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "insert into portal.sessions (token_hash, user_id, address, user_agent) values ($1, $2, $3, $4)",
        token_hash.as_slice(),
        user.0,
        address as IpAddr,
        text::received(user_agent, 255),
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(())
}

/// The session of a token, unless it is older than 12 hours or has not been used for 2. Notes the use, once a minute.
pub async fn find(pool: &Pool, token_hash: &[u8; 32]) -> Result<Option<Session>, StoreError> {
    let row = sqlx::query!(
        r#"select s.user_id, u.name, u.role, s.created_at,
                  s.last_seen_at < now() - interval '1 minute' as "stale!"
           from portal.sessions s join portal.users u on u.id = s.user_id
           where s.token_hash = $1
             and s.created_at >= now() - interval '12 hours' and s.last_seen_at >= now() - interval '2 hours'"#,
        token_hash.as_slice(),
    )
    .fetch_optional(pool)
    .await?;
    let Some(row) = row else { return Ok(None) };
    if row.stale {
        sqlx::query!(
            "update portal.sessions set last_seen_at = now() where token_hash = $1",
            token_hash.as_slice()
        )
        .execute(pool)
        .await?;
    }
    let role = row.role.parse()?;
    Ok(Some(Session { user: UserId(row.user_id), user_name: row.name, role, created_at: row.created_at }))
}

/// Ends a session.
pub async fn close(pool: &Pool, token_hash: &[u8; 32]) -> Result<(), StoreError> {
    sqlx::query!("delete from portal.sessions where token_hash = $1", token_hash.as_slice())
        .execute(pool)
        .await?;
    Ok(())
}

/// Ends every session of a person.
pub async fn close_all(pool: &Pool, user: UserId) -> Result<(), StoreError> {
    sqlx::query!("delete from portal.sessions where user_id = $1", user.0).execute(pool).await?;
    Ok(())
}
