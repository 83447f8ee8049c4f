//! Logging in: lock-outs, second factors, and what both keep out.

use std::net::IpAddr;

use chrono::{DateTime, Duration, Utc};
use domain::{BuiltInRole, Home, LockoutSubject, UserId, UserSettings};
use sha2::{Digest, Sha256};
use store::{
    Actor, Pool, Scope, Seal, StoreError, audit, log_in, log_in::LogIn, login_guard, people, roles, sessions,
    totp,
};
use totp_rs::{Builder, Secret};

use crate::{
    fixture::{actor, told},
    people::{ann, person, role, secret, settled},
};

fn at(text: &str) -> IpAddr {
    text.parse().unwrap()
}

async fn attempt(pool: &Pool, name: &str, password: &str, from: &str) -> LogIn {
    log_in::password(pool, name, password, at(from)).await.unwrap()
}

/// Makes every failure as if it had happened that much earlier.
async fn pass(pool: &Pool, time: &str) {
    sqlx::query(
        "update portal.login_failures
         set first_at = first_at - $1::interval, last_at = last_at - $1::interval, locked_until = locked_until - $1::interval",
    )
    .bind(time)
    .execute(pool)
    .await
    .unwrap();
}

#[tokio::test]
async fn the_right_password_is_welcome_and_stands_in_the_audit_log() {
    let (pool, id) = ann().await;
    assert_eq!(attempt(&pool, "ann", "wrong", "203.0.113.9").await, LogIn::Wrong);
    assert_eq!(people::find(&pool, &Scope::All, id).await.unwrap().user.failed_log_ins, 1);
    assert_eq!(attempt(&pool, " ann ", "a quiet harbour", "203.0.113.9").await, LogIn::Welcome(id));
    let user = people::find(&pool, &Scope::All, id).await.unwrap().user;
    assert_eq!((user.failed_log_ins, user.last_log_in.is_some()), (0, true));
    let line = &audit::list(&pool, &Scope::All, &domain::AuditFilter::newest(1)).await.unwrap().rows[0];
    assert_eq!((line.action.as_str(), line.user), ("log in", Some(id)));
    assert_eq!(line.changes[0].after.as_deref(), Some("203.0.113.9"));
}

#[tokio::test]
async fn five_failures_lock_a_name_whoever_has_it_and_wherever_they_come_from() {
    let (pool, id) = ann().await;
    for name in ["ann", "nobody of this name", "a\0b"] {
        for n in 0..5 {
            assert_eq!(
                attempt(&pool, name, "wrong", &format!("198.51.100.{n}")).await,
                LogIn::Wrong,
                "{name} {n}"
            );
        }
        let next = attempt(&pool, name, "a quiet harbour", "198.51.100.99").await;
        assert!(matches!(next, LogIn::Locked(_)), "{name:?}: {next:?}");
        // An address of before has room again for the next name.
        sqlx::query("delete from portal.login_failures where kind = 'address'").execute(&pool).await.unwrap();
    }
    pass(&pool, "14 minutes 50 seconds").await;
    assert!(matches!(attempt(&pool, "ann", "a quiet harbour", "198.51.100.99").await, LogIn::Locked(_)));
    pass(&pool, "11 seconds").await;
    assert_eq!(attempt(&pool, "ann", "a quiet harbour", "198.51.100.99").await, LogIn::Welcome(id));
}

#[tokio::test]
async fn five_failures_lock_an_address_for_every_name() {
    let (pool, _) = ann().await;
    for n in 0..5 {
        let from = format!("2001:db8::{n}");
        assert_eq!(attempt(&pool, &format!("guess {n}"), "wrong", &from).await, LogIn::Wrong);
    }
    let same_network = attempt(&pool, "ann", "a quiet harbour", "2001:db8::ffff").await;
    assert!(matches!(same_network, LogIn::Locked(_)));
    assert!(matches!(attempt(&pool, "ann", "a quiet harbour", "2001:db8:0:1::1").await, LogIn::Welcome(_)));
}

