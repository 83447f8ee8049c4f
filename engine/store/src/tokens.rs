//! Keys with which programs ask the REST API: `portal.api_tokens`. Only the hash of a key is known here.

use std::net::IpAddr;

use domain::{ApiTokenId, ApiTokenRow, ApiTokenSettings, Invalid, Permissions, UserId};
use ipnet::IpNet;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::{
    Actor, Pool, Scope, StoreError,
    change::{self, NOTHING, Record},
    people::{self, Access, from_there},
    roles,
};

/// What every key begins with, so that one that was lost is recognised wherever it turns up.
pub const PREFIX: &str = "tdm_";
/// Letters after the prefix: 43 of 55, over 248 bits, so that a plain hash is enough to keep it.
const LETTERS: usize = 43;
/// Keys of one person.
const MOST: i64 = 100;
const ALPHABET: &[u8] = b"abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// A new key. It is shown once: nobody can find it out again.
#[derive(Clone, PartialEq, Eq)]
pub struct NewToken {
    /// How it is called from now on.
    pub id: ApiTokenId,
    /// The key itself, `tdm_…`.
    pub key: String,
}

impl std::fmt::Debug for NewToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewToken").field("id", &self.id).finish_non_exhaustive()
    }
}

/// A program at work.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TokenAccess {
    /// By which key.
    pub token: ApiTokenId,
    /// What that key is for.
    pub token_name: String,
    /// As whom: the permissions are those of the key, as far as its owner still has them.
    pub access: Access,
}

impl TokenAccess {
    /// Who changes something through this key, for the audit log: the owner, by this key.
    pub fn actor(&self) -> Actor {
        Actor {
            user: Some(self.access.user),
            name: format!("{} (token {})", self.access.name, self.token_name),
        }
    }
}

/// Makes a key for a person, who cannot give it more than they have.
///
/// # Errors
/// [`StoreError::Invalid`] at `name` (one has it already) or `permissions` (not theirs), or when there are a hundred.
pub async fn create(
    pool: &Pool,
    owner: &Access,
    settings: &ApiTokenSettings,
) -> Result<NewToken, StoreError> {
    if !owner.permissions.has_all(settings.permissions) {
        return Err(Invalid::field("permissions", "a token cannot do what you may not do yourself").into());
    }
    let letter = || char::from(ALPHABET[rand::random_range(0..ALPHABET.len())]);
    let key: String = PREFIX.chars().chain((0..LETTERS).map(|_| letter())).collect();
    let mut tx = change::begin(pool).await?;
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from portal.api_tokens where user_id = $1"#,
        owner.user.0
    )
    .fetch_one(&mut *tx)
    .await?;
    if count >= MOST {
        return Err(Invalid::field("", "you have a hundred tokens: revoke one first").into());
    }
    let hashed = hash(&key);
    let id = sqlx::query_scalar!(
        "insert into portal.api_tokens (token_hash, user_id, name, beginning, permissions, networks, expires_at)
         values ($1, $2, $3, $4, $5, $6::inet[]::cidr[], now() + make_interval(days => $7)) returning id",
        hashed.as_slice(),
        owner.user.0,
        settings.name.as_str(),
        &key[..PREFIX.len() + 6],
        &roles::words(settings.permissions),
        &settings.networks as &[IpNet],
        settings.days.map(|days| i32::try_from(days).unwrap_or(i32::MAX)),
    )
    .fetch_one(&mut *tx)
    .await?;
    let subject = subject(settings.name.as_str(), &owner.name);
    let made = Record { action: "create", subject: &subject, before: NOTHING, after: Some(settings) };
    change::record(&mut tx, &owner.actor(), made).await?;
    tx.commit().await?;
    Ok(NewToken { id: ApiTokenId(id), key })
}

