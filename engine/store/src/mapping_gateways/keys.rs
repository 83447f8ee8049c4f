//! The passwords of gateways' users: kept as sealed keys, never as they were typed.

use std::collections::BTreeMap;

use domain::{MappingGatewayId, MappingGatewaySettings, PhoneKeys, SipPassword};
use sqlx::PgConnection;

use crate::{Seal, StoreError, credentials};

/// What the keys of a gateway are sealed for: with another user they are worth nothing.
fn place(user: &str) -> String {
    format!("keys of mapping gateway {user}")
}

pub(super) fn sealed(
    seal: Option<&Seal>,
    settings: &MappingGatewaySettings,
    password: Option<&SipPassword>,
) -> Result<Option<Vec<u8>>, StoreError> {
    let Some((user, password)) = settings.user.as_ref().zip(password) else { return Ok(None) };
    credentials::seal_keys(seal, &place(user.as_str()), user.as_str(), password).map(Some)
}

/// Whether the user of a gateway has this password already; false without the key.
pub(crate) async fn is_password(
    conn: &mut PgConnection,
    seal: Option<&Seal>,
    id: MappingGatewayId,
    password: &SipPassword,
) -> Result<bool, StoreError> {
    let kept = sqlx::query!("select username, keys from sip.mapping_gateways where id = $1", id.0)
        .fetch_optional(conn)
        .await?;
    let opened = kept.zip(seal).and_then(|(kept, seal)| {
        let user = kept.username?;
        let opened = seal.open(&place(&user), &kept.keys?).ok()?;
        Some(opened == credentials::keys(&user, password).into_bytes())
    });
    Ok(opened.unwrap_or(false))
}

/// What the passwords of all users are checked with. Those that were sealed with another key are passed over with a warning.
pub(crate) async fn keys(
    conn: &mut PgConnection,
    seal: &Seal,
) -> Result<BTreeMap<MappingGatewayId, PhoneKeys>, StoreError> {
    let rows = sqlx::query!(
        r#"select id, name, username as "username!", keys as "keys!" from sip.mapping_gateways
           where username is not null and keys is not null"#
    )
    .fetch_all(conn)
    .await?;
    let mut all = BTreeMap::new();
    for row in rows {
        match credentials::open_keys(seal, &place(&row.username), &row.keys) {
            Some(keys) => drop(all.insert(MappingGatewayId(row.id), keys)),
            None => tracing::warn!(
                name = row.name,
                "the password of a mapping gateway was sealed with another key and is passed over"
            ),
        }
    }
    Ok(all)
}