#[tokio::test]
async fn each_lock_out_is_twice_as_long_until_a_day() {
    let (pool, _) = ann().await;
    let mut lasted = Vec::new();
    for _ in 0..9 {
        for n in 0..5 {
            attempt(&pool, "ann", "wrong", &format!("198.51.100.{n}")).await;
        }
        let LogIn::Locked(until) = attempt(&pool, "ann", "wrong", "198.51.100.99").await else { panic!() };
        lasted.push(((until - Utc::now()).as_seconds_f64() / 60.0).round() as i64);
        sqlx::query("delete from portal.login_failures where kind = 'address'").execute(&pool).await.unwrap();
        pass(&pool, &format!("{} minutes", lasted.last().unwrap())).await;
    }
    assert_eq!(lasted[..7], [15, 30, 60, 120, 240, 480, 960]);
    assert!(lasted.iter().all(|minutes| *minutes <= 24 * 60), "{lasted:?}");
}

#[tokio::test]
async fn failures_far_apart_lock_nobody_and_a_right_password_makes_up_for_them() {
    let (pool, id) = ann().await;
    for _ in 0..8 {
        assert_eq!(attempt(&pool, "ann", "wrong", "203.0.113.9").await, LogIn::Wrong);
        pass(&pool, "16 minutes").await;
    }
    for _ in 0..3 {
        for _ in 0..3 {
            assert_eq!(attempt(&pool, "ann", "wrong", "203.0.113.9").await, LogIn::Wrong);
        }
        sqlx::query("delete from portal.login_failures where kind = 'address'").execute(&pool).await.unwrap();
        assert_eq!(attempt(&pool, "ann", "a quiet harbour", "203.0.113.9").await, LogIn::Welcome(id));
    }
}

#[tokio::test]
async fn an_own_account_does_not_buy_tries_at_others() {
    let (pool, id) = ann().await;
    for n in 0..4 {
        assert_eq!(attempt(&pool, &format!("guess {n}"), "wrong", "203.0.113.9").await, LogIn::Wrong);
        assert_eq!(attempt(&pool, "ann", "a quiet harbour", "203.0.113.9").await, LogIn::Welcome(id));
    }
    assert_eq!(attempt(&pool, "guess 5", "wrong", "203.0.113.9").await, LogIn::Wrong);
    assert!(matches!(attempt(&pool, "guess 6", "wrong", "203.0.113.9").await, LogIn::Locked(_)));
}

#[tokio::test]
async fn tries_at_the_same_moment_cannot_slip_past_the_count() {
    let (pool, _) = ann().await;
    let tries: Vec<_> = (0..20)
        .map(|n| {
            let pool = pool.clone();
            tokio::spawn(async move {
                login_guard::note(&pool, "ann", at(&format!("198.51.100.{n}"))).await.unwrap().is_none()
            })
        })
        .collect();
    let mut taken = 0;
    for one in tries {
        taken += usize::from(one.await.unwrap());
    }
    // Those that read before the lock was committed are counted all the same; at most the pool's connections.
    assert!((5..=14).contains(&taken), "{taken}");
    assert!(login_guard::note(&pool, "ann", at("192.0.2.1")).await.unwrap().is_some());
}

#[tokio::test]
async fn lock_outs_are_listed_and_released_by_a_person() {
    let (pool, id) = ann().await;
    for n in 0..5 {
        attempt(&pool, "Ann", "wrong", &format!("198.51.100.{n}")).await;
    }
    attempt(&pool, "ann", "wrong", "198.51.100.5").await;
    let rows = login_guard::list(&pool).await.unwrap();
    assert_eq!(rows.len(), 6);
    assert_eq!(rows[0].subject, LockoutSubject::Name("ann".into()));
    assert!(rows[0].locked_until.is_some() && rows[1].locked_until.is_none());
    login_guard::release(&pool, &actor(), rows[0].id).await.unwrap();
    assert!(matches!(login_guard::release(&pool, &actor(), rows[0].id).await, Err(StoreError::NotFound)));
    assert_eq!(attempt(&pool, "ann", "a quiet harbour", "198.51.100.7").await, LogIn::Welcome(id));
    let filter = domain::AuditFilter { action: "release".into(), ..domain::AuditFilter::newest(9) };
    let lines = audit::list(&pool, &Scope::All, &filter).await.unwrap().rows;
    assert_eq!((lines.len(), lines[0].subject.as_str()), (1, "log-ins of name \"ann\""));
}

