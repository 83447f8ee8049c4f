//! Second factors: time-based one-time codes (RFC 6238: SHA-1, six digits, 30 seconds, as every authenticator has them) and
//! recovery codes for who has lost the device.

use chrono::{DateTime, Utc};
use domain::{Invalid, UserId};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use totp_rs::{Builder, Totp};

use crate::{
    Actor, Pool, Seal, StoreError,
    change::{self, NOTHING, Record},
};

/// How the switch is called in an authenticator.
const ISSUER: &str = "Tandem";
/// Recovery codes made at once.
const RECOVERY_CODES: usize = 10;
/// Letters and digits of recovery codes: none is taken for another. 32 of them, five bits each.
const ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";

/// What an authenticator is given. Shown once.
#[derive(Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// `otpauth://totp/…`, for a QR code or a link on a phone.
    pub url: String,
    /// The secret in base 32, for typing.
    pub secret: String,
}

impl std::fmt::Debug for Enrolment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Enrolment(…)")
    }
}

/// What a code is worth.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Code {
    /// Of now, and not taken before.
    Right,
    /// A recovery code, used up by this.
    Recovery {
        /// How many are left.
        left: i64,
    },
    /// Anything else, a code taken before included.
    Wrong,
}

/// Begins to set up a second factor: a new secret, of no effect until [`confirm`] has seen a code of it.
///
/// # Errors
/// [`StoreError::Invalid`] when the person has one already: it must be removed first.
pub async fn enrol(pool: &Pool, seal: &Seal, user: UserId) -> Result<Enrolment, StoreError> {
    let name =
        sqlx::query_scalar!("select name from portal.users where id = $1", user.0).fetch_one(pool).await?;
    let secret: [u8; 20] = rand::random();
    let stored = sqlx::query!(
        "insert into portal.totp (user_id, secret) values ($1, $2)
         on conflict (user_id) do update set secret = excluded.secret, made_at = now(), last_step = 0
         where portal.totp.confirmed_at is null",
        user.0,
        seal.close(&place(user), &secret),
    )
    .execute(pool)
    .await?;
    if stored.rows_affected() == 0 {
        return Err(Invalid::field("", "a second factor is set up already; remove it first").into());
    }
    // The colon divides issuer and name in the address.
    let totp = totp(&secret, &name.replace(':', "_"));
    let url = totp.to_url().expect("the name is not empty and holds no colon");
    let key = url.split(['?', '&']).find_map(|part| part.strip_prefix("secret=")).unwrap_or_default();
    Ok(Enrolment { secret: key.to_owned(), url })
}

/// Puts a second factor into effect with a code of it. Gives the recovery codes, which are never shown again.
///
/// # Errors
/// [`StoreError::Invalid`] at `code` when it is wrong; [`StoreError::NotFound`] when nothing is being set up.
pub async fn confirm(
    pool: &Pool,
    seal: &Seal,
    actor: &Actor,
    user: UserId,
    code: &str,
    now: DateTime<Utc>,
) -> Result<Vec<String>, StoreError> {
    let mut tx = change::begin(pool).await?;
    let row = sqlx::query!(
        "select t.secret, u.name from portal.totp t join portal.users u on u.id = t.user_id
         where t.user_id = $1 and t.confirmed_at is null for update of t",
        user.0
    )
    .fetch_one(&mut *tx)
    .await?;
    let secret = seal.open(&place(user), &row.secret)?;
    let Some(step) = matching_step(&secret, code, now) else {
        return Err(Invalid::field("code", "this code is wrong; check the clock of the device").into());
    };
    sqlx::query!(
        "update portal.totp set confirmed_at = now(), last_step = $2 where user_id = $1",
        user.0,
        step
    )
    .execute(&mut *tx)
    .await?;
    let codes = write_recovery_codes(&mut tx, user).await?;
    record(&mut tx, actor, "set up second factor", &row.name).await?;
    tx.commit().await?;
    Ok(codes)
}

/// New recovery codes in place of the old ones, used or not.
///
/// # Errors
/// [`StoreError::NotFound`] when the person has no second factor.
pub async fn renew_recovery_codes(
    pool: &Pool,
    actor: &Actor,
    user: UserId,
) -> Result<Vec<String>, StoreError> {
    let mut tx = change::begin(pool).await?;
    let name = sqlx::query_scalar!(
        "select u.name from portal.totp t join portal.users u on u.id = t.user_id
         where t.user_id = $1 and t.confirmed_at is not null",
        user.0
    )
    .fetch_one(&mut *tx)
    .await?;
    let codes = write_recovery_codes(&mut tx, user).await?;
    record(&mut tx, actor, "renew recovery codes", &name).await?;
    tx.commit().await?;
    Ok(codes)
}

/// Takes a second factor away, or one that was never confirmed. Ask for the password again before ([`crate::log_in::password_again`]).
///
/// # Errors
/// [`StoreError::NotFound`] when the person has none.
pub async fn remove(pool: &Pool, actor: &Actor, user: UserId) -> Result<(), StoreError> {
    let mut tx = change::begin(pool).await?;
    let name = sqlx::query_scalar!(
        "delete from portal.totp t using portal.users u where t.user_id = $1 and u.id = $1 returning u.name",
        user.0
    )
    .fetch_optional(&mut *tx)
    .await?
    .ok_or(StoreError::NotFound)?;
    sqlx::query!("delete from portal.recovery_codes where user_id = $1", user.0).execute(&mut *tx).await?;
    record(&mut tx, actor, "remove second factor", &name).await?;
    tx.commit().await?;
    Ok(())
}

/// Recovery codes that have not been used.
pub async fn recovery_codes_left(pool: &Pool, user: UserId) -> Result<i64, StoreError> {
    let mut conn = pool.acquire().await?;
    left(&mut conn, user).await
}

