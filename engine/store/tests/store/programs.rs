//! Programs and their keys, requests sent twice, and saved views.

use std::net::IpAddr;

use domain::{
    ApiTokenDraft, ApiTokenSettings, BuiltInRole, Home, Permission, Permissions, SavedViewDraft, UserSettings,
};
use store::{
    Pool, Scope, StoreError, audit,
    idempotency::{self, Claim},
    people::{self, Access},
    roles, saved_views, tokens,
};

use crate::{
    fixture::{actor, told},
    people::{ann, person, role, settled},
};

fn here() -> IpAddr {
    "203.0.113.9".parse().unwrap()
}

fn settings(name: &str, permissions: &[Permission]) -> ApiTokenSettings {
    let boxes = permissions.iter().map(|p| (domain::RoleDraft::box_name(*p), "on".to_owned())).collect();
    ApiTokenDraft { name: name.into(), boxes, ..Default::default() }.check().unwrap()
}

async fn olaf(pool: &Pool) -> Access {
    let operator = role(pool, BuiltInRole::Operator).await;
    let id = settled(pool, &person("olaf", operator, Home::Administration)).await;
    people::access(pool, id, here()).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_key_does_what_it_was_made_for_as_long_as_its_owner_may() {
    let (pool, _) = ann().await;
    let owner = olaf(&pool).await;
    let wish = settings("Monitor", &[Permission::ViewCdrs, Permission::EndCalls]);
    let made = tokens::create(&pool, &owner, &wish).await.unwrap();
    assert!(made.key.starts_with("tdm_") && made.key.len() == 47);
    let found = tokens::find(&pool, &made.key, here()).await.unwrap().unwrap();
    assert_eq!(found.access.permissions, wish.permissions);
    assert_eq!(found.actor().name, "olaf (token Monitor)");
    assert_eq!((found.access.user, found.access.scope()), (owner.user, Scope::All));

    // The role loses a permission, and so does the key.
    let row = roles::find(&pool, owner.role).await.unwrap();
    let less: Permissions = row.settings.permissions.iter().filter(|p| *p != Permission::EndCalls).collect();
    let changed = domain::RoleSettings { permissions: less, ..row.settings };
    roles::update(&pool, &actor(), owner.role, row.version, &changed, None).await.unwrap();
    let found = tokens::find(&pool, &made.key, here()).await.unwrap().unwrap();
    assert!(found.access.may(Permission::ViewCdrs) && !found.access.may(Permission::EndCalls));

    let user = people::find(&pool, &Scope::All, owner.user).await.unwrap().user;
    let off = UserSettings { enabled: false, ..user.settings };
    people::update(&pool, &actor(), owner.user, user.version, &off).await.unwrap();
    assert_eq!(tokens::find(&pool, &made.key, here()).await.unwrap(), None);
}

#[tokio::test]
async fn a_key_cannot_be_given_more_than_its_owner_has() {
    let (pool, _) = ann().await;
    let owner = olaf(&pool).await;
    told(tokens::create(&pool, &owner, &settings("Costs", &[Permission::ViewCosts])).await, "permissions");
    let wish = settings("Calls", &[Permission::ViewCalls]);
    tokens::create(&pool, &owner, &wish).await.unwrap();
    assert_eq!(told(tokens::create(&pool, &owner, &wish).await, "name"), "this name is taken");
}

#[tokio::test]
async fn a_key_is_taken_until_its_end_from_its_networks_and_until_it_is_revoked() {
    let (pool, ann) = ann().await;
    let owner = olaf(&pool).await;
    let mut wish = settings("Calls", &[Permission::ViewCalls]);
    wish.days = Some(2);
    wish.networks = vec!["203.0.113.0/24".parse().unwrap()];
    let made = tokens::create(&pool, &owner, &wish).await.unwrap();
    let find = async |key: &str, from: &str| tokens::find(&pool, key, from.parse().unwrap()).await.unwrap();
    assert!(find(&made.key, "203.0.113.9").await.is_some());
    assert!(find(&made.key, "198.51.100.9").await.is_none());
    for wrong in ["", "tdm_", "tdm_\0", &made.key[..46], &made.key.to_lowercase(), &"x".repeat(100_000)] {
        assert!(find(wrong, "203.0.113.9").await.is_none());
    }
    let row = tokens::list(&pool, &Scope::All, Some(owner.user)).await.unwrap().remove(0);
    assert_eq!((row.id, row.beginning.as_str()), (made.id, &made.key[..10]));
    assert_eq!(row.last_used_from, Some(here()));
    let stored: String = sqlx::query_scalar("select to_jsonb(t)::text from portal.api_tokens t")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert!(!stored.contains(&made.key[10..]), "the key itself is nowhere");
    assert!(tokens::list(&pool, &Scope::All, Some(ann)).await.unwrap().is_empty());

    let others = tokens::revoke(&pool, &actor(), Some(ann), made.id).await;
    assert!(matches!(others, Err(StoreError::NotFound)));
    sqlx::query("update portal.api_tokens set expires_at = now() - interval '1 second'")
        .execute(&pool)
        .await
        .unwrap();
    assert!(find(&made.key, "203.0.113.9").await.is_none());
    sqlx::query("update portal.api_tokens set expires_at = null").execute(&pool).await.unwrap();
    assert!(find(&made.key, "203.0.113.9").await.is_some());
    tokens::revoke(&pool, &owner.actor(), Some(owner.user), made.id).await.unwrap();
    assert!(find(&made.key, "203.0.113.9").await.is_none());
    assert!(audit::verify(&pool).await.unwrap().holds());
}

#[tokio::test]
async fn a_request_sent_twice_is_done_once_and_answered_the_same() {
    let (pool, _) = ann().await;
    let owner = olaf(&pool).await;
    let token = tokens::create(&pool, &owner, &settings("Calls", &[Permission::ViewCalls])).await.unwrap().id;
    let request = idempotency::fingerprint("POST", "/api/payments", b"{\"amount\":5}");
    let other = idempotency::fingerprint("POST", "/api/payments", b"{\"amount\":6}");
    let claim = async |key: &str, request| idempotency::claim(&pool, token, key, request).await.unwrap();
    assert_eq!(claim("k1", &request).await, Claim::Mine);
    assert_eq!(claim("k1", &request).await, Claim::Busy);
    assert_eq!(claim("k1", &other).await, Claim::Misused);
    idempotency::finish(&pool, token, "k1", 201, b"done").await.unwrap();
    assert_eq!(claim("k1", &request).await, Claim::Done { status: 201, body: b"done".to_vec() });
    assert_eq!(claim("k1", &other).await, Claim::Misused);
    // The first answer stays.
    idempotency::finish(&pool, token, "k1", 500, b"late").await.unwrap();
    assert_eq!(claim("k1", &request).await, Claim::Done { status: 201, body: b"done".to_vec() });

    assert_eq!(claim("k2", &request).await, Claim::Mine);
    idempotency::abandon(&pool, token, "k2").await.unwrap();
    assert_eq!(claim("k2", &request).await, Claim::Mine);
    sqlx::query("update portal.idempotency set claimed_at = now() - interval '6 minutes'")
        .execute(&pool)
        .await
        .unwrap();
    assert_eq!(claim("k2", &request).await, Claim::Mine, "the process that had it died");
    sqlx::query("update portal.idempotency set expires_at = now() - interval '1 second'")
        .execute(&pool)
        .await
        .unwrap();
    assert_eq!(claim("k1", &other).await, Claim::Mine, "a day later the key is new");
    for wrong in ["", "a b", "a\0", "ü", &"x".repeat(256)] {
        told(idempotency::claim(&pool, token, wrong, &request).await, "Idempotency-Key");
    }
}

#[tokio::test]
async fn of_the_same_request_at_the_same_moment_one_is_done() {
    let (pool, _) = ann().await;
    let owner = olaf(&pool).await;
    let token = tokens::create(&pool, &owner, &settings("Calls", &[Permission::ViewCalls])).await.unwrap().id;
    let tries: Vec<_> = (0..12)
        .map(|_| {
            let pool = pool.clone();
            tokio::spawn(async move { idempotency::claim(&pool, token, "k", &[1; 32]).await.unwrap() })
        })
        .collect();
    let mut mine = 0;
    for one in tries {
        mine += usize::from(one.await.unwrap() == Claim::Mine);
    }
    assert_eq!(mine, 1);
}

#[tokio::test]
async fn views_are_kept_by_page_and_name_for_their_owner_alone() {
    let (pool, ann) = ann().await;
    let bob = people::create_administrator(&pool, "bob", "hash").await.unwrap();
    let draft = |page: &str, name: &str, query: &str| SavedViewDraft {
        page: page.into(),
        name: name.into(),
        query: query.into(),
    };
    let id = saved_views::save(&pool, ann, &draft("/cdrs", "Failed", "answered=false")).await.unwrap();
    let again =
        saved_views::save(&pool, ann, &draft("/cdrs", "Failed", "?answered=false&limit=9")).await.unwrap();
    assert_eq!(again, id, "the same name is the same view");
    saved_views::save(&pool, ann, &draft("/business/accounts", "Failed", "")).await.unwrap();
    let views = saved_views::list(&pool, ann, Some("/cdrs")).await.unwrap();
    assert_eq!((views.len(), views[0].query.as_str()), (1, "answered=false&limit=9"));
    assert_eq!(saved_views::list(&pool, ann, None).await.unwrap().len(), 2);
    assert!(saved_views::list(&pool, bob, None).await.unwrap().is_empty());
    assert!(matches!(saved_views::remove(&pool, bob, id).await, Err(StoreError::NotFound)));
    saved_views::remove(&pool, ann, id).await.unwrap();
    told(saved_views::save(&pool, ann, &draft("//evil.example", "x", "")).await, "page");
    sqlx::query(
        "insert into portal.saved_views (user_id, page, name, query) select $1, '/cdrs', 'view ' || n, '' from generate_series(1, 200) n",
    )
    .bind(ann.0)
    .execute(&pool)
    .await
    .unwrap();
    told(saved_views::save(&pool, ann, &draft("/cdrs", "One more", "")).await, "");
    saved_views::save(&pool, ann, &draft("/cdrs", "view 7", "limit=3")).await.unwrap();
}
