//! Receivers of events, what is on its way to them, and suspensions that outlive a restart.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use domain::{
    DeliveryState, EventKind, Happened, Happening, PhoneId, SuspendedParty, SuspensionCause, SuspensionView,
    WebhookDraft, WebhookId,
};
use store::{
    Pool, Scope, Seal, StoreError, suspensions,
    webhooks::{self, DeliveryFilter, Outcome},
};

use crate::fixture::actor;

fn seal() -> Seal {
    Seal::new(&[9; 32])
}

fn draft(name: &str, kinds: &[EventKind]) -> WebhookDraft {
    let mut draft = WebhookDraft {
        name: name.into(),
        url: format!("https://{name}.example/events"),
        secret: "0123456789abcdef".into(),
        enabled: "on".into(),
        ..Default::default()
    };
    draft.tick(kinds.iter().copied());
    draft
}

async fn made(pool: &Pool, name: &str, kinds: &[EventKind]) -> WebhookId {
    webhooks::create(pool, &actor(), &seal(), &draft(name, kinds).check().unwrap()).await.unwrap()
}

fn phone(online: bool) -> Happening {
    Happening {
        at: Utc::now(),
        what: Happened::Phone { phone: PhoneId(7), number: "1001".parse().unwrap(), online },
    }
}

fn newest(limit: u32) -> DeliveryFilter {
    DeliveryFilter { limit, ..Default::default() }
}

#[tokio::test]
async fn a_receiver_has_a_life_and_its_secret_is_sealed() {
    let pool = store::testing::database().await.pool;
    let mut without = draft("crm", &[EventKind::PhoneOnline]);
    without.secret.clear();
    let refused = webhooks::create(&pool, &actor(), &seal(), &without.check().unwrap()).await;
    assert!(
        matches!(refused, Err(StoreError::Invalid(invalid)) if invalid.by_field().contains_key("secret"))
    );
    let id = made(&pool, "crm", &[EventKind::PhoneOnline]).await;
    let again = draft("CRM", &[EventKind::PhoneOnline]).check().unwrap();
    let taken = webhooks::create(&pool, &actor(), &seal(), &again).await;
    assert!(matches!(taken, Err(StoreError::Invalid(invalid)) if invalid.by_field().contains_key("name")));
    let stored = webhooks::find(&pool, &Scope::All, id).await.unwrap();
    assert_eq!(stored.settings.events, [EventKind::PhoneOnline]);

    let mut other = draft("crm", &[EventKind::GatewayOffline]);
    other.secret.clear();
    let checked = other.check().unwrap();
    webhooks::update(&pool, &actor(), &seal(), id, stored.version, &checked).await.unwrap();
    let stale = webhooks::update(&pool, &actor(), &seal(), id, stored.version, &checked).await;
    assert!(matches!(stale, Err(StoreError::Conflict { .. })));
    webhooks::send_test(&pool, &actor(), id).await.unwrap();
    let due = webhooks::claim(&pool, &seal(), &[], 10).await.unwrap();
    assert_eq!(due[0].secret.as_ref().unwrap().expose(), "0123456789abcdef", "it has kept its secret");
    assert!(webhooks::claim(&pool, &Seal::new(&[1; 32]), &[], 10).await.unwrap().is_empty(), "claimed once");

    assert!(webhooks::list(&pool, &Scope::Account(domain::AccountId(1))).await.unwrap().is_empty());
    webhooks::remove(&pool, &actor(), id, None).await.unwrap();
    assert!(matches!(webhooks::find(&pool, &Scope::All, id).await, Err(StoreError::NotFound)));
}

#[tokio::test]
async fn an_event_goes_to_those_who_chose_it_under_one_id() {
    let pool = store::testing::database().await.pool;
    let (both, one) = (
        made(&pool, "both", &[EventKind::PhoneOnline, EventKind::PhoneOffline]).await,
        made(&pool, "one", &[EventKind::PhoneOffline]).await,
    );
    assert_eq!(webhooks::enqueue(&pool, &[phone(true), phone(false)]).await.unwrap(), 0);
    let all = webhooks::deliveries(&pool, &Scope::All, both, newest(10)).await.unwrap().rows;
    let few = webhooks::deliveries(&pool, &Scope::All, one, newest(10)).await.unwrap().rows;
    assert_eq!(
        all.iter().map(|d| d.kind).collect::<Vec<_>>(),
        [EventKind::PhoneOffline, EventKind::PhoneOnline]
    );
    assert_eq!((few.len(), few[0].event), (1, all[0].event));
    let body: serde_json::Value = serde_json::from_str(&few[0].body).unwrap();
    assert_eq!((&body["type"], &body["data"]["number"]), (&"phone.offline".into(), &"1001".into()));
    assert_eq!(body["id"], few[0].event.to_string());
    let page = webhooks::deliveries(&pool, &Scope::All, both, newest(1)).await.unwrap();
    assert!(page.more);
    let before = DeliveryFilter { before: Some(page.rows[0].id), ..newest(1) };
    assert_eq!(
        webhooks::deliveries(&pool, &Scope::All, both, before).await.unwrap().rows[0].kind,
        EventKind::PhoneOnline
    );
}

