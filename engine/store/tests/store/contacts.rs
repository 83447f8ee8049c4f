//! Where phones stand: their contacts, and who is online.

use chrono::{DateTime, Duration, Utc};
use domain::{PhoneDraft, PhoneId, StoredBinding};
use store::{
    Scope, bindings, phones,
    presence::{self, Breadth},
    snapshot,
};

use crate::{
    fixture::{Carrier, actor},
    phones::{create, phone},
};

pub(crate) fn binding(phone: PhoneId, n: u32, expires: DateTime<Utc>) -> StoredBinding {
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