/// The program that sends `key` from `address`: none when there is no such key, it has ended, it is not taken from there, or
/// its owner may not work, from there neither. Notes the use, once a minute.
pub async fn find(pool: &Pool, key: &str, address: IpAddr) -> Result<Option<TokenAccess>, StoreError> {
    // Cheap to tell, and no need to ask the database about anything longer.
    if key.len() != PREFIX.len() + LETTERS || !key.starts_with(PREFIX) {
        return Ok(None);
    }
    let (hashed, address) = (hash(key), address.to_canonical());
    let mut conn = pool.acquire().await?;
    let row = sqlx::query!(
        r#"select id, user_id, name, permissions, networks as "networks: Vec<IpNet>",
                  coalesce(last_used_at < now() - interval '1 minute' or last_used_from <> $2, true) as "stale!"
           from portal.api_tokens
           where token_hash = $1 and coalesce(expires_at > now(), true)"#,
        hashed.as_slice(),
        address as IpAddr,
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(row) = row.filter(|row| from_there(&row.networks, address)) else { return Ok(None) };
    let Ok(mut access) = people::at_work(&mut conn, UserId(row.user_id), address).await? else {
        return Ok(None);
    };
    access.permissions = access.permissions.both(roles::permissions(None, &row.permissions));
    // Who must still replace a first password has proved nothing yet.
    if access.must_change {
        access.permissions = Permissions::NONE;
    }
    if row.stale {
        sqlx::query!(
            "update portal.api_tokens set last_used_at = now(), last_used_from = $2 where id = $1",
            row.id,
            address as IpAddr,
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(Some(TokenAccess { token: ApiTokenId(row.id), token_name: row.name, access }))
}

/// The keys of one person, or of all people for the administration; the newest first.
pub async fn list(pool: &Pool, scope: &Scope, user: Option<UserId>) -> Result<Vec<ApiTokenRow>, StoreError> {
    if *scope != Scope::All && user.is_none() {
        return Ok(Vec::new());
    }
    let rows = sqlx::query!(
        r#"select t.id, t.user_id, u.name as user_name, t.name, t.beginning, t.permissions,
                  t.networks as "networks: Vec<IpNet>", t.created_at, t.expires_at, t.last_used_at,
                  t.last_used_from as "last_used_from: IpAddr"
           from portal.api_tokens t join portal.users u on u.id = t.user_id
           where $1::bigint is null or t.user_id = $1
           order by t.id desc limit 1000"#,
        user.map(|user| user.0),
    )
    .fetch_all(pool)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(ApiTokenRow {
                id: ApiTokenId(row.id),
                user: UserId(row.user_id),
                user_name: row.user_name,
                name: row.name.parse().map_err(|_| StoreError::unreadable("token name", &row.name))?,
                beginning: row.beginning,
                permissions: roles::permissions(None, &row.permissions),
                networks: row.networks,
                created_at: row.created_at,
                expires_at: row.expires_at,
                last_used_at: row.last_used_at,
                last_used_from: row.last_used_from,
            })
        })
        .collect()
}

/// Ends a key at once. `owner` is whose it must be; none for the administration, which may end anybody's.
///
/// # Errors
/// [`StoreError::NotFound`] also for a key of somebody else.
pub async fn revoke(
    pool: &Pool,
    actor: &Actor,
    owner: Option<UserId>,
    id: ApiTokenId,
) -> Result<(), StoreError> {
    let mut tx = change::begin(pool).await?;
    let gone = sqlx::query!(
        r#"delete from portal.api_tokens t using portal.users u
           where t.id = $1 and u.id = t.user_id and ($2::bigint is null or t.user_id = $2)
           returning t.name, u.name as user_name, t.permissions"#,
        id.0,
        owner.map(|owner| owner.0),
    )
    .fetch_optional(&mut *tx)
    .await?
    .ok_or(StoreError::NotFound)?;
    let subject = subject(&gone.name, &gone.user_name);
    let before = Revoked { permissions: gone.permissions };
    let revoked = Record { action: "revoke", subject: &subject, before: Some(&before), after: NOTHING };
    change::record(&mut tx, actor, revoked).await?;
    tx.commit().await?;
    Ok(())
}

#[derive(Serialize)]
struct Revoked {
    permissions: Vec<String>,
}

fn hash(key: &str) -> [u8; 32] {
    Sha256::digest(key.as_bytes()).into()
}

fn subject(token: &str, user: &str) -> String {
    format!("token \"{token}\" of user \"{user}\"")
}
