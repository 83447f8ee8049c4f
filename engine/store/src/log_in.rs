//! Logging in: a name and a password, then a code for those who have a second factor.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use domain::UserId;

use crate::{
    Actor, Pool, Seal, StoreError,
    change::{self, NOTHING, Record},
    login_guard, password,
    people::{self, Barred},
    totp::{self, Code},
};

/// What became of a try.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LogIn {
    /// It was right: open a session.
    Welcome(UserId),
    /// The name or the password is wrong; which of them is nobody's business.
    Wrong,
    /// Too many failures of this name or from this address: nothing was looked at.
    Locked(DateTime<Utc>),
    /// The password was right, but the person or their agent is disabled.
    Disabled,
    /// The password was right, but the role does not allow this network.
    Elsewhere,
}

/// Looks at a name and a password. A name that nobody has takes the same time and is counted the same way.
pub async fn password(pool: &Pool, name: &str, password: &str, address: IpAddr) -> Result<LogIn, StoreError> {
    if let Some(until) = login_guard::note(pool, name, address).await? {
        return Ok(LogIn::Locked(until));
    }
    let known = people::find_by_name(pool, name).await?;
    let (hash, typed) = (known.as_ref().map(|known| known.password_hash.clone()), password.to_owned());
    let right = password::on_a_thread(move || {
        let hash = hash.as_deref().unwrap_or_else(|| password::decoy());
        password::verify(&typed, hash)
    })
    .await;
    let Some(known) = known.filter(|_| right) else {
        sqlx::query!(
            "update portal.users set failed_log_ins = failed_log_ins + 1 where name = $1",
            // A name with NUL in it is nobody's and cannot be asked for.
            name.trim().replace('\0', "\u{fffd}"),
        )
        .execute(pool)
        .await?;
        return Ok(LogIn::Wrong);
    };
    login_guard::forgive(pool, name, address).await?;
    let mut conn = pool.acquire().await?;
    match people::at_work(&mut conn, known.id, address).await? {
        Err(Barred::Disabled) => return Ok(LogIn::Disabled),
        Err(Barred::Elsewhere) => return Ok(LogIn::Elsewhere),
        Ok(_) => {}
    }
    drop(conn);
    welcome(pool, known.id, &known.name, address).await?;
    Ok(LogIn::Welcome(known.id))
}

/// Asks somebody who is logged in for their password again, before a dangerous action; a right one counts for ten minutes.
/// Wrong ones lock like those of a log-in.
pub async fn password_again(
    pool: &Pool,
    token_hash: &[u8; 32],
    password: &str,
    address: IpAddr,
) -> Result<LogIn, StoreError> {
    let known = sqlx::query!(
        "select u.id, u.name, u.password_hash from portal.sessions s join portal.users u on u.id = s.user_id
         where s.token_hash = $1 and not s.awaiting_code",
        token_hash.as_slice(),
    )
    .fetch_one(pool)
    .await?;
    if let Some(until) = login_guard::note(pool, &known.name, address).await? {
        return Ok(LogIn::Locked(until));
    }
    let (hash, typed) = (known.password_hash, password.to_owned());
    if !password::on_a_thread(move || password::verify(&typed, &hash)).await {
        return Ok(LogIn::Wrong);
    }
    login_guard::forgive(pool, &known.name, address).await?;
    crate::sessions::authenticated(pool, token_hash).await?;
    Ok(LogIn::Welcome(UserId(known.id)))
}

/// Takes the code of the second factor, or a recovery code, for a session that awaits one. Wrong ones lock like wrong
/// passwords, so that six digits cannot be tried out.
///
/// # Errors
/// [`StoreError::NotFound`] when no such session awaits a code: the person logs in anew.
pub async fn code(
    pool: &Pool,
    seal: &Seal,
    token_hash: &[u8; 32],
    code: &str,
    address: IpAddr,
    now: DateTime<Utc>,
) -> Result<LogIn, StoreError> {
    // A code is typed within minutes: a session that waits longer is somebody's who does not have one.
    let waiting = sqlx::query!(
        "select u.id, u.name from portal.sessions s join portal.users u on u.id = s.user_id
         where s.token_hash = $1 and s.awaiting_code and s.created_at > now() - interval '10 minutes'",
        token_hash.as_slice(),
    )
    .fetch_one(pool)
    .await?;
    if let Some(until) = login_guard::note(pool, &waiting.name, address).await? {
        return Ok(LogIn::Locked(until));
    }
    let user = UserId(waiting.id);
    if totp::check(pool, seal, user, code, now).await? == Code::Wrong {
        return Ok(LogIn::Wrong);
    }
    login_guard::forgive(pool, &waiting.name, address).await?;
    let done = sqlx::query!(
        "update portal.sessions set awaiting_code = false, authenticated_at = now() where token_hash = $1",
        token_hash.as_slice(),
    )
    .execute(pool)
    .await?;
    if done.rows_affected() == 0 {
        return Err(StoreError::NotFound);
    }
    Ok(LogIn::Welcome(user))
}

async fn welcome(pool: &Pool, user: UserId, name: &str, address: IpAddr) -> Result<(), StoreError> {
    let mut tx = pool.begin().await?;
    sqlx::query!("update portal.users set last_log_in = now(), failed_log_ins = 0 where id = $1", user.0)
        .execute(&mut *tx)
        .await?;
    let actor = Actor { user: Some(user), name: name.to_owned() };
    let subject = format!("user \"{name}\"");
    let place = Place { address };
    let came = Record { action: "log in", subject: &subject, before: NOTHING, after: Some(&place) };
    change::record(&mut tx, &actor, came).await?;
    tx.commit().await?;
    Ok(())
}

#[derive(serde::Serialize)]
struct Place {
    address: IpAddr,
}
