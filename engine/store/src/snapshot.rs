//! The whole configuration as one consistent picture, for the switch.

use std::collections::BTreeMap;

use domain::{ConfigVersion, Configuration, RateRow, RateTableId};
use sqlx::{Connection, PgConnection};
use tokio_stream::StreamExt;

use crate::{
    Pool, Scope, Seal, StoreError, accounts, mapping_gateways, parameters, phones,
    rate_tables::{self, RateColumns},
    registrations, routing_gateways,
};

pub use crate::hints::{Hints, listen};

/// Which configuration stands in the database now; cheap enough to ask every second.
pub async fn version(pool: &Pool) -> Result<ConfigVersion, StoreError> {
    let mut conn = pool.acquire().await?;
    counters(&mut conn).await
}

/// Reads all of it but what is sealed: phones cannot log in, registrations of ours and gateways with a user answer no challenge.
pub async fn load(pool: &Pool) -> Result<Configuration, StoreError> {
    read(pool, None).await
}

/// Reads all of it, with what is sealed.
pub async fn load_with(pool: &Pool, seal: &Seal) -> Result<Configuration, StoreError> {
    read(pool, Some(seal)).await
}

/// In one transaction that sees one moment.
async fn read(pool: &Pool, seal: Option<&Seal>) -> Result<Configuration, StoreError> {
    let mut conn = pool.acquire().await?;
    let mut tx = conn.begin_with("begin isolation level repeatable read read only").await?;
    let version = counters(&mut tx).await?;
    let accounts = accounts::read(&mut tx, &Scope::All, None, "", None).await?;
    let mapping_gateways = mapping_gateways::read(&mut tx, &Scope::All, None, "").await?;
    let routing_gateways = routing_gateways::read(&mut tx, &Scope::All, None, "").await?;
    let rate_tables = rate_tables::read(&mut tx, &Scope::All, None).await?;
    let rates = rates(&mut tx).await?;
    let phones = phones::read(&mut tx, &Scope::All, phones::Which::default()).await?;
    let registrations = registrations::read(&mut tx, &Scope::All, None).await?;
    let (mut phone_keys, mut registration_passwords) = Default::default();
    let (mut mapping_gateway_keys, mut routing_gateway_passwords) = Default::default();
    if let Some(seal) = seal {
        phone_keys = phones::keys(&mut tx, seal).await?;
        registration_passwords = registrations::passwords(&mut tx, seal).await?;
        mapping_gateway_keys = mapping_gateways::keys(&mut tx, seal).await?;
        routing_gateway_passwords = routing_gateways::passwords(&mut tx, seal).await?;
    }
    let parameters = parameters::read(&mut tx).await?;
    tx.commit().await?;
    Ok(Configuration {
        version,
        accounts,
        mapping_gateways: mapping_gateways.into_iter().map(|row| row.gateway).collect(),
        mapping_gateway_keys,
        routing_gateways: routing_gateways.into_iter().map(|row| row.gateway).collect(),
        routing_gateway_passwords,
        rate_tables: rate_tables.into_iter().map(|row| row.table).collect(),
        rates,
        phones: phones.into_iter().map(|row| row.phone).collect(),
        phone_keys,
        registrations,
        registration_passwords,
        parameters,
    })
}

async fn counters(conn: &mut PgConnection) -> Result<ConfigVersion, StoreError> {
    let sum = sqlx::query_scalar!(
        r#"select coalesce(sum(version), 0)::bigint as "version!" from sys.change_counters"#
    )
    .fetch_one(conn)
    .await?;
    Ok(ConfigVersion(sum))
}

async fn rates(conn: &mut PgConnection) -> Result<BTreeMap<RateTableId, Vec<RateRow>>, StoreError> {
    let mut tables: BTreeMap<RateTableId, Vec<RateRow>> = BTreeMap::new();
    // One by one as they come: a million rates need not stand in memory twice.
    let mut rows = sqlx::query_as!(
        RateColumns,
        "select id, rate_table_id, row_version, prefix, destination, rate, connect_fee, billing_unit
         from billing.rates order by rate_table_id, prefix"
    )
    .fetch(conn);
    while let Some(row) = rows.next().await {
        let row = row?;
        tables.entry(RateTableId(row.rate_table_id)).or_default().push(row.try_into()?);
    }
    Ok(tables)
}
