//! Customer trunks: `sip.mapping_gateways` and their sources.
//!
//! `list.rs` is what is read, `edit.rs` what people and documents change, `keys.rs` what their users' passwords become. What
//! stands here serves vendor trunks and phones too.

mod edit;
mod keys;
mod list;

use domain::{AccountId, AccountKind, Invalid};
use serde::de::DeserializeOwned;
use serde_json::Value;
use sqlx::PgConnection;

use crate::StoreError;

pub use self::{
    edit::{create, create_with, remove, update, update_with},
    list::{find, has_password, list},
};
pub(crate) use self::{
    edit::{insert, replace},
    keys::{is_password, keys},
    list::read,
};

/// Only accounts of the right side of the business may stand behind a gateway.
pub(crate) async fn check_account(
    conn: &mut PgConnection,
    account: AccountId,
    kind: AccountKind,
) -> Result<(), StoreError> {
    let found = sqlx::query!("select name, kind from billing.accounts where id = $1", account.0)
        .fetch_optional(conn)
        .await?
        .ok_or_else(|| Invalid::field("account", "there is no such account"))?;
    if found.kind != kind.name() {
        let message = format!("account \"{}\" is a {}, choose a {kind}", found.name, found.kind);
        return Err(Invalid::field("account", message).into());
    }
    Ok(())
}

pub(crate) fn line_limit(stored: Option<i32>) -> Result<Option<u32>, StoreError> {
    stored.map(|n| u32::try_from(n).map_err(|_| StoreError::unreadable("line limit", n))).transpose()
}

pub(crate) fn stored_line_limit(limit: Option<u32>) -> Result<Option<i32>, StoreError> {
    let number = limit.map(i32::try_from).transpose();
    Ok(number.map_err(|_| Invalid::field("max_calls", "write a whole number from 1 to 100000"))?)
}

/// What a gateway's headers say, as stored.
pub(crate) fn identity<T: DeserializeOwned>(name: &str, stored: Value) -> Result<T, StoreError> {
    serde_json::from_value(stored).map_err(|_| StoreError::unreadable("identity of gateway", name))
}
