//! People, roles and agents.

use std::net::{IpAddr, Ipv4Addr};

use domain::{
    AgentDraft, AuditFilter, BuiltInRole, Home, Language, Password, PasswordDraft, Permission, Permissions,
    RoleId, RoleSettings, RowVersion, UserId, UserSettings,
};
use store::{Actor, Pool, Scope, StoreError, accounts, agents, password, people, roles, sessions};

use crate::fixture::{Carrier, account, actor, told};

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 9));

pub(crate) async fn ann() -> (Pool, UserId) {
    let pool = store::testing::database().await.pool;
    assert!(!people::any(&pool).await.unwrap());
    let id = people::create_administrator(&pool, "ann", &password::hash("a quiet harbour")).await.unwrap();
    (pool, id)
}

pub(crate) async fn role(pool: &Pool, built_in: BuiltInRole) -> RoleId {
    let all = roles::list(pool).await.unwrap();
    all.iter().find(|row| row.role.built_in == Some(built_in)).unwrap().role.id
}

pub(crate) fn person(name: &str, role: RoleId, home: Home) -> UserSettings {
    UserSettings {
        name: name.parse().unwrap(),
        display_name: String::new(),
        role,
        home,
        language: Language::English,
        enabled: true,
    }
}

pub(crate) fn secret(text: &str) -> Password {
    Password::new(text, "").unwrap()
}

/// Adds a person whose first password counts as their own.
pub(crate) async fn settled(pool: &Pool, settings: &UserSettings) -> UserId {
    let id = people::create(pool, &actor(), settings, &secret("violet-tramway-59")).await.unwrap();
    people::set_password(pool, &actor(), id, &secret("marble cloud piano")).await.unwrap();
    id
}

#[tokio::test]
async fn a_person_is_found_by_name_and_has_one_name_alone() {
    let (pool, id) = ann().await;
    assert!(people::any(&pool).await.unwrap());
    let found = people::find_by_name(&pool, " ann ").await.unwrap().unwrap();
    assert_eq!(found.id, id);
    assert!(!format!("{found:?}").contains("argon2"), "no hash in a log");
    for nobody in ["Ann", "", "a\0nn", "ann' or true --", &"x".repeat(10_000)] {
        assert_eq!(people::find_by_name(&pool, nobody).await.unwrap(), None, "{nobody:?}");
    }
    assert_eq!(told(people::create_administrator(&pool, "ann", "h").await, "name"), "this name is taken");
    told(people::create_administrator(&pool, "a\0b", "h").await, "name");
}

#[tokio::test]
async fn the_roles_that_every_switch_begins_with_are_those_of_the_code() {
    let (pool, _) = ann().await;
    let rows = roles::list(&pool).await.unwrap();
    let found: Vec<_> = rows.iter().map(|row| row.role.built_in.unwrap()).collect();
    assert_eq!(found, BuiltInRole::ALL);
    for row in rows {
        let built_in = row.role.built_in.unwrap();
        assert_eq!(row.role.settings.permissions, built_in.permissions(), "{built_in}");
        assert_eq!(row.people, i64::from(built_in == BuiltInRole::Administrator));
    }
}

#[tokio::test]
async fn a_role_gives_what_it_says_as_far_as_the_home_allows() {
    let c = Carrier::new().await;
    let everything = role(&c.pool, BuiltInRole::Administrator).await;
    let finance = role(&c.pool, BuiltInRole::Finance).await;
    let boss = settled(&c.pool, &person("boss", everything, Home::Administration)).await;
    let books = settled(&c.pool, &person("books", finance, Home::Administration)).await;
    let stray = settled(&c.pool, &person("stray", everything, Home::Account(c.acme))).await;
    let access = async |id| people::access(&c.pool, id, HERE).await.unwrap().unwrap();
    assert_eq!(access(boss).await.permissions, Permissions::ALL);
    let books = access(books).await;
    assert!(books.may(Permission::PayAccounts) && !books.may(Permission::EditGateways));
    assert_eq!(books.scope(), Scope::All);
    let stray = access(stray).await;
    assert_eq!(stray.scope(), Scope::Account(c.acme));
    assert!(stray.may(Permission::ViewCdrs));
    assert!(!stray.may(Permission::ManagePeople) && !stray.may(Permission::ViewCosts));
}