#[tokio::test]
async fn a_delivery_is_tried_again_given_up_and_sent_once_more() {
    let pool = store::testing::database().await.pool;
    let id = made(&pool, "crm", &[EventKind::PhoneOnline]).await;
    webhooks::enqueue(&pool, &[phone(true)]).await.unwrap();
    let due = webhooks::claim(&pool, &seal(), &[], 10).await.unwrap().remove(0);
    assert_eq!(due.attempt, 1);
    let mut outcome = Outcome {
        status: Some(500),
        error: Some("it answered 500".into()),
        took: Duration::from_millis(12),
        again_in: Some(Duration::ZERO),
    };
    webhooks::settle(&pool, &due, &outcome).await.unwrap();
    let again = webhooks::claim(&pool, &seal(), &[], 10).await.unwrap().remove(0);
    assert_eq!((again.id, again.attempt), (due.id, 2));
    // What became of the first try comes too late to count.
    webhooks::settle(&pool, &due, &Outcome { error: None, ..outcome.clone() }).await.unwrap();
    outcome.again_in = None;
    webhooks::settle(&pool, &again, &outcome).await.unwrap();
    let shown = webhooks::deliveries(&pool, &Scope::All, id, newest(1)).await.unwrap().rows.remove(0);
    assert_eq!((shown.state, shown.attempts, shown.last_status), (DeliveryState::Failed, 2, Some(500)));
    assert_eq!((shown.last_error.as_deref(), shown.last_took_ms), (Some("it answered 500"), Some(12)));
    assert_eq!(webhooks::list(&pool, &Scope::All).await.unwrap()[0].failed, 1);

    webhooks::resend(&pool, &actor(), id, due.id).await.unwrap();
    let once_more = webhooks::claim(&pool, &seal(), &[], 10).await.unwrap().remove(0);
    assert_eq!(once_more.attempt, 1);
    webhooks::settle(&pool, &once_more, &Outcome { status: Some(204), error: None, ..outcome })
        .await
        .unwrap();
    let row = webhooks::list(&pool, &Scope::All).await.unwrap().remove(0);
    assert!(row.last_delivered.is_some() && row.waiting == 0 && row.failed == 0);
    let other = made(&pool, "other", &[EventKind::PhoneOnline]).await;
    let foreign = webhooks::resend(&pool, &actor(), other, due.id).await;
    assert!(matches!(foreign, Err(StoreError::NotFound)));
    assert_eq!(webhooks::prune(&pool, Utc::now() + TimeDelta::days(15)).await.unwrap(), 1);
}

#[tokio::test]
async fn one_receiver_neither_fills_the_table_nor_keeps_others_waiting() {
    let pool = store::testing::database().await.pool;
    let slow = made(&pool, "slow", &[EventKind::PhoneOnline]).await;
    let many: Vec<_> = (0..40).map(|_| phone(true)).collect();
    webhooks::enqueue(&pool, &many).await.unwrap();
    let other = made(&pool, "other", &[EventKind::PhoneOnline]).await;
    webhooks::enqueue(&pool, &[phone(true)]).await.unwrap();
    let seal = seal();
    let (first, second) =
        tokio::join!(webhooks::claim(&pool, &seal, &[], 16), webhooks::claim(&pool, &seal, &[], 16));
    let claimed: Vec<_> = first.unwrap().into_iter().chain(second.unwrap()).collect();
    let mut ids: Vec<_> = claimed.iter().map(|due| due.id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), claimed.len(), "nothing is claimed twice");
    assert!(claimed.iter().any(|due| due.webhook == other));
    assert!(claimed.iter().filter(|due| due.webhook == slow).count() <= 8);
    assert!(webhooks::claim(&pool, &seal, &[slow], 16).await.unwrap().is_empty(), "it is busy enough");
    assert_eq!(webhooks::claim(&pool, &seal, &[other], 16).await.unwrap().len(), 4);
}

#[tokio::test]
async fn suspensions_are_back_as_they_were_until_their_time_is_over() {
    let pool = store::testing::database().await.pool;
    let now = Utc::now();
    let rounded = now - TimeDelta::nanoseconds(i64::from(now.timestamp_subsec_nanos()));
    let held = |user: Option<&str>, address: Option<&str>, minutes: i64| SuspensionView {
        party: SuspendedParty {
            user: user.map(Into::into),
            address: address.map(|address| address.parse().unwrap()),
        },
        cause: SuspensionCause::Passwords,
        failures: 6,
        known: user.is_some(),
        since: rounded,
        until: rounded + TimeDelta::minutes(minutes),
    };
    let all = [
        held(Some("1001"), Some("192.0.2.7"), 10),
        held(Some("a\0\u{202e}b"), None, 10),
        held(None, Some("2001:db8::"), 10),
    ];
    suspensions::save(&pool, &all, &[]).await.unwrap();
    suspensions::save(&pool, &[held(Some("over"), None, -1)], &[]).await.unwrap();
    let mut back = suspensions::load(&pool, now).await.unwrap();
    back.sort_by(|a, b| a.party.cmp(&b.party));
    let mut expected = all.to_vec();
    expected.sort_by(|a, b| a.party.cmp(&b.party));
    assert_eq!(back, expected);
    let longer = SuspensionView { failures: 60, ..all[0].clone() };
    suspensions::save(&pool, std::slice::from_ref(&longer), &all[1..]).await.unwrap();
    assert_eq!(suspensions::load(&pool, now).await.unwrap(), [longer]);
}
