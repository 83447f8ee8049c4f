//! People and their sessions.

use std::net::{IpAddr, Ipv4Addr};

use domain::UserId;
use store::{Pool, Scope, StoreError, password, people, sessions};

use crate::fixture::{actor, told};

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 9));

async fn ann() -> (Pool, UserId) {
    let pool = store::testing::database().await.pool;
    assert!(!people::any(&pool).await.unwrap());
    let id = people::create_administrator(&pool, "ann", "hash").await.unwrap();
    (pool, id)
}

async fn age(pool: &Pool, created: &str, seen: &str) {
    sqlx::query(
        "update portal.sessions set created_at = now() - $1::interval, last_seen_at = now() - $2::interval",
    )
    .bind(created)
    .bind(seen)
    .execute(pool)
    .await
    .unwrap();
}

#[tokio::test]
async fn a_person_is_found_by_name_and_has_one_name_alone() {
    let (pool, id) = ann().await;
    assert!(people::any(&pool).await.unwrap());
    let found = people::find_by_name(&pool, " ann ").await.unwrap().unwrap();
    assert_eq!((found.id, found.password_hash.as_str()), (id, "hash"));
    assert_eq!(found.role.scope(), Scope::All);
    for nobody in ["Ann", "", "a\0nn", "ann' or true --", &"x".repeat(10_000)] {
        assert_eq!(people::find_by_name(&pool, nobody).await.unwrap(), None, "{nobody:?}");
    }
    assert_eq!(told(people::create_administrator(&pool, "ann", "h").await, "name"), "this name is taken");
    told(people::create_administrator(&pool, "a\0b", "h").await, "name");
}

#[tokio::test]
async fn a_session_lives_until_it_is_closed() {
    let (pool, id) = ann().await;
    sessions::open(&pool, id, [1; 32], HERE, "Browser\0").await.unwrap();
    let session = sessions::find(&pool, &[1; 32]).await.unwrap().unwrap();
    assert_eq!((session.user, session.actor().name.as_str()), (id, "ann"));
    assert_eq!(sessions::find(&pool, &[2; 32]).await.unwrap(), None);
    sessions::close(&pool, &[1; 32]).await.unwrap();
    assert_eq!(sessions::find(&pool, &[1; 32]).await.unwrap(), None);
}

#[tokio::test]
async fn a_session_ends_after_twelve_hours_or_two_unused() {
    let (pool, id) = ann().await;
    sessions::open(&pool, id, [1; 32], HERE, "").await.unwrap();
    for (created, seen, lives) in [
        ("11 hours 59 minutes", "0", true),
        ("12 hours 1 second", "0", false),
        ("3 hours", "1 hour 59 minutes", true),
        ("3 hours", "2 hours 1 second", false),
    ] {
        age(&pool, created, seen).await;
        let found = sessions::find(&pool, &[1; 32]).await.unwrap();
        assert_eq!(found.is_some(), lives, "{created}, unused {seen}");
    }
}

#[tokio::test]
async fn use_is_noted_at_most_once_a_minute() {
    let (pool, id) = ann().await;
    sessions::open(&pool, id, [1; 32], HERE, "").await.unwrap();
    let unused = async || -> f64 {
        sqlx::query_scalar("select extract(epoch from now() - last_seen_at)::float8 from portal.sessions")
            .fetch_one(&pool)
            .await
            .unwrap()
    };
    for (seen, noted) in [("50 seconds", false), ("70 seconds", true)] {
        age(&pool, "1 hour", seen).await;
        sessions::find(&pool, &[1; 32]).await.unwrap().unwrap();
        assert_eq!(unused().await < 40.0, noted, "{seen}");
    }
}

#[tokio::test]
async fn opening_a_session_clears_dead_ones_and_bounds_the_living() {
    let (pool, id) = ann().await;
    let count = async || -> i64 {
        sqlx::query_scalar("select count(*) from portal.sessions").fetch_one(&pool).await.unwrap()
    };
    sessions::open(&pool, id, [255; 32], HERE, "").await.unwrap();
    age(&pool, "13 hours", "0").await;
    for n in 0..60 {
        sessions::open(&pool, id, [n; 32], HERE, &"x".repeat(10_000)).await.unwrap();
    }
    assert_eq!(count().await, 50);
    assert!(sessions::find(&pool, &[59; 32]).await.unwrap().is_some());
    assert!(sessions::find(&pool, &[0; 32]).await.unwrap().is_none());
    sessions::close_all(&pool, id).await.unwrap();
    assert_eq!(count().await, 0);
}

#[tokio::test]
async fn a_new_password_ends_the_sessions_of_the_old_one() {
    let (pool, id) = ann().await;
    sessions::open(&pool, id, [1; 32], HERE, "").await.unwrap();
    let hash = password::hash("new one");
    people::set_password(&pool, &actor(), id, &hash).await.unwrap();
    assert_eq!(sessions::find(&pool, &[1; 32]).await.unwrap(), None);
    let stored = people::find_by_name(&pool, "ann").await.unwrap().unwrap().password_hash;
    assert!(password::verify("new one", &stored) && !password::verify("old one", &stored));
    let nobody = people::set_password(&pool, &actor(), UserId(999), &hash).await;
    assert!(matches!(nobody, Err(StoreError::NotFound)));
    let line = &store::audit::list(&pool, &Scope::All, None, 1).await.unwrap().rows[0];
    assert_eq!(line.action, "set password");
    assert!(line.before.is_none() && line.after.is_none(), "no hash in the audit log");
}