#[tokio::test]
async fn what_is_remembered_of_failures_is_bounded() {
    let (pool, _) = ann().await;
    sqlx::query(
        "insert into portal.login_failures (kind, subject, failures, first_at, last_at)
         select 'name', 'guess ' || n, 1, now(), now() - n * interval '1 second' from generate_series(1, 12000) n",
    )
    .execute(&pool)
    .await
    .unwrap();
    login_guard::expire(&pool).await.unwrap();
    let count = async || -> i64 {
        sqlx::query_scalar("select count(*) from portal.login_failures").fetch_one(&pool).await.unwrap()
    };
    assert_eq!(count().await, 10_000);
    pass(&pool, "3 days").await;
    login_guard::expire(&pool).await.unwrap();
    assert_eq!(count().await, 0);
}

#[tokio::test]
async fn a_disabled_person_and_one_from_elsewhere_are_told_only_after_the_right_password() {
    let (pool, _) = ann().await;
    let operator = role(&pool, BuiltInRole::Operator).await;
    let id = settled(&pool, &person("olaf", operator, Home::Administration)).await;
    let row = roles::find(&pool, operator).await.unwrap();
    let mut fenced = row.settings.clone();
    fenced.allowed_networks = vec!["192.0.2.0/24".parse().unwrap()];
    roles::update(&pool, &actor(), operator, row.version, &fenced, None).await.unwrap();
    assert_eq!(attempt(&pool, "olaf", "wrong", "203.0.113.9").await, LogIn::Wrong);
    assert_eq!(attempt(&pool, "olaf", "marble cloud piano", "203.0.113.9").await, LogIn::Elsewhere);
    assert_eq!(attempt(&pool, "olaf", "marble cloud piano", "192.0.2.9").await, LogIn::Welcome(id));
    sessions::open(&pool, id, [1; 32], at("192.0.2.9"), "", Default::default()).await.unwrap();
    assert!(sessions::find(&pool, &[1; 32], at("192.0.2.10")).await.unwrap().is_some());
    assert!(sessions::find(&pool, &[1; 32], at("203.0.113.9")).await.unwrap().is_none(), "a stolen cookie");

    let user = people::find(&pool, &Scope::All, id).await.unwrap().user;
    let off = UserSettings { enabled: false, ..user.settings };
    people::update(&pool, &actor(), id, user.version, &off).await.unwrap();
    assert_eq!(attempt(&pool, "olaf", "marble cloud piano", "192.0.2.9").await, LogIn::Disabled);
}

#[tokio::test]
async fn a_dangerous_action_asks_for_the_password_again() {
    let (pool, id) = ann().await;
    sessions::open(&pool, id, [1; 32], at("203.0.113.9"), "", Default::default()).await.unwrap();
    sqlx::query("update portal.sessions set authenticated_at = now() - interval '1 hour'")
        .execute(&pool)
        .await
        .unwrap();
    let again = async |password| {
        let answer = log_in::password_again(&pool, &[1; 32], password, at("203.0.113.9")).await.unwrap();
        let session = sessions::find(&pool, &[1; 32], at("203.0.113.9")).await.unwrap().unwrap();
        (answer, session.is_fresh(Utc::now()))
    };
    assert_eq!(again("wrong").await, (LogIn::Wrong, false));
    assert_eq!(again("a quiet harbour").await, (LogIn::Welcome(id), true));
    let nobody = log_in::password_again(&pool, &[2; 32], "a quiet harbour", at("203.0.113.9")).await;
    assert!(matches!(nobody, Err(StoreError::NotFound)));
}

/// Somebody with a second factor that has just been confirmed.
struct Enrolled {
    pool: Pool,
    id: UserId,
    seal: Seal,
    secret: String,
    recovery: Vec<String>,
    confirmed: DateTime<Utc>,
}

