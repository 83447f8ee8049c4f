//! Log-ins: `portal.sessions`. Only the hash of a token is known here.

use std::net::IpAddr;

use chrono::{DateTime, Duration, Utc};
use domain::{Permissions, SessionId, SessionRow, UserId};
use sqlx::postgres::types::PgInterval;

use crate::{
    Actor, Pool, Scope, StoreError,
    change::{self, NOTHING, Record},
    people::{self, Access},
    text,
};

/// Sessions that one person may have at once; a new one ends the oldest.
const MOST: i64 = 50;

/// How long a dangerous action trusts that the person at the keyboard is the one who logged in, in minutes.
const FRESH: i64 = 10;

/// How long a log-in lasts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Terms {
    /// Unused for this long, it ends.
    pub idle: Duration,
    /// After this long it ends however much it is used.
    pub absolute: Duration,
}

impl Default for Terms {
    /// Twelve hours unused, seven days in all.
    fn default() -> Self {
        Self { idle: Duration::hours(12), absolute: Duration::days(7) }
    }
}

/// What a person must do before anything else.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Duty {
    /// Replace a password that somebody else has set.
    ChangePassword,
    /// Set up the second factor that the role wants.
    EnrolTotp,
}

/// Somebody who is logged in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Session {
    /// Its key, as the list of sessions shows it.
    pub id: SessionId,
    /// Who, and what the role and home give them.
    pub access: Access,
    /// When they logged in.
    pub created_at: DateTime<Utc>,
    /// When they last proved who they are.
    pub authenticated_at: DateTime<Utc>,
    /// When it ends however much it is used.
    pub expires_at: DateTime<Utc>,
    /// What they must do first.
    pub duty: Option<Duty>,
}

impl Session {
    /// Whose rows they see.
    pub fn scope(&self) -> Scope {
        self.access.scope()
    }

    /// Who they are in the audit log.
    pub fn actor(&self) -> Actor {
        self.access.actor()
    }

    /// What they may do now: nothing while there is a duty.
    pub fn permissions(&self) -> Permissions {
        if self.duty.is_some() { Permissions::NONE } else { self.access.permissions }
    }

    /// True when they have proved who they are within the last ten minutes; dangerous actions ask for it again otherwise.
    pub fn is_fresh(&self, now: DateTime<Utc>) -> bool {
        now - self.authenticated_at < Duration::minutes(FRESH)
    }
}

/// A session that has begun.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Opened {
    /// The person has a second factor: the session is worth nothing until [`crate::log_in::code`] has taken a code for it.
    pub awaits_code: bool,
}