#[tokio::test]
async fn a_role_is_edited_under_its_version_and_the_administrator_keeps_everything() {
    let (pool, ann) = ann().await;
    let settings = RoleSettings {
        name: "Night shift".parse().unwrap(),
        permissions: Permissions::of(&[Permission::ViewCalls, Permission::EndCalls]),
        requires_totp: true,
        allowed_networks: vec!["192.0.2.0/24".parse().unwrap()],
    };
    let id = roles::create(&pool, &actor(), &settings).await.unwrap();
    let found = roles::find(&pool, id).await.unwrap();
    assert_eq!((found.settings.clone(), found.built_in), (settings.clone(), None));
    assert_eq!(told(roles::create(&pool, &actor(), &settings).await, "name"), "this name is taken");
    roles::update(&pool, &actor(), id, found.version, &settings, None).await.unwrap();
    let stale = roles::update(&pool, &actor(), id, found.version, &settings, None).await;
    assert!(matches!(stale, Err(StoreError::Conflict { .. })));
    roles::remove(&pool, &actor(), id, None).await.unwrap();
    assert!(matches!(roles::find(&pool, id).await, Err(StoreError::NotFound)));

    let chief = roles::find(&pool, role(&pool, BuiltInRole::Administrator).await).await.unwrap();
    let mut less = chief.settings.clone();
    less.permissions = settings.permissions;
    told(roles::update(&pool, &actor(), chief.id, chief.version, &less, None).await, "permissions");
    told(roles::remove(&pool, &actor(), chief.id, None).await, "");

    let mut fenced = chief.settings.clone();
    fenced.allowed_networks = settings.allowed_networks;
    let by = Actor { user: Some(ann), name: "ann".into() };
    let locked_out = roles::update(&pool, &by, chief.id, chief.version, &fenced, Some(HERE)).await;
    assert!(told(locked_out, "allowed_networks").contains("203.0.113.9"));
    let inside = "192.0.2.9".parse().unwrap();
    roles::update(&pool, &by, chief.id, chief.version, &fenced, Some(inside)).await.unwrap();
    assert!(people::access(&pool, ann, HERE).await.unwrap().is_none());
    let mapped = "::ffff:192.0.2.9".parse().unwrap();
    assert!(people::access(&pool, ann, mapped).await.unwrap().is_some());
}

#[tokio::test]
async fn a_role_that_somebody_has_stays() {
    let (pool, _) = ann().await;
    let operator = role(&pool, BuiltInRole::Operator).await;
    settled(&pool, &person("olaf", operator, Home::Administration)).await;
    let refused = roles::remove(&pool, &actor(), operator, None).await.unwrap_err();
    assert_eq!(refused.to_string(), "role \"Operator\" is in use by user \"olaf\"");
}

#[tokio::test]
async fn the_last_administrator_can_be_neither_removed_nor_disabled_nor_moved() {
    let (pool, ann) = ann().await;
    let c = accounts::create(&pool, &actor(), &account("Acme", "customer", None).check().unwrap()).await;
    let (chief, operator) =
        (role(&pool, BuiltInRole::Administrator).await, role(&pool, BuiltInRole::Operator).await);
    let row = people::find(&pool, &Scope::All, ann).await.unwrap();
    let (version, now) = (row.user.version, row.user.settings);
    for (field, settings) in [
        ("enabled", UserSettings { enabled: false, ..now.clone() }),
        ("role", UserSettings { role: operator, ..now.clone() }),
        ("home", UserSettings { home: Home::Account(c.unwrap()), ..now.clone() }),
    ] {
        let refused = people::update(&pool, &actor(), ann, version, &settings).await;
        assert!(told(refused, field).contains("last administrator"), "{field}");
    }
    told(people::remove(&pool, &actor(), ann, None).await, "");
    assert_eq!(
        people::find(&pool, &Scope::All, ann).await.unwrap().user.settings,
        now,
        "nothing has changed"
    );

    // A disabled second one does not help; an enabled one does.
    let mut second = person("bob", chief, Home::Administration);
    second.enabled = false;
    let bob = settled(&pool, &second).await;
    told(people::remove(&pool, &actor(), ann, None).await, "");
    let version = people::find(&pool, &Scope::All, bob).await.unwrap().user.version;
    second.enabled = true;
    people::update(&pool, &actor(), bob, version, &second).await.unwrap();
    people::remove(&pool, &actor(), ann, None).await.unwrap();
}

