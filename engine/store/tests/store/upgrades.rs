//! A database of an earlier version, with people and a history in it, is brought up to date.

use sqlx::{AssertSqlSafe, raw_sql};
use store::{Pool, Scope, audit, people};

/// The steps until there were roles, and those after.
const BEFORE: [&str; 4] = [
    include_str!("../../../../migrations/0001_foundations.sql"),
    include_str!("../../../../migrations/0002_calls_and_ledger.sql"),
    include_str!("../../../../migrations/0003_people.sql"),
    include_str!("../../../../migrations/0004_parameters.sql"),
];
const AFTER: [&str; 4] = [
    include_str!("../../../../migrations/0005_people.sql"),
    include_str!("../../../../migrations/0006_log_in.sql"),
    include_str!("../../../../migrations/0007_audit_chain.sql"),
    include_str!("../../../../migrations/0008_programs.sql"),
];

async fn run(pool: &Pool, text: &str) {
    raw_sql(AssertSqlSafe(text.to_owned())).execute(pool).await.unwrap();
}

#[tokio::test]
async fn an_earlier_database_keeps_its_administrator_and_its_history_is_chained() {
    let fresh = store::testing::database().await;
    // Named like those of the harness, which clears them away after an hour.
    let name = format!("tandem_test_{}_upgrade_{}", chrono::Utc::now().timestamp(), std::process::id());
    run(&fresh.pool, &format!("create database {name} template template0")).await;
    let earlier: String =
        sqlx::query_scalar("select current_database()").fetch_one(&fresh.pool).await.unwrap();
    let pool = store::connect(&fresh.url.replace(&earlier, &name), 4).await.unwrap();
    for step in BEFORE {
        run(&pool, step).await;
    }
    for statement in [
        "insert into portal.users (name, password_hash, role) values ('admin', 'hash', 'administrator')",
        "insert into portal.sessions (token_hash, user_id, address, user_agent) values ('x', 1, '127.0.0.1', '')",
        "insert into portal.audit_log (user_name, action, subject, after) values ('a', 'create', 'one', '{\"x\": [1, 2]}')",
        // A change that failed left a gap in the numbers.
        "begin; insert into portal.audit_log (user_name, action, subject) values ('a', 'create', 'undone'); rollback",
        "insert into portal.audit_log (user_id, user_name, action, subject, before) values (1, 'ü', 'update', 'two', '{}')",
        "insert into portal.audit_log (at, user_name, action, subject) values ('1999-12-31 23:59:59.999999+00', '', '', '')",
    ] {
        run(&pool, statement).await;
    }
    for step in AFTER {
        run(&pool, step).await;
    }
    let verdict = audit::verify(&pool).await.unwrap();
    assert!(verdict.holds(), "{verdict:?}");
    assert_eq!(verdict.lines, 3);
    let admin = people::list(&pool, &Scope::All, "").await.unwrap().remove(0);
    assert_eq!(
        (admin.role_name.as_str(), admin.user.settings.enabled, admin.sessions),
        ("Administrator", true, 0)
    );
    people::create_administrator(&pool, "ann", "hash").await.unwrap();
    let verdict = audit::verify(&pool).await.unwrap();
    assert_eq!((verdict.lines, verdict.holds()), (4, true));
    people::remove(&pool, &store::Actor::command("test"), admin.user.id, None).await.unwrap();
}
