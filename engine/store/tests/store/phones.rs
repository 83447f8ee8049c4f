//! Phones with their sealed passwords.

use chrono::{Duration, Utc};
use domain::{AccountId, PhoneDraft, PhoneFilter, PhoneId, PhoneListing, PhoneState};
use store::{Scope, Seal, StoreError, accounts, bindings, phones, registrations, snapshot};

use crate::{
    contacts::binding,
    fixture::{Carrier, actor, refused_at, seal},
};

pub(crate) const PASSWORD: &str = "quiet-Heron-42";

pub(crate) fn phone(number: &str, account: AccountId) -> PhoneDraft {
    PhoneDraft {
        number: number.into(),
        account: account.to_string(),
        password: PASSWORD.into(),
        enabled: "on".into(),
        ..Default::default()
    }
}

pub(crate) async fn create(c: &Carrier, draft: &PhoneDraft) -> Result<PhoneId, StoreError> {
    phones::create(&c.pool, &Scope::All, &actor(), &seal(), &draft.check().unwrap()).await
}

#[tokio::test]
async fn a_full_phone_is_read_as_it_was_written_and_its_password_is_sealed() {
    let c = Carrier::new().await;
    let draft = PhoneDraft {
        display_name: "Réception".into(),
        max_calls: "2".into(),
        max_contacts: "3".into(),
        forward_busy: format!("gateway:{}", c.vendor_trunk),
        forward_offline: "14155550100".into(),
        do_not_disturb: "on".into(),
        caller_ids: "14155550100".into(),
        allowed_networks: "192.0.2.9, 2001:db8::/32".into(),
        overrides: [("SS_ENDPOINT_EXPIRE".to_owned(), "600".to_owned())].into(),
        ..phone("1001", c.acme)
    };
    let id = create(&c, &draft).await.unwrap();
    let fixed =
        PhoneDraft { address: "[2001:db8::7]:5070".into(), password: String::new(), ..phone("1002", c.acme) };
    let fixed_id = create(&c, &fixed).await.unwrap();
    let read = phones::find(&c.pool, &Scope::All, id).await.unwrap();
    assert_eq!((read.settings, read.has_password), (draft.check().unwrap().settings, true));
    let read = phones::find(&c.pool, &Scope::All, fixed_id).await.unwrap();
    assert_eq!((read.settings, read.has_password), (fixed.check().unwrap().settings, false));

    let picture = snapshot::load_with(&c.pool, &seal()).await.unwrap();
    assert_eq!((picture.phones.len(), picture.phone_keys.len()), (2, 1));
    let keys = &picture.phone_keys[&id];
    // md5 and sha256 of 1001:tandem:quiet-Heron-42.
    assert_eq!((keys.md5.len(), keys.sha256.len()), (32, 64));
    assert!(snapshot::load(&c.pool).await.unwrap().phone_keys.is_empty());
    let stranger = snapshot::load_with(&c.pool, &Seal::new(&[4; 32])).await.unwrap();
    assert_eq!(
        (stranger.phones.len(), stranger.phone_keys.len()),
        (2, 0),
        "another key opens nothing and stops nothing"
    );
    let everything: String =
        sqlx::query_scalar("select (select string_agg(p::text, ' ') from sip.phones p) || (select string_agg(a::text, ' ') from portal.audit_log a)")
            .fetch_one(&c.pool)
            .await
            .unwrap();
    for secret in [PASSWORD, &keys.md5, &keys.sha256] {
        assert!(!everything.contains(secret));
    }
}

#[tokio::test]
async fn changes_are_checked_counted_and_versioned() {
    let c = Carrier::new().await;
    let id = create(&c, &phone("1001", c.acme)).await.unwrap();
    for (field, draft) in [
        ("number", phone("1001", c.other)),
        ("account", phone("1002", AccountId(999))),
        ("account", phone("1002", c.vendor)),
        ("password", PhoneDraft { password: String::new(), ..phone("1002", c.acme) }),
        ("forward_always", PhoneDraft { forward_always: "gateway:999".into(), ..phone("1002", c.acme) }),
    ] {
        assert_eq!(refused_at(create(&c, &draft).await), field);
    }
    create(&c, &PhoneDraft { address: "192.0.2.60".into(), ..phone("1003", c.acme) }).await.unwrap();
    let again = PhoneDraft { address: "192.0.2.60:5060".into(), ..phone("1004", c.acme) };
    assert_eq!(refused_at(create(&c, &again).await), "address");

    let before = snapshot::load_with(&c.pool, &seal()).await.unwrap();
    let read = phones::find(&c.pool, &Scope::All, id).await.unwrap();
    let change = |draft: PhoneDraft, version| {
        let (pool, checked) = (c.pool.clone(), draft.check().unwrap());
        async move { phones::update(&pool, &Scope::All, &actor(), &seal(), id, version, &checked).await }
    };
    let kept = PhoneDraft { password: String::new(), max_calls: "5".into(), ..phone("1001", c.acme) };
    change(kept.clone(), read.version).await.unwrap();
    assert!(matches!(change(kept.clone(), read.version).await, Err(StoreError::Conflict { .. })));
    let after = snapshot::load_with(&c.pool, &seal()).await.unwrap();
    assert_eq!(after.phone_keys, before.phone_keys, "without a new password the old one stays");
    assert!(after.version > before.version);
    let version = phones::find(&c.pool, &Scope::All, id).await.unwrap().version;
    let renamed = PhoneDraft { password: String::new(), ..phone("1009", c.acme) };
    assert_eq!(refused_at(change(renamed, version).await), "password", "hashes are bound to the number");
    change(phone("1009", c.acme), version).await.unwrap();
    assert!(matches!(accounts::remove(&c.pool, &actor(), c.acme, None).await, Err(StoreError::InUse { .. })));
    phones::remove(&c.pool, &Scope::All, &actor(), id, None).await.unwrap();
    assert!(matches!(phones::find(&c.pool, &Scope::All, id).await, Err(StoreError::NotFound)));
}

