//! The passwords that vendors gave us: sealed, and opened again where we answer their challenges.

use std::collections::BTreeMap;

use domain::{ForeignPassword, RoutingGatewayId, RoutingGatewaySettings};
use sqlx::PgConnection;

use crate::{Seal, StoreError, credentials};

fn place(id: i64) -> String {
    format!("password of routing gateway {id}")
}

/// Seals a new password; without a user there is none.
pub(super) async fn put_password(
    conn: &mut PgConnection,
    seal: Option<&Seal>,
    id: i64,
    settings: &RoutingGatewaySettings,
    password: Option<&ForeignPassword>,
) -> Result<(), StoreError> {
    let sealed = match (&settings.user, password) {
        (Some(_), Some(password)) => Some(credentials::seal_password(seal, &place(id), password)?),
        (Some(_), None) => return Ok(()),
        (None, _) => None,
    };
    sqlx::query!("update sip.routing_gateways set password = $2 where id = $1", id, sealed)
        .execute(conn)
        .await?;
    Ok(())
}

/// The passwords. Those that were sealed with another key are passed over with a warning.
pub(crate) async fn passwords(
    conn: &mut PgConnection,
    seal: &Seal,
) -> Result<BTreeMap<RoutingGatewayId, ForeignPassword>, StoreError> {
    let rows = sqlx::query!(
        r#"select id, name, password as "password!" from sip.routing_gateways where password is not null"#
    )
    .fetch_all(conn)
    .await?;
    let mut all = BTreeMap::new();
    for row in rows {
        match credentials::open_password(seal, &place(row.id), &row.password) {
            Some(password) => drop(all.insert(RoutingGatewayId(row.id), password)),
            None => tracing::warn!(
                name = row.name,
                "the password of a routing gateway was sealed with another key and is passed over"
            ),
        }
    }
    Ok(all)
}

/// Whether a gateway has this password already; false without the key.
pub(crate) async fn is_password(
    conn: &mut PgConnection,
    seal: Option<&Seal>,
    id: RoutingGatewayId,
    password: &ForeignPassword,
) -> Result<bool, StoreError> {
    let Some(seal) = seal else { return Ok(false) };
    Ok(passwords(conn, seal).await?.get(&id) == Some(password))
}