impl Enrolled {
    async fn new() -> Self {
        let (pool, id) = ann().await;
        let seal = Seal::new(&[7; 32]);
        let enrolment = totp::enrol(&pool, &seal, id).await.unwrap();
        assert!(enrolment.url.starts_with("otpauth://totp/"), "{}", enrolment.url);
        assert!(enrolment.url.contains("issuer=Tandem") && enrolment.url.contains(&enrolment.secret));
        let confirmed = Utc::now();
        let by = Actor { user: Some(id), name: "ann".into() };
        told(totp::confirm(&pool, &seal, &by, id, "000000x", confirmed).await, "code");
        let code = code_of(&enrolment.secret, confirmed);
        let recovery = totp::confirm(&pool, &seal, &by, id, &code, confirmed).await.unwrap();
        Self { pool, id, seal, secret: enrolment.secret, recovery, confirmed }
    }

    async fn open(&self, token: u8) {
        let here = at("203.0.113.9");
        let opened =
            sessions::open(&self.pool, self.id, [token; 32], here, "", Default::default()).await.unwrap();
        assert!(opened.awaits_code);
        assert!(!self.lives(token).await, "worth nothing without a code");
    }

    async fn lives(&self, token: u8) -> bool {
        sessions::find(&self.pool, &[token; 32], at("203.0.113.9")).await.unwrap().is_some()
    }

    async fn give(&self, token: u8, code: &str, now: DateTime<Utc>) -> LogIn {
        log_in::code(&self.pool, &self.seal, &[token; 32], code, at("203.0.113.9"), now).await.unwrap()
    }
}

fn code_of(secret: &str, now: DateTime<Utc>) -> String {
    let totp = Builder::new().with_secret(Secret::try_from_base32(secret).unwrap()).build().unwrap();
    totp.generate(now.timestamp().unsigned_abs()).to_string()
}

#[tokio::test]
async fn with_a_second_factor_a_session_is_worth_nothing_before_its_code() {
    let e = Enrolled::new().await;
    assert!(people::find(&e.pool, &Scope::All, e.id).await.unwrap().user.has_totp);
    let later = e.confirmed + Duration::seconds(60);
    e.open(1).await;
    assert_eq!(e.give(1, "000000", e.confirmed - Duration::days(1)).await, LogIn::Wrong);
    assert_eq!(e.give(1, &code_of(&e.secret, later), later).await, LogIn::Welcome(e.id));
    assert!(e.lives(1).await);
    // The same code opens nothing a second time, nor does the one of the confirmation.
    e.open(2).await;
    assert_eq!(e.give(2, &code_of(&e.secret, later), later).await, LogIn::Wrong);
    assert_eq!(e.give(2, &code_of(&e.secret, e.confirmed), e.confirmed).await, LogIn::Wrong);
    assert!(!e.lives(2).await);
    let unknown = log_in::code(&e.pool, &e.seal, &[9; 32], "1", at("203.0.113.9"), later).await;
    assert!(matches!(unknown, Err(StoreError::NotFound)));
}

#[tokio::test]
async fn one_code_sent_twice_at_once_is_taken_once() {
    let e = Enrolled::new().await;
    e.open(1).await;
    e.open(2).await;
    let later = e.confirmed + Duration::seconds(60);
    let code = code_of(&e.secret, later);
    let (one, other) = tokio::join!(e.give(1, &code, later), e.give(2, &code, later));
    assert!((one == LogIn::Wrong) != (other == LogIn::Wrong), "{one:?} {other:?}");
}

#[tokio::test]
async fn a_code_that_comes_too_late_or_is_guessed_too_often_is_not_looked_at() {
    let e = Enrolled::new().await;
    e.open(1).await;
    let long_ago = e.confirmed - Duration::days(30);
    for _ in 0..5 {
        assert_eq!(e.give(1, "123456", long_ago).await, LogIn::Wrong);
    }
    let later = e.confirmed + Duration::seconds(60);
    assert!(matches!(e.give(1, &code_of(&e.secret, later), later).await, LogIn::Locked(_)));
    sqlx::query("delete from portal.login_failures").execute(&e.pool).await.unwrap();
    sqlx::query("update portal.sessions set created_at = now() - interval '11 minutes'")
        .execute(&e.pool)
        .await
        .unwrap();
    let late = log_in::code(&e.pool, &e.seal, &[1; 32], "1", at("203.0.113.9"), later).await;
    assert!(matches!(late, Err(StoreError::NotFound)));
}

