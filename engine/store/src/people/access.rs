//! What one person may do with whose things, put together from their role, their home and where they are.

use std::net::IpAddr;

use domain::{BuiltInRole, Home, Language, Permission, Permissions, RoleId, UserId};
use ipnet::IpNet;
use sqlx::PgConnection;

use crate::{Actor, Pool, Scope, StoreError, roles, text};

use super::row;

/// A person at work. There is one only for somebody who may work: enabled, with an agent that is not locked, and from a
/// network that the role allows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Access {
    /// Who.
    pub user: UserId,
    /// Their log-in name.
    pub name: String,
    /// How they are called; may be empty.
    pub display_name: String,
    /// Their role.
    pub role: RoleId,
    /// Its name.
    pub role_name: String,
    /// Where they belong.
    pub home: Home,
    /// What they may do: what the role gives, as far as the home allows.
    pub permissions: Permissions,
    /// The portal's language for them.
    pub language: Language,
    /// A new password is wanted before anything else.
    pub must_change: bool,
    /// The role wants a second factor.
    pub requires_totp: bool,
}

impl Access {
    /// Whose rows they see.
    pub fn scope(&self) -> Scope {
        self.home.into()
    }

    /// Who they are in the audit log.
    pub fn actor(&self) -> Actor {
        Actor { user: Some(self.user), name: self.name.clone() }
    }

    /// True when they may do this.
    pub fn may(&self, permission: Permission) -> bool {
        self.permissions.has(permission)
    }
}

/// Why somebody who has proved who they are may still not work.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Barred {
    /// Disabled, or of a locked agent, or not there any more.
    Disabled,
    /// Not from this network.
    Elsewhere,
}

/// What a person may do from `address`; none when nothing at all, for whatever reason.
pub async fn access(pool: &Pool, user: UserId, address: IpAddr) -> Result<Option<Access>, StoreError> {
    let mut conn = pool.acquire().await?;
    Ok(at_work(&mut conn, user, address).await?.ok())
}

pub(crate) async fn at_work(
    conn: &mut PgConnection,
    user: UserId,
    address: IpAddr,
) -> Result<Result<Access, Barred>, StoreError> {
    let row = sqlx::query!(
        r#"select u.name, u.display_name, u.role_id, u.agent_id, u.account_id, u.language, u.must_change,
                  r.name as role_name, r.built_in, r.permissions, r.requires_totp,
                  r.allowed_networks as "allowed_networks: Vec<IpNet>"
           from portal.users u
           join portal.roles r on r.id = u.role_id
           left join billing.agents g on g.id = u.agent_id
           where u.id = $1 and u.enabled and coalesce(g.status, 'active') = 'active'"#,
        user.0,
    )
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else { return Ok(Err(Barred::Disabled)) };
    if !from_there(&row.allowed_networks, address) {
        return Ok(Err(Barred::Elsewhere));
    }
    let home = row::home(row.agent_id, row.account_id);
    let built_in: Option<BuiltInRole> = row.built_in.and_then(|word| word.parse().ok());
    Ok(Ok(Access {
        user,
        name: row.name,
        display_name: row.display_name,
        role: RoleId(row.role_id),
        role_name: row.role_name,
        home,
        permissions: roles::permissions(built_in, &row.permissions).both(home.ceiling()),
        language: row.language.parse().unwrap_or_default(),
        must_change: row.must_change,
        requires_totp: row.requires_totp,
    }))
}

/// True when `address` is in one of `networks`; no network stands for anywhere.
pub(crate) fn from_there(networks: &[IpNet], address: IpAddr) -> bool {
    let address = address.to_canonical();
    networks.is_empty() || networks.iter().any(|net| net.contains(&address))
}

/// Somebody whose name was typed, before they have proved anything.
#[derive(Clone, PartialEq, Eq)]
pub struct Known {
    /// Their key.
    pub id: UserId,
    /// The name they log in with.
    pub name: String,
    /// See [`crate::password`].
    pub password_hash: String,
}

// The hash must not reach a log through somebody's `{:?}`.
impl std::fmt::Debug for Known {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Known").field("id", &self.id).field("name", &self.name).finish_non_exhaustive()
    }
}

/// The person who logs in with this name, disabled ones too.
pub async fn find_by_name(pool: &Pool, name: &str) -> Result<Option<Known>, StoreError> {
    // Whatever somebody typed: a name that cannot be is nobody's.
    if text::typed("name", name, 64).is_err() {
        return Ok(None);
    }
    let row = sqlx::query!("select id, name, password_hash from portal.users where name = $1", name.trim())
        .fetch_optional(pool)
        .await?;
    Ok(row.map(|row| Known { id: UserId(row.id), name: row.name, password_hash: row.password_hash }))
}
