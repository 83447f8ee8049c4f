//! The whole configuration at one moment, and word of changes.

use std::time::Duration;

use store::{Scope, accounts, cdrs, mapping_gateways, rate_tables, routing_gateways, snapshot};

use crate::fixture::{Carrier, actor, money, rate};

#[tokio::test]
async fn a_snapshot_holds_everything_with_its_version() {
    let c = Carrier::new().await;
    let read = snapshot::load(&c.pool).await.unwrap();
    assert_eq!(read.version, snapshot::version(&c.pool).await.unwrap());
    assert_eq!((read.accounts.len(), read.rate_tables.len()), (3, 2));
    assert_eq!(
        read.mapping_gateways[0],
        mapping_gateways::find(&c.pool, &Scope::All, c.acme_trunk).await.unwrap()
    );
    assert_eq!(
        read.routing_gateways[0],
        routing_gateways::find(&c.pool, &Scope::All, c.vendor_trunk).await.unwrap()
    );
    let prefixes: Vec<_> = read.rates[&c.sell].iter().map(|row| row.settings.prefix.to_string()).collect();
    assert_eq!(prefixes, ["1", "44"]);
    assert_eq!(read.rates[&c.buy].len(), 1);
}

#[tokio::test]
async fn every_kind_of_change_raises_the_version_and_a_settled_call_does_not() {
    let c = Carrier::new().await;
    let mut last = snapshot::version(&c.pool).await.unwrap();
    let mut raised = async || {
        let now = snapshot::version(&c.pool).await.unwrap();
        std::mem::replace(&mut last, now) < now
    };
    cdrs::insert(&c.pool, &[c.call(1)]).await.unwrap();
    assert!(!raised().await, "a settled call is no configuration");
    accounts::pay(&c.pool, &actor(), c.acme, money("1"), "").await.unwrap();
    assert!(raised().await, "payment");
    let id =
        rate_tables::create_rate(&c.pool, &actor(), c.sell, &rate("9", "1").check().unwrap()).await.unwrap();
    assert!(raised().await, "new rate");
    rate_tables::remove_rate(&c.pool, &actor(), id, None).await.unwrap();
    assert!(raised().await, "rate removed");
    let read = mapping_gateways::find(&c.pool, &Scope::All, c.acme_trunk).await.unwrap();
    mapping_gateways::update(&c.pool, &actor(), c.acme_trunk, read.version, &read.settings).await.unwrap();
    assert!(raised().await, "mapping gateway");
    routing_gateways::remove(&c.pool, &actor(), c.vendor_trunk, None).await.unwrap();
    assert!(raised().await, "routing gateway");
}

#[tokio::test]
async fn a_change_is_hinted_and_a_lost_connection_is_a_hint_too() {
    let c = Carrier::new().await;
    let mut hints = snapshot::listen(&c.pool).await.unwrap();
    accounts::pay(&c.pool, &actor(), c.acme, money("1"), "").await.unwrap();
    tokio::time::timeout(Duration::from_secs(5), hints.next()).await.expect("hinted").unwrap();
    sqlx::query("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'LISTEN%'")
        .execute(&c.pool)
        .await
        .unwrap();
    tokio::time::timeout(Duration::from_secs(5), hints.next()).await.expect("the loss is hinted").unwrap();
    accounts::pay(&c.pool, &actor(), c.acme, money("1"), "").await.unwrap();
    tokio::time::timeout(Duration::from_secs(5), hints.next()).await.expect("it listens again").unwrap();
}
