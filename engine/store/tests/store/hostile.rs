//! What people type, at its worst: an answer at the field, or text that is kept as text.

use domain::{AccountFilter, CdrFilter, RateFilter};
use store::{Scope, StoreError, accounts, cdrs, mapping_gateways, rate_tables};

use crate::fixture::{Carrier, account, actor, money, morning, rate, told};

const HOSTILE: [&str; 5] =
    ["a\0b", "x\u{1b}[2J", "'; drop schema billing cascade; --", "%_\\", "\u{202e}gnp.exe"];

#[tokio::test]
async fn searches_and_filters_take_any_text() {
    let c = Carrier::new().await;
    let long = "x".repeat(10_000);
    for text in HOSTILE.into_iter().chain([long.as_str()]) {
        let filter = AccountFilter { search: text.into(), kind: None };
        let calls = CdrFilter {
            caller: text.into(),
            callee: text.into(),
            ..CdrFilter::between(morning(), morning())
        };
        let rates = RateFilter { search: text.into(), ..RateFilter::default() };
        let refusals = [
            accounts::list(&c.pool, &Scope::All, &filter).await.map(|rows| rows.len()),
            mapping_gateways::list(&c.pool, &Scope::All, text).await.map(|rows| rows.len()),
            cdrs::list(&c.pool, &Scope::All, &calls).await.map(|page| page.rows.len()),
            cdrs::totals(&c.pool, &Scope::All, &calls).await.map(|totals| totals.calls as usize),
            rate_tables::rates(&c.pool, &Scope::All, c.sell, &rates).await.map(|page| page.rows.len()),
        ];
        for answer in refusals {
            match answer {
                Ok(found) => assert_eq!(found, 0, "{text:?}"),
                Err(StoreError::Invalid(invalid)) => assert!(!invalid.0[0].field.is_empty(), "{text:?}"),
                Err(other) => panic!("{text:?}: {other}"),
            }
        }
    }
    assert_eq!(rate_tables::list(&c.pool, &Scope::All).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_note_keeps_markup_as_text_and_refuses_control_characters() {
    let c = Carrier::new().await;
    let note = "<script>alert(1)</script> '; drop table x; --";
    accounts::pay(&c.pool, &actor(), c.acme, money("1"), note).await.unwrap();
    let page = store::ledger::entries(&c.pool, &Scope::All, c.acme, None, 1).await.unwrap();
    assert_eq!(page.rows[0].note, note);
    for note in ["a\0b", &"x".repeat(10_000)] {
        told(accounts::pay(&c.pool, &actor(), c.acme, money("1"), note).await, "note");
    }
}

#[tokio::test]
async fn a_destination_that_came_past_the_form_is_checked_too() {
    let c = Carrier::new().await;
    let mut settings = rate("7", "1").check().unwrap();
    for destination in ["a\0b".to_owned(), "x".repeat(10_000)] {
        settings.destination = destination;
        told(rate_tables::create_rate(&c.pool, &actor(), c.sell, &settings).await, "destination");
    }
    settings.destination = "Россия <b>".into();
    let id = rate_tables::create_rate(&c.pool, &actor(), c.sell, &settings).await.unwrap();
    assert_eq!(rate_tables::find_rate(&c.pool, &Scope::All, id).await.unwrap().settings, settings);
}

#[tokio::test]
async fn names_that_hide_or_turn_text_never_reach_the_database() {
    for name in ["a\0b", "a\u{202e}b", "\u{200b}", &"x".repeat(10_000)] {
        let refused = account(name, "customer", None).check().unwrap_err();
        assert!(refused.by_field().contains_key("name"), "{name:?}");
    }
}

#[tokio::test]
async fn a_failure_tells_a_person_nothing_about_our_inside() {
    let pool = store::testing::database().await.pool;
    sqlx::query("drop table billing.ledger").execute(&pool).await.unwrap();
    let error = store::ledger::check(&pool).await.unwrap_err();
    assert!(error.to_string().contains("billing.ledger"), "the log is told: {error}");
    assert_eq!(error.user_message(), "Something went wrong on our side; it stands in the log.");
    let conflict = StoreError::Conflict { subject: "account \"X\"".into() };
    assert_eq!(conflict.user_message(), "Account \"X\" has been changed by somebody else in the meantime.");
}
