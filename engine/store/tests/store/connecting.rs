//! The way to Postgres, and what is said when there is none.

use store::StoreError;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

async fn refused(url: &str) -> String {
    match store::connect(url, 2).await {
        Err(StoreError::Unavailable(sentence)) => sentence,
        other => panic!("{url}: {other:?}"),
    }
}

#[tokio::test]
async fn each_reason_has_its_own_sentence() {
    let url = store::testing::database().await.url;
    let told = refused("no url").await;
    assert!(told.starts_with("the database URL cannot be read"), "{told}");
    let told = refused("postgres://x:secret@127.0.0.1:1/y").await;
    assert!(told.starts_with("Postgres at 127.0.0.1:1 cannot be reached"), "{told}");
    assert!(!told.contains("secret"));
    let (start, rest) = url.split_once("tandem_test_").unwrap();
    let told = refused(&format!("{start}no_such_{rest}")).await;
    assert!(told.contains("there is no database \"no_such_"), "{told}");
    let told = refused(&url.replacen("postgres@", "nobody_here@", 1)).await;
    assert!(told.contains("does not let user \"nobody_here\" in"), "{told}");
}

/// A server that answers every log-in with one refusal (protocol 3.0, `ErrorResponse`).
async fn refusing(code: &'static str, message: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (mut client, _) = listener.accept().await.unwrap();
            let mut start = [0; 1024];
            // An offer of encryption comes first and is declined; then the log-in.
            while client.read(&mut start).await.unwrap() == 8 {
                client.write_all(b"N").await.unwrap();
            }
            let fields = format!("SFATAL\0VFATAL\0C{code}\0M{message}\0\0");
            client.write_all(b"E").await.unwrap();
            client.write_all(&(fields.len() as u32 + 4).to_be_bytes()).await.unwrap();
            client.write_all(fields.as_bytes()).await.unwrap();
        }
    });
    format!("postgres://ann:secret@{address}/books")
}

#[tokio::test]
async fn a_refused_log_in_says_why_and_never_the_password() {
    for (code, message, expected) in [
        ("28P01", "password authentication failed", "refuses the password of user \"ann\""),
        ("28000", "no pg_hba.conf entry", "does not let user \"ann\" in: no pg_hba.conf entry"),
        ("3D000", "it does not exist", "there is no database \"books\" in the Postgres at"),
        ("53300", "too many clients", "has no connection free: too many clients"),
        ("57P03", "the database system is starting up", "is starting or stopping"),
        ("XX000", "odd", "refuses the connection: odd"),
    ] {
        let told = refused(&refusing(code, message).await).await;
        assert!(told.contains(expected), "{code}: {told}");
        assert!(!told.contains("secret"), "{told}");
    }
}

#[tokio::test]
async fn migrating_twice_applies_nothing_the_second_time() {
    let database = store::testing::database().await;
    assert!(store::migrate(&database.pool).await.unwrap().applied.is_empty());
    sqlx::raw_sql("drop schema sys, portal, billing, sip, cdr cascade; drop table _sqlx_migrations;")
        .execute(&database.pool)
        .await
        .unwrap();
    let applied = store::migrate(&database.pool).await.unwrap().applied;
    assert_eq!(applied[0], "foundations");
    assert!(applied.len() >= 3, "{applied:?}");
}

#[tokio::test]
async fn a_database_of_another_build_is_not_touched() {
    let database = store::testing::database().await;
    sqlx::query("update _sqlx_migrations set checksum = 'another' where version = 1")
        .execute(&database.pool)
        .await
        .unwrap();
    let refused = store::migrate(&database.pool).await.unwrap_err();
    assert!(matches!(refused, StoreError::Migration(_)), "{refused}");
    assert!(!refused.is_unavailable());
}

#[tokio::test]
async fn a_lost_database_is_unavailable_and_not_a_fault() {
    let database = store::testing::database().await;
    let pool = database.pool.clone();
    sqlx::query("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()")
        .execute(&pool)
        .await
        .unwrap();
    pool.close().await;
    let error = store::snapshot::version(&database.pool).await.unwrap_err();
    assert!(error.is_unavailable(), "{error}");
}