#[tokio::test]
async fn each_recovery_code_opens_one_session() {
    let e = Enrolled::new().await;
    assert_eq!(e.recovery.len(), 10);
    e.open(1).await;
    assert_eq!(
        e.give(1, &e.recovery[3].to_uppercase().replace('-', ""), Utc::now()).await,
        LogIn::Welcome(e.id)
    );
    assert_eq!(totp::recovery_codes_left(&e.pool, e.id).await.unwrap(), 9);
    e.open(2).await;
    assert_eq!(e.give(2, &e.recovery[3], Utc::now()).await, LogIn::Wrong);
    let fresh = totp::renew_recovery_codes(&e.pool, &actor(), e.id).await.unwrap();
    assert_eq!(e.give(2, &e.recovery[4], Utc::now()).await, LogIn::Wrong, "the old ones are gone");
    assert_eq!(e.give(2, &fresh[0], Utc::now()).await, LogIn::Welcome(e.id));
}

#[tokio::test]
async fn no_secret_or_code_stands_in_the_database_as_it_is() {
    let e = Enrolled::new().await;
    let raw = Secret::try_from_base32(&e.secret).unwrap();
    let stored: Vec<u8> =
        sqlx::query_scalar("select secret from portal.totp").fetch_one(&e.pool).await.unwrap();
    assert!(!stored.windows(8).any(|bytes| bytes == &raw.as_ref()[..8]));
    let hashes: Vec<Vec<u8>> =
        sqlx::query_scalar("select code_hash from portal.recovery_codes").fetch_all(&e.pool).await.unwrap();
    let plain = e.recovery[0].replace('-', "");
    assert!(hashes.contains(&Sha256::digest(plain.as_bytes()).to_vec()));
    // A stolen database with another key, and a secret moved to another person, open nothing.
    e.open(1).await;
    let later = e.confirmed + Duration::seconds(60);
    let code = code_of(&e.secret, later);
    let other_key =
        log_in::code(&e.pool, &Seal::new(&[8; 32]), &[1; 32], &code, at("203.0.113.9"), later).await;
    assert!(matches!(other_key, Err(StoreError::Unreadable { .. })), "{other_key:?}");
}

#[tokio::test]
async fn a_second_factor_is_removed_before_another_is_set_up() {
    let e = Enrolled::new().await;
    told(totp::enrol(&e.pool, &e.seal, e.id).await, "");
    totp::remove(&e.pool, &actor(), e.id).await.unwrap();
    assert!(matches!(totp::remove(&e.pool, &actor(), e.id).await, Err(StoreError::NotFound)));
    assert_eq!(totp::recovery_codes_left(&e.pool, e.id).await.unwrap(), 0);
    let here = at("203.0.113.9");
    let opened = sessions::open(&e.pool, e.id, [1; 32], here, "", Default::default()).await.unwrap();
    assert!(!opened.awaits_code && e.lives(1).await);
    // An enrolment that was never confirmed asks for no code and may be begun anew.
    let first = totp::enrol(&e.pool, &e.seal, e.id).await.unwrap();
    let second = totp::enrol(&e.pool, &e.seal, e.id).await.unwrap();
    assert_ne!(first, second);
    assert!(!sessions::open(&e.pool, e.id, [2; 32], here, "", Default::default()).await.unwrap().awaits_code);
}

#[tokio::test]
async fn a_role_that_wants_a_second_factor_lets_nobody_work_without() {
    let (pool, _) = ann().await;
    let operator = role(&pool, BuiltInRole::Operator).await;
    let id = settled(&pool, &person("olaf", operator, Home::Administration)).await;
    let row = roles::find(&pool, operator).await.unwrap();
    let strict = domain::RoleSettings { requires_totp: true, ..row.settings };
    roles::update(&pool, &actor(), operator, row.version, &strict, None).await.unwrap();
    let here = at("203.0.113.9");
    sessions::open(&pool, id, [1; 32], here, "", Default::default()).await.unwrap();
    let session = sessions::find(&pool, &[1; 32], here).await.unwrap().unwrap();
    assert_eq!(session.duty, Some(sessions::Duty::EnrolTotp));
    assert!(session.permissions().is_empty());
    people::set_password(&pool, &actor(), id, &secret("violet-tramway-77")).await.unwrap();
}
