//! The audit log: what it tells, and that nobody alters it unseen.

use chrono::{Duration, Utc};
use domain::{AccountId, AuditFilter, RowVersion};
use sqlx::Connection;
use store::{Actor, Pool, Scope, accounts, audit};

use crate::fixture::{Carrier, account, actor, money, told};

async fn broken(pool: &Pool) -> Option<i64> {
    audit::verify(pool).await.unwrap().first_broken
}

/// Does what only a superuser can: alters the table behind its triggers.
async fn tamper(pool: &Pool, statement: &'static str) {
    let mut conn = pool.acquire().await.unwrap();
    let mut tx = conn.begin().await.unwrap();
    sqlx::query("set local session_replication_role = replica").execute(&mut *tx).await.unwrap();
    sqlx::query(statement).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn the_log_of_an_untouched_database_holds() {
    let c = Carrier::new().await;
    accounts::pay(&c.pool, &actor(), c.acme, money("5"), "züge, \"quotes\" and 5:colons,").await.unwrap();
    let verdict = audit::verify(&c.pool).await.unwrap();
    assert!(verdict.holds() && verdict.lines > 8, "{verdict:?}");
    accounts::pay(&c.pool, &actor(), c.acme, money("5"), "").await.unwrap();
    let later = audit::verify(&c.pool).await.unwrap();
    assert!(later.holds());
    assert_eq!(later.lines, verdict.lines + 1);
    assert_ne!(later.head, verdict.head);
    let empty = audit::verify(&store::testing::database().await.pool).await.unwrap();
    assert_eq!((empty.lines, empty.head, empty.holds()), (0, [0; 32], true));
}

#[tokio::test]
async fn whoever_alters_a_line_is_found_at_that_line() {
    for (statement, line) in [
        ("update portal.audit_log set user_name = 'somebody' where id = 3", Some(3)),
        ("update portal.audit_log set user_id = 1 where id = 3", Some(3)),
        ("update portal.audit_log set at = at + interval '1 microsecond' where id = 2", Some(2)),
        ("update portal.audit_log set subject = subject || ' ' where id = 4", Some(4)),
        ("update portal.audit_log set after = after || '{\"x\": 1}' where id = 1", Some(1)),
        ("update portal.audit_log set before = null where id = 1", None),
        ("update portal.audit_log set before = 'null' where id = 1", Some(1)),
        ("update portal.audit_log set hash = sha256('x') where id = 5", Some(5)),
        ("update portal.audit_log set hash = '' where id = 5", Some(5)),
        ("delete from portal.audit_log where id = 3", Some(3)),
        ("delete from portal.audit_log where id = 1", Some(1)),
        ("delete from portal.audit_log where id = (select max(id) from portal.audit_log)", Some(11)),
        ("update portal.audit_log set id = id + 100 where id = 3", Some(3)),
        (
            "insert into portal.audit_log (id, at, user_name, action, subject, hash)
             select 0, now(), 'x', 'x', 'x', sha256('x')",
            Some(0),
        ),
        ("delete from portal.audit_head", Some(12)),
    ] {
        let c = Carrier::new().await;
        let lines = audit::verify(&c.pool).await.unwrap().lines;
        assert_eq!(lines, 11, "the lines that the statements name");
        tamper(&c.pool, statement).await;
        assert_eq!(broken(&c.pool).await, line, "{statement}");
    }
}

#[tokio::test]
async fn lines_can_be_neither_changed_nor_removed_in_the_ordinary_way() {
    let c = Carrier::new().await;
    for statement in [
        "update portal.audit_log set user_name = 'x'",
        "delete from portal.audit_log where id = 1",
        "truncate portal.audit_log",
    ] {
        let refused = sqlx::query(statement).execute(&c.pool).await.unwrap_err();
        assert!(refused.to_string().contains("only ever added to"), "{statement}: {refused}");
    }
    assert_eq!(broken(&c.pool).await, None);
}

#[tokio::test]
async fn writers_at_the_same_moment_chain_one_after_the_other() {
    let c = Carrier::new().await;
    let pay = |n: i64| {
        let (pool, account) = (c.pool.clone(), if n % 2 == 0 { c.acme } else { c.other });
        tokio::spawn(async move {
            let by = Actor { user: None, name: format!("writer {n}") };
            // Every third one fails after its line: that number is given to another.
            if n % 3 == 0 {
                let mut tx = pool.begin().await.unwrap();
                sqlx::query(
                    "insert into portal.audit_log (user_name, action, subject) values ('x', 'x', 'x')",
                )
                .execute(&mut *tx)
                .await
                .unwrap();
                tx.rollback().await.unwrap();
            } else {
                accounts::pay(&pool, &by, account, money("1"), "").await.unwrap();
            }
        })
    };
    let writers: Vec<_> = (0..60).map(pay).collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let verdict = audit::verify(&c.pool).await.unwrap();
    assert!(verdict.holds(), "{verdict:?}");
    assert_eq!(verdict.lines, 11 + 40);
}

#[tokio::test]
async fn lines_are_found_by_person_action_subject_and_time() {
    let c = Carrier::new().await;
    let ann = Actor { user: None, name: "ann".into() };
    accounts::pay(&c.pool, &ann, c.acme, money("5"), "").await.unwrap();
    let count =
        async |filter: AuditFilter| audit::list(&c.pool, &Scope::All, &filter).await.unwrap().rows.len();
    let all = || AuditFilter::newest(1000);
    assert_eq!(count(all()).await, 12);
    assert_eq!(count(AuditFilter { person: "ann".into(), ..all() }).await, 1);
    assert_eq!(count(AuditFilter { person: "an".into(), ..all() }).await, 0);
    assert_eq!(count(AuditFilter { action: "pay".into(), ..all() }).await, 1);
    assert_eq!(count(AuditFilter { subject: "ACME".into(), ..all() }).await, 3);
    assert_eq!(count(AuditFilter { subject: "%".into(), ..all() }).await, 0);
    let soon = Utc::now() + Duration::minutes(5);
    assert_eq!(count(AuditFilter { from: Some(soon), ..all() }).await, 0);
    assert_eq!(
        count(AuditFilter { to: Some(soon), from: Some(soon - Duration::hours(1)), ..all() }).await,
        12
    );
    let page = audit::list(&c.pool, &Scope::All, &AuditFilter::newest(4)).await.unwrap();
    assert!(page.more && page.rows[0].id == 12);
    let next = AuditFilter { after: Some(page.rows[3].id), ..all() };
    assert_eq!(count(next).await, 8);
    let hostile = AuditFilter { subject: "a\0b".into(), ..all() };
    told(audit::list(&c.pool, &Scope::All, &hostile).await, "subject");
    for scope in [Scope::Account(c.acme), Scope::Agent(domain::AgentId(1))] {
        assert!(audit::list(&c.pool, &scope, &all()).await.unwrap().rows.is_empty());
    }
}

#[tokio::test]
async fn a_change_is_told_field_by_field() {
    let c = Carrier::new().await;
    let mut draft = account("Acme", "customer", Some(c.sell));
    draft.credit_limit = "25".into();
    update(&c.pool, c.acme, &draft).await;
    let line = audit::list(&c.pool, &Scope::All, &AuditFilter::newest(1)).await.unwrap().rows.remove(0);
    assert_eq!(line.changes.len(), 1, "{:?}", line.changes);
    assert_eq!(line.changes[0].field, "credit_limit");
    assert_ne!(line.changes[0].before, line.changes[0].after);
}

async fn update(pool: &Pool, id: AccountId, draft: &domain::AccountDraft) {
    accounts::update(pool, &actor(), id, RowVersion(1), &draft.check().unwrap()).await.unwrap();
}
