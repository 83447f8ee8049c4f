//! People who log in: `portal.users`.

use std::{fmt, str::FromStr};

use domain::{Invalid, Name, UserId};

use crate::{
    Actor, Pool, Scope, StoreError,
    change::{self, NOTHING, Record},
    text,
};

/// What a person may do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// Everything.
    Administrator,
}

impl Role {
    /// The word stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
        }
    }

    /// Whose rows they see.
    pub fn scope(self) -> Scope {
        match self {
            Self::Administrator => Scope::All,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Role {
    type Err = StoreError;

    fn from_str(word: &str) -> Result<Self, StoreError> {
        match word {
            "administrator" => Ok(Self::Administrator),
            _ => Err(StoreError::unreadable("role", word)),
        }
    }
}

/// A person who logs in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct User {
    /// Their key.
    pub id: UserId,
    /// The name they log in with.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// See [`crate::password`].
    pub password_hash: String,
}

/// True when there is anybody who can log in.
pub async fn any(pool: &Pool) -> Result<bool, StoreError> {
    let any =
        sqlx::query_scalar!(r#"select exists (select from portal.users) as "any!""#).fetch_one(pool).await?;
    Ok(any)
}

/// Adds an administrator.
///
/// # Errors
/// [`StoreError::Invalid`] at `name`: no name, or taken.
pub async fn create_administrator(
    pool: &Pool,
    name: &str,
    password_hash: &str,
) -> Result<UserId, StoreError> {
    let name: Name = name.parse().map_err(|error| Invalid::field("name", format!("{error}")))?;
    let mut tx = change::begin(pool).await?;
    let id = sqlx::query_scalar!(
        "insert into portal.users (name, password_hash, role) values ($1, $2, $3) returning id",
        name.as_str(),
        password_hash,
        Role::Administrator.name(),
    )
    .fetch_one(&mut *tx)
    .await?;
    let subject = format!("user \"{name}\"");
    let made = Record::<(), ()> { action: "create", subject: &subject, before: NOTHING, after: NOTHING };
    change::record(&mut tx, &Actor::command("tandem"), made).await?;
    tx.commit().await?;
    Ok(UserId(id))
}

/// The person who logs in with this name.
pub async fn find_by_name(pool: &Pool, name: &str) -> Result<Option<User>, StoreError> {
    // Whatever somebody typed: a name that cannot be is nobody's.
    if text::typed("name", name, 64).is_err() {
        return Ok(None);
    }
    let row =
        sqlx::query!("select id, name, role, password_hash from portal.users where name = $1", name.trim())
            .fetch_optional(pool)
            .await?;
    row.map(|row| {
        Ok(User {
            id: UserId(row.id),
            name: row.name,
            role: row.role.parse()?,
            password_hash: row.password_hash,
        })
    })
    .transpose()
}

/// Sets a new password and ends every session of that person.
///
/// # Errors
/// [`StoreError::NotFound`] when there is no such person.
pub async fn set_password(
    pool: &Pool,
    actor: &Actor,
    id: UserId,
    password_hash: &str,
) -> Result<(), StoreError> {
    let mut tx = change::begin(pool).await?;
    let name = sqlx::query_scalar!(
        "update portal.users set password_hash = $2 where id = $1 returning name",
        id.0,
        password_hash
    )
    .fetch_optional(&mut *tx)
    .await?
    .ok_or(StoreError::NotFound)?;
    sqlx::query!("delete from portal.sessions where user_id = $1", id.0).execute(&mut *tx).await?;
    let subject = format!("user \"{name}\"");
    let set = Record::<(), ()> { action: "set password", subject: &subject, before: NOTHING, after: NOTHING };
    change::record(&mut tx, actor, set).await?;
    tx.commit().await?;
    Ok(())
}
