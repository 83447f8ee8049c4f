//! Sessions: how long they live, who may end them.

use std::net::{IpAddr, Ipv4Addr};

use chrono::{Duration, Utc};
use domain::AuditFilter;
use store::{Pool, Scope, StoreError, audit, people, sessions};

use crate::{fixture::actor, people::ann};

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 9));

async fn open(pool: &Pool, user: domain::UserId, token: u8) {
    let opened =
        sessions::open(pool, user, [token; 32], HERE, "Browser\0", Default::default()).await.unwrap();
    assert!(!opened.awaits_code);
}

async fn lives(pool: &Pool, token: u8) -> bool {
    sessions::find(pool, &[token; 32], HERE).await.unwrap().is_some()
}

/// Makes every session as old as `created` and unused for `seen`.
async fn age(pool: &Pool, created: &str, seen: &str) {
    sqlx::query(
        "update portal.sessions
         set expires_at = now() + (expires_at - created_at) - $1::interval,
             created_at = now() - $1::interval, authenticated_at = now() - $1::interval, last_seen_at = now() - $2::interval",
    )
    .bind(created)
    .bind(seen)
    .execute(pool)
    .await
    .unwrap();
}

#[tokio::test]
async fn a_session_lives_until_it_is_closed() {
    let (pool, id) = ann().await;
    open(&pool, id, 1).await;
    let session = sessions::find(&pool, &[1; 32], HERE).await.unwrap().unwrap();
    assert_eq!((session.access.user, session.actor().name.as_str()), (id, "ann"));
    assert_eq!((session.scope(), session.duty), (Scope::All, None));
    assert!(!lives(&pool, 2).await);
    sessions::close(&pool, &[1; 32]).await.unwrap();
    assert!(!lives(&pool, 1).await);
}

#[tokio::test]
async fn a_session_ends_after_seven_days_or_twelve_hours_unused() {
    let (pool, id) = ann().await;
    open(&pool, id, 1).await;
    for (created, seen, expected) in [
        ("6 days 23:59:00", "0", true),
        ("7 days 00:00:01", "0", false),
        ("3 days", "11:59:00", true),
        ("3 days", "12:00:01", false),
    ] {
        age(&pool, created, seen).await;
        assert_eq!(lives(&pool, 1).await, expected, "{created}, unused {seen}");
        assert_eq!(sessions::list(&pool, id, None).await.unwrap().len(), usize::from(expected));
        age(&pool, "0", "0").await;
    }
}

#[tokio::test]
async fn other_terms_are_kept_with_the_session() {
    let (pool, id) = ann().await;
    let terms = sessions::Terms { idle: Duration::minutes(5), absolute: Duration::minutes(30) };
    sessions::open(&pool, id, [1; 32], HERE, "", terms).await.unwrap();
    age(&pool, "29 minutes", "4 minutes").await;
    assert!(lives(&pool, 1).await);
    age(&pool, "29 minutes", "6 minutes").await;
    assert!(!lives(&pool, 1).await);
}

#[tokio::test]
async fn use_is_noted_at_most_once_a_minute() {
    let (pool, id) = ann().await;
    open(&pool, id, 1).await;
    let unused = async || -> f64 {
        sqlx::query_scalar("select extract(epoch from now() - last_seen_at)::float8 from portal.sessions")
            .fetch_one(&pool)
            .await
            .unwrap()
    };
    for (seen, noted) in [("50 seconds", false), ("70 seconds", true)] {
        age(&pool, "1 hour", seen).await;
        assert!(lives(&pool, 1).await);
        assert_eq!(unused().await < 40.0, noted, "{seen}");
    }
}

#[tokio::test]
async fn opening_a_session_clears_dead_ones_and_bounds_the_living() {
    let (pool, id) = ann().await;
    let count = async || -> i64 {
        sqlx::query_scalar("select count(*) from portal.sessions").fetch_one(&pool).await.unwrap()
    };
    open(&pool, id, 255).await;
    age(&pool, "8 days", "0").await;
    for n in 0..60 {
        sessions::open(&pool, id, [n; 32], HERE, &"x".repeat(10_000), Default::default()).await.unwrap();
    }
    assert_eq!(count().await, 50);
    assert!(lives(&pool, 59).await && !lives(&pool, 0).await);
    sessions::close_all(&pool, id).await.unwrap();
    assert_eq!(count().await, 0);
}

#[tokio::test]
async fn a_person_sees_their_sessions_and_ends_one_or_all_others() {
    let (pool, ann) = ann().await;
    let bob = people::create_administrator(&pool, "bob", "hash").await.unwrap();
    for token in 1..=4 {
        open(&pool, ann, token).await;
    }
    open(&pool, bob, 9).await;
    let rows = sessions::list(&pool, ann, Some(&[2; 32])).await.unwrap();
    assert_eq!((rows.len(), rows[0].address), (4, HERE));
    assert_eq!(rows[0].user_agent, "Browser\u{fffd}");
    assert_eq!(rows.iter().filter(|row| row.current).count(), 1);
    let first = rows.iter().map(|row| row.id).min().unwrap();

    let others = sessions::revoke(&pool, &actor(), bob, first).await;
    assert!(matches!(others, Err(StoreError::NotFound)), "it is not bob's");
    sessions::revoke(&pool, &actor(), ann, first).await.unwrap();
    assert!(!lives(&pool, 1).await);
    assert_eq!(sessions::revoke_others(&pool, &actor(), ann, Some(&[2; 32])).await.unwrap(), 2);
    assert!(lives(&pool, 2).await && !lives(&pool, 3).await && lives(&pool, 9).await);
    assert_eq!(
        audit::list(&pool, &Scope::All, &AuditFilter::newest(1)).await.unwrap().rows[0].action,
        "end session"
    );
}

#[tokio::test]
async fn a_dangerous_action_wants_proof_that_is_at_most_ten_minutes_old() {
    let (pool, id) = ann().await;
    open(&pool, id, 1).await;
    let fresh = async || {
        let session = sessions::find(&pool, &[1; 32], HERE).await.unwrap().unwrap();
        session.is_fresh(Utc::now())
    };
    assert!(fresh().await);
    age(&pool, "9 minutes 50 seconds", "0").await;
    assert!(fresh().await);
    age(&pool, "10 minutes 1 second", "0").await;
    assert!(!fresh().await);
    sessions::authenticated(&pool, &[1; 32]).await.unwrap();
    assert!(fresh().await);
}
