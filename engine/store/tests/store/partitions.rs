//! A partition a day.

use chrono::{Days, NaiveDate};
use store::{Pool, Scope, cdrs};

use crate::fixture::{Carrier, call_id, morning};

async fn rows(pool: &Pool, partition: &'static str) -> i64 {
    let sql = format!("select count(*) from cdr.{partition}");
    sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(pool).await.unwrap()
}

#[tokio::test]
async fn partitions_are_made_ahead_once() {
    let c = Carrier::new().await;
    let today = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
    let made = cdrs::ensure_partitions(&c.pool, today, 3).await.unwrap();
    assert_eq!(made, ["calls_20261120", "calls_20261121", "calls_20261122", "calls_20261123"]);
    assert!(cdrs::ensure_partitions(&c.pool, today, 3).await.unwrap().is_empty());
    let next = cdrs::ensure_partitions(&c.pool, today + Days::new(1), 3).await.unwrap();
    assert_eq!(next, ["calls_20261124"]);
    cdrs::insert(&c.pool, &[c.call(1)]).await.unwrap();
    assert_eq!((rows(&c.pool, "calls_20261120").await, rows(&c.pool, "calls_default").await), (1, 0));
}

#[tokio::test]
async fn calls_caught_by_the_default_partition_move_and_stay_unique() {
    let c = Carrier::new().await;
    let mut batch: Vec<_> = (1..=4).map(|n| c.call(n)).collect();
    // The last moment of the day, and the first of the next.
    batch[2].started_at = morning() + chrono::Duration::hours(16) - chrono::Duration::microseconds(1);
    batch[3].started_at = morning() + chrono::Duration::hours(16);
    cdrs::insert(&c.pool, &batch).await.unwrap();
    assert_eq!(rows(&c.pool, "calls_default").await, 4);
    cdrs::ensure_partitions(&c.pool, morning().date_naive(), 0).await.unwrap();
    assert_eq!((rows(&c.pool, "calls_20261120").await, rows(&c.pool, "calls_default").await), (3, 1));
    let again = cdrs::insert(&c.pool, &batch).await.unwrap();
    assert_eq!((again.new, again.repeated), (0, 4));
    assert_eq!(cdrs::find(&c.pool, &Scope::All, call_id(3)).await.unwrap(), batch[2]);
    assert!(store::ledger::check(&c.pool).await.unwrap().holds());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn partitions_can_be_made_while_calls_are_written() {
    let c = Carrier::new().await;
    let writer = {
        let (pool, batch) = (c.pool.clone(), (0..300).map(|n| c.call(n)).collect::<Vec<_>>());
        tokio::spawn(async move {
            for cdr in batch {
                cdrs::insert(&pool, &[cdr]).await.unwrap();
            }
        })
    };
    let both = tokio::join!(
        cdrs::ensure_partitions(&c.pool, morning().date_naive(), 5),
        cdrs::ensure_partitions(&c.pool, morning().date_naive(), 5),
    );
    assert_eq!(both.0.unwrap().len() + both.1.unwrap().len(), 6);
    writer.await.unwrap();
    assert_eq!(rows(&c.pool, "calls").await, 300);
    assert_eq!(rows(&c.pool, "calls_default").await, 0);
}
