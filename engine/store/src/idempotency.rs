//! Requests that may be sent twice and are done once: `portal.idempotency`.
//!
//! A program that has lost the answer to a request sends it again under the same key and gets the first answer. Use: [`claim`]
//! before the work, [`finish`] with its answer after it, [`abandon`] when it failed in a way that a retry may mend.

use domain::{ApiTokenId, Invalid};
use sha2::{Digest, Sha256};

use crate::{Pool, StoreError};

/// Longest key, in bytes.
const LONGEST_KEY: usize = 255;
/// Largest answer that is kept, in bytes.
const LARGEST: usize = 1024 * 1024;
/// A request that has been worked on for longer belongs to a process that has died.
const WORKING_MINUTES: i32 = 5;

/// What to do with a request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Claim {
    /// It is new: do it.
    Mine,
    /// It was done: this was the answer.
    Done {
        /// HTTP status.
        status: u16,
        /// The body, as it was sent.
        body: Vec<u8>,
    },
    /// It is being worked on at this moment: tell the program to come back.
    Busy,
    /// The key belongs to another request: the program has a fault.
    Misused,
}

/// What a request is, for comparing it with one under the same key.
pub fn fingerprint(method: &str, path_and_query: &str, body: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in [method.as_bytes(), path_and_query.as_bytes(), body] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// Takes a key for a request of one token; kept for a day.
///
/// # Errors
/// [`StoreError::Invalid`] at `Idempotency-Key` for one that is empty, longer than 255 bytes or not visible ASCII.
pub async fn claim(
    pool: &Pool,
    token: ApiTokenId,
    key: &str,
    request: &[u8; 32],
) -> Result<Claim, StoreError> {
    if key.is_empty() || key.len() > LONGEST_KEY || !key.bytes().all(|b| b.is_ascii_graphic()) {
        let told = "write 1 to 255 visible ASCII characters";
        return Err(Invalid::field("Idempotency-Key", told).into());
    }
    sqlx::query!("delete from portal.idempotency where expires_at < now()").execute(pool).await?;
    // One statement decides who of several has it; a claim of a dead process is taken over.
    let mine = sqlx::query!(
        "insert into portal.idempotency as i (token_id, key, request_hash, expires_at)
         values ($1, $2, $3, now() + interval '1 day')
         on conflict (token_id, key) do update set claimed_at = now()
         where i.status is null and i.request_hash = $3 and i.claimed_at < now() - make_interval(mins => $4)",
        token.0,
        key,
        request.as_slice(),
        WORKING_MINUTES,
    )
    .execute(pool)
    .await?;
    if mine.rows_affected() > 0 {
        return Ok(Claim::Mine);
    }
    let known = sqlx::query!(
        r#"select request_hash = $3 as "same!", status, body from portal.idempotency where token_id = $1 and key = $2"#,
        token.0,
        key,
        request.as_slice(),
    )
    .fetch_optional(pool)
    .await?;
    Ok(match known {
        Some(known) if !known.same => Claim::Misused,
        Some(known) => match known.status {
            Some(status) => Claim::Done {
                status: u16::try_from(status).map_err(|_| StoreError::unreadable("status", status))?,
                body: known.body.unwrap_or_default(),
            },
            None => Claim::Busy,
        },
        // Given up between the two statements: the next try gets it.
        None => Claim::Busy,
    })
}

/// Keeps the answer of a request that was done. One that is larger than a megabyte is not kept, and the key stays used.
pub async fn finish(
    pool: &Pool,
    token: ApiTokenId,
    key: &str,
    status: u16,
    body: &[u8],
) -> Result<(), StoreError> {
    let body = if body.len() > LARGEST { &[] } else { body };
    sqlx::query!(
        "update portal.idempotency set status = $3, body = $4 where token_id = $1 and key = $2 and status is null",
        token.0,
        key,
        i32::from(status),
        body,
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Gives a key back, because the request failed before it did anything: it may be sent again.
pub async fn abandon(pool: &Pool, token: ApiTokenId, key: &str) -> Result<(), StoreError> {
    sqlx::query!(
        "delete from portal.idempotency where token_id = $1 and key = $2 and status is null",
        token.0,
        key,
    )
    .execute(pool)
    .await?;
    Ok(())
}