/// Begins a session for somebody whose password was right. Clears away those that have run out.
pub async fn open(
    pool: &Pool,
    user: UserId,
    token_hash: [u8; 32],
    address: IpAddr,
    user_agent: &str,
    terms: Terms,
) -> Result<Opened, StoreError> {
    let mut tx = pool.begin().await?;
    sqlx::query!("delete from portal.sessions where expires_at < now() or last_seen_at < now() - idle")
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
    let awaits_code = sqlx::query_scalar!(
        r#"insert into portal.sessions (token_hash, user_id, address, user_agent, idle, expires_at, awaiting_code)
           select $1, $2, $3, $4, $5, now() + $6::interval,
                  exists (select from portal.totp where user_id = $2 and confirmed_at is not null)
           returning awaiting_code"#,
        token_hash.as_slice(),
        user.0,
        address.to_canonical() as IpAddr,
        text::received(user_agent, 255),
        interval(terms.idle),
        interval(terms.absolute),
    )
    .fetch_one(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(Opened { awaits_code })
}

fn interval(duration: Duration) -> PgInterval {
    let microseconds = duration.num_microseconds().unwrap_or(i64::MAX);
    PgInterval { months: 0, days: 0, microseconds }
}

/// The session of a token that is used from `address`: none when it has run out, still awaits a code, or its person may not
/// work (disabled, locked agent, not from there). Notes the use, once a minute.
pub async fn find(
    pool: &Pool,
    token_hash: &[u8; 32],
    address: IpAddr,
) -> Result<Option<Session>, StoreError> {
    let mut conn = pool.acquire().await?;
    let row = sqlx::query!(
        r#"select s.id, s.user_id, s.created_at, s.authenticated_at, s.expires_at,
                  s.last_seen_at < now() - interval '1 minute' as "stale!",
                  exists (select from portal.totp t
                          where t.user_id = s.user_id and t.confirmed_at is not null) as "has_totp!"
           from portal.sessions s
           where s.token_hash = $1 and not s.awaiting_code
             and s.expires_at >= now() and s.last_seen_at >= now() - s.idle"#,
        token_hash.as_slice(),
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let Ok(access) = people::at_work(&mut conn, UserId(row.user_id), address).await? else { return Ok(None) };
    if row.stale {
        sqlx::query!(
            "update portal.sessions set last_seen_at = now() where token_hash = $1",
            token_hash.as_slice()
        )
        .execute(&mut *conn)
        .await?;
    }
    let duty = match () {
        () if access.must_change => Some(Duty::ChangePassword),
        () if access.requires_totp && !row.has_totp => Some(Duty::EnrolTotp),
        () => None,
    };
    Ok(Some(Session {
        id: SessionId(row.id),
        access,
        created_at: row.created_at,
        authenticated_at: row.authenticated_at,
        expires_at: row.expires_at,
        duty,
    }))
}

/// The person has proved again who they are.
pub async fn authenticated(pool: &Pool, token_hash: &[u8; 32]) -> Result<(), StoreError> {
    sqlx::query!(
        "update portal.sessions set authenticated_at = now() where token_hash = $1 and not awaiting_code",
        token_hash.as_slice()
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// The sessions of a person that are still good, the one used last first. `current` is the token of the one who asks.
pub async fn list(
    pool: &Pool,
    user: UserId,
    current: Option<&[u8; 32]>,
) -> Result<Vec<SessionRow>, StoreError> {
    let rows = sqlx::query!(
        r#"select id, created_at, last_seen_at, expires_at, address as "address: IpAddr", user_agent,
                  coalesce(token_hash = $2, false) as "current!"
           from portal.sessions
           where user_id = $1 and expires_at >= now() and last_seen_at >= now() - idle
           order by last_seen_at desc, id desc"#,
        user.0,
        current.map(<[u8; 32]>::as_slice),
    )
    .fetch_all(pool)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| SessionRow {
            id: SessionId(row.id),
            created_at: row.created_at,
            last_seen_at: row.last_seen_at,
            expires_at: row.expires_at,
            address: row.address,
            user_agent: row.user_agent,
            current: row.current,
        })
        .collect())
}

/// Ends one session of a person, by hand.
///
/// # Errors
/// [`StoreError::NotFound`] when that person has no such session.
pub async fn revoke(pool: &Pool, actor: &Actor, user: UserId, id: SessionId) -> Result<(), StoreError> {
    let mut tx = change::begin(pool).await?;
    let ended = sqlx::query_scalar!(
        "delete from portal.sessions s using portal.users u where s.id = $1 and s.user_id = $2 and u.id = $2
         returning u.name",
        id.0,
        user.0,
    )
    .fetch_optional(&mut *tx)
    .await?
    .ok_or(StoreError::NotFound)?;
    record_end(&mut tx, actor, &ended).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends every session of a person, by hand, but that of the token `keep`. Says how many.
pub async fn revoke_others(
    pool: &Pool,
    actor: &Actor,
    user: UserId,
    keep: Option<&[u8; 32]>,
) -> Result<u64, StoreError> {
    let mut tx = change::begin(pool).await?;
    let name = sqlx::query_scalar!("select name from portal.users where id = $1", user.0)
        .fetch_one(&mut *tx)
        .await?;
    let ended = sqlx::query!(
        "delete from portal.sessions where user_id = $1 and token_hash is distinct from $2",
        user.0,
        keep.map(<[u8; 32]>::as_slice),
    )
    .execute(&mut *tx)
    .await?
    .rows_affected();
    if ended > 0 {
        record_end(&mut tx, actor, &name).await?;
    }
    tx.commit().await?;
    Ok(ended)
}

async fn record_end(conn: &mut sqlx::PgConnection, actor: &Actor, name: &str) -> Result<(), StoreError> {
    let subject = format!("user \"{name}\"");
    let ended =
        Record::<(), ()> { action: "end session", subject: &subject, before: NOTHING, after: NOTHING };
    change::record(conn, actor, ended).await
}

/// Ends a session: its owner logs out.
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
