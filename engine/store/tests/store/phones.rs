//! Phones with their sealed passwords, their contacts, and registrations of ours.

use chrono::{DateTime, Duration, Utc};
use domain::{
    AccountId, MappingGatewayDraft, PhoneDraft, PhoneFilter, PhoneId, PhoneListing, PhoneState,
    RegistrationDraft, RoutingGatewayDraft, StoredBinding,
};
use store::{
    Scope, Seal, StoreError, accounts, bindings, mapping_gateways, phones,
    presence::{self, Breadth},
    registrations, routing_gateways, snapshot,
};

use crate::fixture::{Carrier, actor};

const PASSWORD: &str = "quiet-Heron-42";

fn seal() -> Seal {
    Seal::new(&[3; 32])
}

fn phone(number: &str, account: AccountId) -> PhoneDraft {
    PhoneDraft {
        number: number.into(),
        account: account.to_string(),
        password: PASSWORD.into(),
        enabled: "on".into(),
        ..Default::default()
    }
}

async fn create(c: &Carrier, draft: &PhoneDraft) -> Result<PhoneId, StoreError> {
    phones::create(&c.pool, &Scope::All, &actor(), &seal(), &draft.check().unwrap()).await
}

fn refused_at(result: Result<impl Sized, StoreError>) -> String {
    match result.err().expect("it is refused") {
        StoreError::Invalid(invalid) => invalid.0[0].field.clone(),
        other => panic!("{other:?}"),
    }
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

fn binding(phone: PhoneId, n: u32, expires: DateTime<Utc>) -> StoredBinding {
    StoredBinding {
        phone,
        contact: format!("sip:a{n}@192.0.2.10:5060"),
        call_id: "c".into(),
        cseq: u32::MAX,
        q: 500,
        expires,
        refreshed: expires - Duration::seconds(300),
        transport: "UDP".into(),
        local: "[2001:db8::1]:5060".parse().unwrap(),
        remote: "192.0.2.10:65535".parse().unwrap(),
        nat: n == 1,
        path: (0..n).map(|hop| format!("<sip:{hop};lr>")).collect(),
        user_agent: (n == 1).then(|| "Desk \"1\"".into()),
        instance: (n == 1).then(|| "<urn:uuid:1>".into()),
        reg_id: (n == 1).then_some(7),
    }
}

#[tokio::test]
async fn contacts_come_back_as_written_the_latest_in_place_of_the_earlier() {
    let c = Carrier::new().await;
    let (one, two) = (
        create(&c, &phone("1001", c.acme)).await.unwrap(),
        create(&c, &phone("1002", c.acme)).await.unwrap(),
    );
    let now: DateTime<Utc> = "2026-03-01T12:00:00Z".parse().unwrap();
    let soon = now + Duration::seconds(60);
    let both = vec![binding(one, 0, soon), binding(one, 1, soon), binding(one, 2, soon)];
    let gone = PhoneId(999);
    let batch =
        [(one, both.clone()), (two, vec![binding(two, 1, now)]), (gone, vec![binding(gone, 1, soon)])];
    let version = snapshot::version(&c.pool).await.unwrap();
    bindings::save_batch(&c.pool, &batch).await.unwrap();
    assert_eq!(bindings::load(&c.pool, now).await.unwrap(), both, "what has run out stays away");
    assert_eq!(snapshot::version(&c.pool).await.unwrap(), version, "no configuration has changed");
    bindings::save_batch(&c.pool, &[(one, vec![binding(one, 1, soon)])]).await.unwrap();
    assert_eq!(bindings::load(&c.pool, now).await.unwrap(), [binding(one, 1, soon)]);
    bindings::save_batch(&c.pool, &[(one, vec![])]).await.unwrap();
    assert!(bindings::load(&c.pool, now).await.unwrap().is_empty());
    assert_eq!(bindings::prune(&c.pool, now).await.unwrap(), 1);
    bindings::save_batch(&c.pool, &[]).await.unwrap();
    bindings::save_batch(
        &c.pool,
        &[(one, vec![StoredBinding { contact: "sip:\0@h".into(), ..binding(one, 0, soon) }])],
    )
    .await
    .unwrap();
    phones::remove(&c.pool, &Scope::All, &actor(), one, None).await.unwrap();
    assert!(bindings::load(&c.pool, now).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_registration_of_ours_keeps_its_password_sealed_and_exact() {
    let c = Carrier::new().await;
    let draft = RegistrationDraft {
        name: "Carrier".into(),
        server: "sip.example.com:5070".into(),
        proxy: "198.51.100.9".into(),
        user: "+441234".into(),
        auth_user: "trunk".into(),
        password: "p ä\"ss".into(),
        contact: "pbx.example.com:5062".into(),
        period: "300".into(),
        transport: "tcp".into(),
        enabled: "on".into(),
    };
    let id = registrations::create(&c.pool, &actor(), &seal(), &draft.check().unwrap()).await.unwrap();
    let twice = registrations::create(&c.pool, &actor(), &seal(), &draft.check().unwrap()).await;
    assert_eq!(refused_at(twice), "name");
    let read = registrations::find(&c.pool, &Scope::All, id).await.unwrap();
    assert_eq!((&read.settings, read.has_password), (&draft.check().unwrap().settings, true));
    let picture = snapshot::load_with(&c.pool, &seal()).await.unwrap();
    assert_eq!(picture.registration_passwords[&id].expose(), "p ä\"ss");
    let kept = RegistrationDraft { password: String::new(), proxy: String::new(), ..draft };
    registrations::update(&c.pool, &actor(), &seal(), id, read.version, &kept.check().unwrap())
        .await
        .unwrap();
    let stale =
        registrations::update(&c.pool, &actor(), &seal(), id, read.version, &kept.check().unwrap()).await;
    assert!(matches!(stale, Err(StoreError::Conflict { .. })));
    let again = snapshot::load_with(&c.pool, &seal()).await.unwrap();
    assert!(
        again.version > picture.version && again.registration_passwords == picture.registration_passwords
    );
    registrations::remove(&c.pool, &actor(), id, None).await.unwrap();
    assert!(registrations::list(&c.pool, &Scope::All).await.unwrap().is_empty());
}

#[tokio::test]
async fn phones_and_registrations_of_a_document_are_made_once_and_exported_without_passwords() {
    use store::document::{ChangeKind, Document, apply, apply_with, export};
    let c = Carrier::new().await;
    let text = r#"
[[phone]]
number = "1001"
account = "Acme"
password = "quiet-Heron-42"
display_name = "Reception"
forward_busy = "1002"
forward_offline = "gateway:Vendor trunk"
caller_ids = ["14155550100", "14155550101"]
parameters = { SS_ENDPOINT_EXPIRE = 600 }

[[registration]]
name = "Carrier"
server = "sip.example.com"
user = "441234"
password = "given to us"
period = 300
"#;
    let document = Document::parse(text).unwrap();
    let refused = apply(&c.pool, &actor(), &document, false).await.unwrap_err().to_string();
    assert_eq!(refused.lines().count(), 2, "{refused}");
    assert!(refused.lines().all(|line| line.contains("password: ")), "{refused}");
    let made = async |expected: ChangeKind| {
        let changes = apply_with(&c.pool, Some(&seal()), &actor(), &document, false).await.unwrap();
        assert!(changes.iter().all(|change| change.kind == expected), "{changes:?}");
        assert!(!format!("{changes:?}").contains("Heron") && !format!("{changes:?}").contains("given"));
    };
    made(ChangeKind::Created).await;
    made(ChangeKind::Unchanged).await;
    let before = snapshot::load_with(&c.pool, &seal()).await.unwrap();
    assert_eq!((before.phone_keys.len(), before.registration_passwords.len()), (1, 1));
    let exported = export(&c.pool).await.unwrap();
    assert!(
        exported.contains("forward_offline = \"gateway:Vendor trunk\"") && !exported.contains("password"),
        "{exported}"
    );
    let again = apply(&c.pool, &actor(), &Document::parse(&exported).unwrap(), false).await.unwrap();
    assert!(again.iter().all(|change| change.kind == ChangeKind::Unchanged), "{again:?}");
    let other = text.replace("Heron", "Egret").replace("1002", "1003");
    let changes =
        apply_with(&c.pool, Some(&seal()), &actor(), &Document::parse(&other).unwrap(), false).await.unwrap();
    let fields: Vec<_> = changes[0].fields.iter().map(|(field, ..)| field.as_str()).collect();
    assert_eq!(fields, ["forward_busy", "password"]);
    let after = snapshot::load_with(&c.pool, &seal()).await.unwrap();
    assert_ne!(after.phone_keys, before.phone_keys);
    let wrong = other.replace("gateway:Vendor trunk", "gateway:Nobody");
    let refused = apply_with(&c.pool, Some(&seal()), &actor(), &Document::parse(&wrong).unwrap(), false)
        .await
        .unwrap_err();
    assert!(refused.to_string().contains("forward_offline: there is no routing gateway"), "{refused}");
}

#[tokio::test]
async fn who_is_online_is_counted_by_place_and_by_hour() {
    let c = Carrier::new().await;
    let now = Utc::now();
    let mut held = Vec::new();
    for (n, account, enabled) in [(1, c.acme, "on"), (2, c.acme, "on"), (3, c.other, "on"), (4, c.other, "")]
    {
        let draft = PhoneDraft { enabled: enabled.into(), ..phone(&format!("100{n}"), account) };
        let id = create(&c, &draft).await.unwrap();
        let at = |remote: &str, n| StoredBinding {
            remote: remote.parse().unwrap(),
            ..binding(id, n, now + Duration::hours(1))
        };
        held.push((id, vec![at(&format!("192.0.2.{n}:5060"), 1), at("[2001:db8::1]:5060", 2)]));
    }
    create(&c, &phone("1005", c.acme)).await.unwrap();
    create(&c, &PhoneDraft { address: "192.0.2.60".into(), ..phone("1006", c.acme) }).await.unwrap();
    bindings::save_batch(&c.pool, &held).await.unwrap();

    let all = presence::counts(&c.pool, &Scope::All).await.unwrap();
    assert_eq!((all.phones, all.online, all.contacts, all.fixed, all.disabled), (4, 3, 6, 1, 1));
    let own = presence::counts(&c.pool, &Scope::Account(c.acme)).await.unwrap();
    assert_eq!((own.phones, own.online, own.contacts, own.fixed, own.disabled), (3, 2, 4, 1, 0));

    let places = async |scope: Scope, breadth: Breadth| {
        let found = presence::origins(&c.pool, &scope, breadth, 10).await.unwrap();
        found.iter().map(|o| (o.network.to_string(), o.contacts, o.phones, o.addresses)).collect::<Vec<_>>()
    };
    let line = |network: &str, contacts, phones, addresses| (network.to_owned(), contacts, phones, addresses);
    let by_network = places(Scope::All, Breadth::Network).await;
    assert_eq!(by_network, [line("192.0.2.0/24", 3, 3, 3), line("2001:db8::/64", 3, 3, 1)]);
    let by_address = places(Scope::Account(c.other), Breadth::Address).await;
    assert_eq!(by_address, [line("192.0.2.3/32", 1, 1, 1), line("2001:db8::1/128", 1, 1, 1)]);

    presence::sample(&c.pool, now).await.unwrap();
    bindings::save_batch(&c.pool, &[(held[0].0, Vec::new())]).await.unwrap();
    presence::sample(&c.pool, now).await.unwrap();
    let hours = presence::hours(&c.pool, &Scope::All, now - Duration::hours(2)).await.unwrap();
    assert_eq!(hours.len(), 1);
    assert_eq!((hours[0].online, hours[0].least, hours[0].most), (2, 2, 3));
    assert!(presence::hours(&c.pool, &Scope::Account(c.acme), now).await.unwrap().is_empty());
    assert_eq!(presence::prune(&c.pool, now + Duration::days(100)).await.unwrap(), 0);
    assert_eq!(presence::prune(&c.pool, now + Duration::days(200)).await.unwrap(), 1);
}

#[tokio::test]
async fn a_gateway_with_a_user_keeps_its_password_sealed_and_its_user_to_itself() {
    let c = Carrier::new().await;
    let by_password = |user: &str| MappingGatewayDraft {
        name: format!("Gateway {user}"),
        account: c.acme.to_string(),
        user: user.into(),
        password: PASSWORD.into(),
        enabled: "on".into(),
        ..Default::default()
    };
    let create = async |draft: &MappingGatewayDraft| {
        let (settings, password) = (draft.check().unwrap(), draft.new_password());
        mapping_gateways::create_with(&c.pool, &actor(), &seal(), &settings, password.as_ref()).await
    };
    let id = create(&by_password("acme")).await.unwrap();
    let again = MappingGatewayDraft { name: "Another".into(), ..by_password("acme") };
    assert_eq!(refused_at(create(&again).await), "user");
    let without = MappingGatewayDraft { password: String::new(), ..by_password("zeta") };
    assert_eq!(refused_at(create(&without).await), "password");
    // Credentials name a phone or a gateway, never both.
    self::create(&c, &phone("1001", c.acme)).await.unwrap();
    assert_eq!(refused_at(create(&by_password("1001")).await), "user");
    create(&by_password("1002")).await.unwrap();
    assert_eq!(refused_at(self::create(&c, &phone("1002", c.acme)).await), "number");

    let picture = snapshot::load_with(&c.pool, &seal()).await.unwrap();
    let keys = picture.mapping_gateway_keys[&id].clone();
    assert_eq!((keys.md5.len(), keys.sha256.len()), (32, 64));
    assert!(snapshot::load(&c.pool).await.unwrap().mapping_gateway_keys.is_empty());
    assert!(
        snapshot::load_with(&c.pool, &Seal::new(&[4; 32])).await.unwrap().mapping_gateway_keys.is_empty()
    );

    let update = async |draft: &MappingGatewayDraft| {
        let version = mapping_gateways::find(&c.pool, &Scope::All, id).await.unwrap().version;
        let (settings, password) = (draft.check().unwrap(), draft.new_password());
        let (by, seal) = (actor(), seal());
        mapping_gateways::update_with(&c.pool, &by, &seal, id, version, &settings, password.as_ref()).await
    };
    let kept = MappingGatewayDraft { password: String::new(), max_calls: "5".into(), ..by_password("acme") };
    update(&kept).await.unwrap();
    let after = snapshot::load_with(&c.pool, &seal()).await.unwrap();
    assert_eq!(after.mapping_gateway_keys[&id], keys);
    let renamed =
        MappingGatewayDraft { password: String::new(), user: "other".into(), ..by_password("acme") };
    assert_eq!(refused_at(update(&renamed).await), "password");
    let by_address = MappingGatewayDraft { sources: "192.0.2.99".into(), user: String::new(), ..renamed };
    update(&by_address).await.unwrap();
    assert!(!mapping_gateways::has_password(&c.pool, &Scope::All, id).await.unwrap());
    let everything: String = sqlx::query_scalar("select string_agg(a::text, ' ') from portal.audit_log a")
        .fetch_one(&c.pool)
        .await
        .unwrap();
    assert!(!everything.contains(PASSWORD) && !everything.contains(&*keys.md5));
}

#[tokio::test]
async fn what_a_vendor_asks_of_us_is_sealed_too_and_goes_with_the_user() {
    let c = Carrier::new().await;
    let draft = RoutingGatewayDraft {
        name: "Asks".into(),
        account: c.vendor.to_string(),
        address: "198.51.100.77".into(),
        prefix_mode: "extension".into(),
        priority: "10".into(),
        user: "us".into(),
        password: "x".into(),
        ..Default::default()
    };
    let (settings, password) = (draft.check().unwrap(), draft.new_password());
    assert_eq!(
        refused_at(routing_gateways::create_with(&c.pool, &actor(), &seal(), &settings, None).await),
        "password"
    );
    let id = routing_gateways::create_with(&c.pool, &actor(), &seal(), &settings, password.as_ref())
        .await
        .unwrap();
    let picture = snapshot::load_with(&c.pool, &seal()).await.unwrap();
    assert_eq!(picture.routing_gateway_passwords[&id].expose(), "x");
    let gateway = routing_gateways::find(&c.pool, &Scope::All, id).await.unwrap();
    assert_eq!(gateway.settings, settings);
    routing_gateways::update(&c.pool, &actor(), id, gateway.version, &settings).await.unwrap();
    assert!(routing_gateways::has_password(&c.pool, &Scope::All, id).await.unwrap());
    let plain =
        RoutingGatewayDraft { user: String::new(), password: String::new(), ..draft }.check().unwrap();
    let version = routing_gateways::find(&c.pool, &Scope::All, id).await.unwrap().version;
    routing_gateways::update_with(&c.pool, &actor(), &seal(), id, version, &plain, None).await.unwrap();
    assert!(snapshot::load_with(&c.pool, &seal()).await.unwrap().routing_gateway_passwords.is_empty());
}

#[tokio::test]
async fn a_document_sets_a_gateways_password_once_and_exports_none() {
    use store::document::{ChangeKind, Document, apply_with, export};
    let c = Carrier::new().await;
    let text = "[[mapping_gateway]]\nname = \"Roaming\"\naccount = \"Acme\"\nuser = \"roaming\"\npassword = \"quiet-Heron-42\"\n\
        sources = []\n\n[[routing_gateway]]\nname = \"Asks\"\naccount = \"Vendor\"\naddress = \"198.51.100.77:5060\"\n\
        prefixes = [\"999\"]\nuser = \"us\"\npassword = \"secret!\"\n";
    let document = Document::parse(text).unwrap();
    let made = async |expected: ChangeKind| {
        let changes = apply_with(&c.pool, Some(&seal()), &actor(), &document, false).await.unwrap();
        assert!(changes.iter().all(|change| change.kind == expected), "{changes:?}");
        assert!(!format!("{changes:?}").contains("Heron") && !format!("{changes:?}").contains("secret!"));
    };
    made(ChangeKind::Created).await;
    let picture = snapshot::load_with(&c.pool, &seal()).await.unwrap();
    assert_eq!((picture.mapping_gateway_keys.len(), picture.routing_gateway_passwords.len()), (1, 1));
    made(ChangeKind::Unchanged).await;
    let exported = export(&c.pool).await.unwrap();
    assert!(exported.contains("user = \"roaming\"") && exported.contains("user = \"us\""));
    assert!(!exported.contains("password"), "{exported}");
}