#[tokio::test]
async fn an_account_sees_and_changes_its_own_phones_alone() {
    let c = Carrier::new().await;
    let own = create(&c, &phone("1001", c.acme)).await.unwrap();
    let foreign = create(&c, &phone("1002", c.other)).await.unwrap();
    let scope = Scope::Account(c.acme);
    let listed = phones::list(&c.pool, &scope, &PhoneFilter::default()).await.unwrap();
    assert_eq!(listed.rows.iter().map(|listing| listing.row.phone.id).collect::<Vec<_>>(), [own]);
    assert!(matches!(phones::find(&c.pool, &scope, foreign).await, Err(StoreError::NotFound)));
    assert!(matches!(
        phones::remove(&c.pool, &scope, &actor(), foreign, None).await,
        Err(StoreError::NotFound)
    ));
    let version = phones::find(&c.pool, &Scope::All, foreign).await.unwrap().version;
    let mine = phone("1002", c.acme).check().unwrap();
    let stolen = phones::update(&c.pool, &scope, &actor(), &seal(), foreign, version, &mine).await;
    assert!(matches!(stolen, Err(StoreError::NotFound)));
    let given = phone("1005", c.other).check().unwrap();
    assert_eq!(refused_at(phones::create(&c.pool, &scope, &actor(), &seal(), &given).await), "account");
    let vendor =
        PhoneDraft { forward_always: format!("gateway:{}", c.vendor_trunk), ..phone("1006", c.acme) };
    let probed = phones::create(&c.pool, &scope, &actor(), &seal(), &vendor.check().unwrap()).await;
    assert_eq!(refused_at(probed), "forward_always");
    assert!(registrations::list(&c.pool, &scope).await.unwrap().is_empty());
}

#[tokio::test]
async fn lists_page_by_number_and_search_number_and_name() {
    let c = Carrier::new().await;
    for number in ["10", "100", "1001", "2", "200"] {
        create(&c, &PhoneDraft { display_name: format!("Desk {number}"), ..phone(number, c.acme) })
            .await
            .unwrap();
    }
    let numbers = async |search: &str, after: Option<&str>| {
        let filter = PhoneFilter {
            search: search.into(),
            after: after.map(str::to_owned),
            limit: 2,
            ..Default::default()
        };
        let page = phones::list(&c.pool, &Scope::All, &filter).await.unwrap();
        (page.rows.iter().map(number_of).collect::<Vec<_>>(), page.more)
    };
    assert_eq!(numbers("", None).await, (vec!["10".to_owned(), "100".to_owned()], true));
    assert_eq!(numbers("", Some("100")).await, (vec!["1001".to_owned(), "2".to_owned()], true));
    assert_eq!(numbers("", Some("2")).await, (vec!["200".to_owned()], false));
    assert_eq!(numbers("desk 20", None).await, (vec!["200".to_owned()], false));
    let hostile = PhoneFilter { search: "a\0".into(), ..Default::default() };
    assert!(phones::list(&c.pool, &Scope::All, &hostile).await.is_err());
}

fn number_of(listing: &PhoneListing) -> String {
    listing.row.phone.settings.number.to_string()
}

#[tokio::test]
async fn lists_are_narrowed_by_account_and_by_where_phones_stand() {
    let c = Carrier::new().await;
    let online = create(&c, &phone("1001", c.acme)).await.unwrap();
    create(&c, &phone("1002", c.acme)).await.unwrap();
    create(&c, &PhoneDraft { address: "192.0.2.60".into(), ..phone("1003", c.acme) }).await.unwrap();
    let off = create(&c, &PhoneDraft { enabled: String::new(), ..phone("1004", c.other) }).await.unwrap();
    let now = Utc::now();
    let held = |phone| {
        vec![binding(phone, 1, now + Duration::hours(1)), binding(phone, 2, now - Duration::hours(1))]
    };
    bindings::save_batch(&c.pool, &[(online, held(online)), (off, held(off))]).await.unwrap();
    let found = async |account: Option<AccountId>, state: Option<PhoneState>| {
        let filter = PhoneFilter { account, state, ..Default::default() };
        let page = phones::list(&c.pool, &Scope::All, &filter).await.unwrap();
        for listing in &page.rows {
            assert!(state.is_none_or(|state| listing.state() == state), "{listing:?}");
        }
        page.rows.iter().map(number_of).collect::<Vec<_>>()
    };
    assert_eq!(found(None, Some(PhoneState::Online)).await, ["1001"]);
    assert_eq!(found(None, Some(PhoneState::Offline)).await, ["1002"]);
    assert_eq!(found(None, Some(PhoneState::Fixed)).await, ["1003"]);
    assert_eq!(found(None, Some(PhoneState::Disabled)).await, ["1004"]);
    assert_eq!(found(Some(c.other), None).await, ["1004"]);
    assert!(found(Some(c.other), Some(PhoneState::Online)).await.is_empty());

    let shown = phones::show(&c.pool, &Scope::All, online).await.unwrap();
    assert_eq!(shown.contacts.len(), 1, "what has run out is not shown");
    assert_eq!(shown.contacts[0].contact, "sip:a1@192.0.2.10:5060");
    let foreign = phones::show(&c.pool, &Scope::Account(c.other), online).await;
    assert!(matches!(foreign, Err(StoreError::NotFound)));
}