#[tokio::test]
async fn two_administrators_cannot_remove_each_other_at_once() {
    let (pool, ann) = ann().await;
    let chief = role(&pool, BuiltInRole::Administrator).await;
    let bob = settled(&pool, &person("bob", chief, Home::Administration)).await;
    let by = actor();
    let (one, other) =
        tokio::join!(people::remove(&pool, &by, ann, None), people::remove(&pool, &by, bob, None));
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    assert_eq!(people::list(&pool, &Scope::All, "").await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_person_is_edited_under_their_version_and_their_log_ins_do_not_count() {
    let (pool, _) = ann().await;
    let operator = role(&pool, BuiltInRole::Operator).await;
    let id = settled(&pool, &person("olaf", operator, Home::Administration)).await;
    let read = people::find(&pool, &Scope::All, id).await.unwrap().user;
    sqlx::query("update portal.users set last_log_in = now(), failed_log_ins = 3")
        .execute(&pool)
        .await
        .unwrap();
    let mut settings = UserSettings { display_name: "Olaf O.".into(), ..read.settings.clone() };
    people::update(&pool, &actor(), id, read.version, &settings).await.unwrap();
    let stale = people::update(&pool, &actor(), id, read.version, &settings).await;
    assert!(matches!(stale, Err(StoreError::Conflict { .. })));
    let row = people::find(&pool, &Scope::All, id).await.unwrap();
    assert_eq!((row.user.settings.display_name.as_str(), row.user.failed_log_ins), ("Olaf O.", 3));
    assert_eq!(row.role_name, "Operator");
    settings.role = RoleId(999);
    told(people::update(&pool, &actor(), id, row.user.version, &settings).await, "role");
    settings.role = operator;
    settings.home = Home::Agent(domain::AgentId(999));
    told(people::update(&pool, &actor(), id, row.user.version, &settings).await, "home");
    let nobody = people::update(&pool, &actor(), UserId(999), RowVersion(1), &settings).await;
    assert!(matches!(nobody, Err(StoreError::NotFound)));
}

#[tokio::test]
async fn a_weak_or_a_former_password_is_refused_at_its_field() {
    let (pool, id) = ann().await;
    let by = Actor { user: Some(id), name: "ann".into() };
    let set = async |text: &str| people::set_password(&pool, &by, id, &secret(text)).await;
    assert!(told(set("password123").await, "password").contains("guessed too easily"));
    assert!(told(set("a quiet harbour").await, "password").contains("last five"));
    let mut texts = vec!["a quiet harbour".to_owned()];
    for n in 1..=5 {
        texts.push(format!("violet tramway {n} marble"));
        set(&texts[n]).await.unwrap();
    }
    told(set(&texts[1]).await, "password");
    set(&texts[0]).await.unwrap();
    let kept: i64 =
        sqlx::query_scalar("select count(*) from portal.password_history").fetch_one(&pool).await.unwrap();
    assert_eq!(kept, 5);
    let stored = people::find_by_name(&pool, "ann").await.unwrap().unwrap().password_hash;
    assert!(password::verify(&texts[0], &stored) && !password::verify(&texts[5], &stored));
    let nobody = people::set_password(&pool, &by, UserId(999), &secret("violet-tramway-59")).await;
    assert!(matches!(nobody, Err(StoreError::NotFound)));
    let line = &store::audit::list(&pool, &Scope::All, &AuditFilter::newest(1)).await.unwrap().rows[0];
    assert_eq!(line.action, "set password");
    assert!(line.before.is_none() && line.after.is_none(), "no hash in the audit log");
}

#[tokio::test]
async fn who_did_not_set_their_password_themself_must_change_it_and_may_do_nothing_before() {
    let (pool, ann) = ann().await;
    let chief = Actor { user: Some(ann), name: "ann".into() };
    let operator = role(&pool, BuiltInRole::Operator).await;
    let id = people::create(
        &pool,
        &chief,
        &person("olaf", operator, Home::Administration),
        &secret("violet-tramway-59"),
    )
    .await
    .unwrap();
    for token in [1, 2] {
        sessions::open(&pool, id, [token; 32], HERE, "", Default::default()).await.unwrap();
    }
    let session = sessions::find(&pool, &[1; 32], HERE).await.unwrap().unwrap();
    assert_eq!(session.duty, Some(sessions::Duty::ChangePassword));
    assert_eq!(session.permissions(), Permissions::NONE);

    let by = session.actor();
    let mut draft = PasswordDraft {
        current: "not this one".into(),
        password: "marble cloud piano".into(),
        again: "marble cloud piano".into(),
    };
    told(people::change_password(&pool, &by, id, &draft, &[1; 32]).await, "current");
    draft.current = "violet-tramway-59".into();
    people::change_password(&pool, &by, id, &draft, &[1; 32]).await.unwrap();
    let session = sessions::find(&pool, &[1; 32], HERE).await.unwrap().unwrap();
    assert_eq!((session.duty, session.permissions()), (None, BuiltInRole::Operator.permissions()));
    assert_eq!(sessions::find(&pool, &[2; 32], HERE).await.unwrap(), None, "the other session has ended");

    people::set_password(&pool, &chief, id, &secret("another violet tramway")).await.unwrap();
    assert_eq!(sessions::find(&pool, &[1; 32], HERE).await.unwrap(), None);
    assert!(people::find(&pool, &Scope::All, id).await.unwrap().user.must_change);
}

#[tokio::test]
async fn disabling_a_person_or_locking_their_agent_keeps_them_out() {
    let c = Carrier::new().await;
    people::create_administrator(&c.pool, "ann", "hash").await.unwrap();
    let draft = AgentDraft { name: "North".into(), account: c.acme.to_string(), status: "active".into() };
    let north = agents::create(&c.pool, &actor(), &draft.check().unwrap()).await.unwrap();
    let reseller = role(&c.pool, BuiltInRole::Reseller).await;
    let mut settings = person("nora", reseller, Home::Agent(north));
    let id = settled(&c.pool, &settings).await;
    let open = async || sessions::open(&c.pool, id, [1; 32], HERE, "", Default::default()).await.unwrap();
    let lives = async || sessions::find(&c.pool, &[1; 32], HERE).await.unwrap().is_some();
    open().await;
    assert!(lives().await);

    let locked = AgentDraft { status: "locked".into(), ..draft.clone() }.check().unwrap();
    agents::update(&c.pool, &actor(), north, RowVersion(1), &locked).await.unwrap();
    assert!(!lives().await);
    agents::update(&c.pool, &actor(), north, RowVersion(2), &draft.check().unwrap()).await.unwrap();
    assert!(lives().await);

    settings.enabled = false;
    let version = people::find(&c.pool, &Scope::All, id).await.unwrap().user.version;
    people::update(&c.pool, &actor(), id, version, &settings).await.unwrap();
    settings.enabled = true;
    let version = people::find(&c.pool, &Scope::All, id).await.unwrap().user.version;
    people::update(&c.pool, &actor(), id, version, &settings).await.unwrap();
    assert!(!lives().await, "the session of before has ended for good");
}

#[tokio::test]
async fn an_agent_has_an_account_of_its_own_and_customers_apart_from_it() {
    let c = Carrier::new().await;
    let draft = AgentDraft { name: "North".into(), account: c.acme.to_string(), status: "active".into() };
    let create = async |draft: &AgentDraft| agents::create(&c.pool, &actor(), &draft.check().unwrap()).await;
    let north = create(&draft).await.unwrap();
    let same_account = AgentDraft { name: "South".into(), ..draft.clone() };
    assert_eq!(told(create(&same_account).await, "account"), "another agent has this account");
    assert_eq!(
        told(create(&AgentDraft { account: c.other.to_string(), ..draft.clone() }).await, "name"),
        "this name is taken"
    );
    told(create(&AgentDraft { account: c.vendor.to_string(), ..same_account.clone() }).await, "account");
    told(create(&AgentDraft { account: "999".into(), ..same_account.clone() }).await, "account");

    let mut other = account("Other", "customer", None);
    other.agent = north.to_string();
    let version = accounts::find(&c.pool, &Scope::All, c.other).await.unwrap().version;
    accounts::update(&c.pool, &actor(), c.other, version, &other.check().unwrap()).await.unwrap();
    let found = accounts::find(&c.pool, &Scope::All, c.other).await.unwrap();
    assert_eq!(found.settings.agent, Some(north));
    told(create(&AgentDraft { account: c.other.to_string(), ..same_account }).await, "account");

    let mut own = account("Acme", "customer", Some(c.sell));
    own.agent = north.to_string();
    let refused = accounts::update(&c.pool, &actor(), c.acme, RowVersion(1), &own.check().unwrap()).await;
    assert!(told(refused, "agent").contains("own account of agent \"North\""));
    own.agent = "999".into();
    told(accounts::update(&c.pool, &actor(), c.acme, RowVersion(1), &own.check().unwrap()).await, "agent");

    let row = agents::find(&c.pool, &Scope::All, north).await.unwrap();
    assert_eq!((row.account_name.as_str(), row.customers), ("Acme", 1));
    let refused = agents::remove(&c.pool, &actor(), north, None).await.unwrap_err();
    assert_eq!(refused.to_string(), "agent \"North\" is in use by account \"Other\"");
    let refused = accounts::remove(&c.pool, &actor(), c.acme, None).await.unwrap_err();
    assert!(matches!(refused, StoreError::InUse { .. }), "{refused}");
}