/// Looks at a code of somebody's second factor. A right one is used up: neither it nor one of an earlier time is taken again.
pub(crate) async fn check(
    pool: &Pool,
    seal: &Seal,
    user: UserId,
    code: &str,
    now: DateTime<Utc>,
) -> Result<Code, StoreError> {
    let mut tx = pool.begin().await?;
    // The row stays locked until the step is written: the same code sent twice at once is taken once.
    let row = sqlx::query!(
        "select secret, last_step from portal.totp where user_id = $1 and confirmed_at is not null for update",
        user.0
    )
    .fetch_optional(&mut *tx)
    .await?;
    let Some(row) = row else { return Ok(Code::Wrong) };
    let secret = seal.open(&place(user), &row.secret)?;
    let outcome = match matching_step(&secret, code, now) {
        Some(step) if step > row.last_step => {
            sqlx::query!("update portal.totp set last_step = $2 where user_id = $1", user.0, step)
                .execute(&mut *tx)
                .await?;
            Code::Right
        }
        Some(_) => Code::Wrong,
        None => recovery(&mut tx, user, code).await?,
    };
    tx.commit().await?;
    Ok(outcome)
}

async fn recovery(conn: &mut PgConnection, user: UserId, code: &str) -> Result<Code, StoreError> {
    let hash = recovery_hash(code);
    let used = sqlx::query!(
        "update portal.recovery_codes set used_at = now()
         where user_id = $1 and code_hash = $2 and used_at is null",
        user.0,
        hash.as_slice(),
    )
    .execute(&mut *conn)
    .await?;
    if used.rows_affected() == 0 {
        return Ok(Code::Wrong);
    }
    Ok(Code::Recovery { left: left(conn, user).await? })
}

async fn left(conn: &mut PgConnection, user: UserId) -> Result<i64, StoreError> {
    let left = sqlx::query_scalar!(
        r#"select count(*) as "left!" from portal.recovery_codes where user_id = $1 and used_at is null"#,
        user.0
    )
    .fetch_one(conn)
    .await?;
    Ok(left)
}

async fn write_recovery_codes(conn: &mut PgConnection, user: UserId) -> Result<Vec<String>, StoreError> {
    sqlx::query!("delete from portal.recovery_codes where user_id = $1", user.0).execute(&mut *conn).await?;
    let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| recovery_code()).collect();
    let hashes: Vec<Vec<u8>> = codes.iter().map(|code| recovery_hash(code).to_vec()).collect();
    sqlx::query!(
        "insert into portal.recovery_codes (user_id, code_hash) select $1, * from unnest($2::bytea[])",
        user.0,
        &hashes,
    )
    .execute(conn)
    .await?;
    Ok(codes)
}

/// Sixteen letters, 80 bits: nobody guesses one, so that a plain hash is enough to keep it.
fn recovery_code() -> String {
    let letter = || char::from(ALPHABET[rand::random_range(0..ALPHABET.len())]);
    let group = || (0..4).map(|_| letter()).collect::<String>();
    (0..4).map(|_| group()).collect::<Vec<_>>().join("-")
}

/// However it was typed: without hyphens and spaces, in upper or lower case.
fn recovery_hash(code: &str) -> [u8; 32] {
    let letters: String =
        code.chars().filter(char::is_ascii_alphanumeric).take(64).collect::<String>().to_ascii_lowercase();
    Sha256::digest(letters.as_bytes()).into()
}

/// The time step whose code this is: the present one or one beside it, for clocks that go wrong by half a minute.
fn matching_step(secret: &[u8], code: &str, now: DateTime<Utc>) -> Option<i64> {
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).take(7).collect();
    if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let seconds = u64::try_from(now.timestamp()).ok()?;
    let step = totp(secret, "").check(&digits, seconds)?;
    i64::try_from(step).ok()
}

fn totp(secret: &[u8], name: &str) -> Totp {
    Builder::new()
        .with_secret(secret.to_vec())
        .with_account_name(name)
        .with_issuer(Some(ISSUER))
        .build()
        .expect("a secret of 160 bits, and names without a colon")
}

fn place(user: UserId) -> String {
    format!("totp of user {user}")
}

async fn record(conn: &mut PgConnection, actor: &Actor, action: &str, name: &str) -> Result<(), StoreError> {
    let subject = format!("user \"{name}\"");
    let done = Record::<(), ()> { action, subject: &subject, before: NOTHING, after: NOTHING };
    change::record(conn, actor, done).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn the_codes_are_those_of_rfc_6238_appendix_b() {
        // Its eight digits end with our six.
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")] {
            let step = matching_step(b"12345678901234567890", code, at(seconds));
            assert_eq!(step, Some(seconds / 30), "{code}");
        }
    }

    #[test]
    fn a_code_of_a_neighbouring_half_minute_is_taken_and_of_no_other() {
        let secret = b"12345678901234567890";
        for (seconds, taken) in
            [(59 - 60, false), (29, true), (59, true), (60, true), (89, true), (90, false)]
        {
            assert_eq!(matching_step(secret, "287 082", at(seconds)).is_some(), taken, "{seconds}");
        }
        for wrong in ["", "28708", "2870821", "28708a", "２８７０８２"] {
            assert_eq!(matching_step(secret, wrong, at(59)), None, "{wrong:?}");
        }
    }

    #[test]
    fn a_recovery_code_is_known_however_it_is_typed() {
        let code = recovery_code();
        assert_eq!(code.len(), 19);
        let typed = format!(" {} ", code.to_uppercase().replace('-', " "));
        assert_eq!(recovery_hash(&typed), recovery_hash(&code));
        assert_ne!(recovery_hash(&recovery_code()), recovery_hash(&code));
    }
}
