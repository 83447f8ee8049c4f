//! An account sees its own things, and nothing in the answer to any question is another's.

use std::fmt::Debug;

use chrono::Duration;
use domain::{AccountFilter, Cdr, CdrFilter, RateFilter};
use store::{
    Scope, StoreError, accounts, audit, cdrs, ledger, mapping_gateways, rate_tables, routing_gateways,
    traffic,
};

use crate::fixture::{Carrier, actor, call_id, money, morning, price};

/// Words that stand only on things of the other customer or of the vendor.
const FOREIGN: [&str; 6] = ["Other", "Vendor", "Buy", "Foreign", "198.51.100.1", "0.0200"];

fn text(answer: Result<impl Debug, StoreError>) -> String {
    format!("{answer:?}")
}

#[tokio::test]
async fn no_question_of_an_account_is_answered_with_anothers_things() {
    let c = Carrier::new().await;
    accounts::pay(&c.pool, &actor(), c.other, money("77"), "Foreign note").await.unwrap();
    let foreign = Cdr {
        mapping_gateway: c.other_trunk,
        mapping_gateway_name: "Foreign".into(),
        customer: price(c.other, "Other", 990_000),
        ..c.call(2)
    };
    cdrs::insert(&c.pool, &[c.call(1), foreign]).await.unwrap();
    let buy_rate =
        rate_tables::rates(&c.pool, &Scope::All, c.buy, &RateFilter::default()).await.unwrap().rows[0].id;
    let day = CdrFilter::between(morning() - Duration::hours(8), morning() + Duration::hours(8));

    // Each question as Acme asks it, with what must be in the answer.
    let (p, own) = (&c.pool, &Scope::Account(c.acme));
    let answers = [
        ("accounts::list", text(accounts::list(p, own, &AccountFilter::default()).await), Some("Acme")),
        ("accounts::find own", text(accounts::find(p, own, c.acme).await), Some("Acme")),
        ("accounts::find", text(accounts::find(p, own, c.other).await), None),
        ("mapping_gateways::list", text(mapping_gateways::list(p, own, "").await), Some("Acme trunk")),
        (
            "mapping_gateways::find own",
            text(mapping_gateways::find(p, own, c.acme_trunk).await),
            Some("Acme trunk"),
        ),
        ("mapping_gateways::find", text(mapping_gateways::find(p, own, c.other_trunk).await), None),
        ("routing_gateways::list", text(routing_gateways::list(p, own, "").await), Some("[]")),
        ("routing_gateways::find", text(routing_gateways::find(p, own, c.vendor_trunk).await), None),
        ("rate_tables::list", text(rate_tables::list(p, own).await), Some("Sell")),
        ("rate_tables::find own", text(rate_tables::find(p, own, c.sell).await), Some("Sell")),
        ("rate_tables::find", text(rate_tables::find(p, own, c.buy).await), None),
        (
            "rate_tables::rates own",
            text(rate_tables::rates(p, own, c.sell, &RateFilter::default()).await),
            Some("44"),
        ),
        ("rate_tables::rates", text(rate_tables::rates(p, own, c.buy, &RateFilter::default()).await), None),
        ("rate_tables::find_rate", text(rate_tables::find_rate(p, own, buy_rate).await), None),
        ("cdrs::list", text(cdrs::list(p, own, &day).await), Some("Acme trunk")),
        ("cdrs::find own", text(cdrs::find(p, own, call_id(1)).await), Some("Acme trunk")),
        ("cdrs::find", text(cdrs::find(p, own, call_id(2)).await), None),
        ("cdrs::totals", text(cdrs::totals(p, own, &day).await), Some("calls: 1")),
        (
            "traffic::today",
            text(traffic::today(p, own, morning() + Duration::hours(1)).await),
            Some("calls: 1"),
        ),
        ("ledger::entries own", text(ledger::entries(p, own, c.acme, None, 9).await), Some("Revenue")),
        ("ledger::entries", text(ledger::entries(p, own, c.other, None, 9).await), None),
        ("audit::list", text(audit::list(p, own, None, 9).await), Some("rows: []")),
    ];
    for (question, answer, expected) in answers {
        match expected {
            Some(word) => assert!(answer.contains(word), "{question} misses {word}: {answer}"),
            None => assert_eq!(answer, "Err(NotFound)", "{question}"),
        }
        for word in FOREIGN {
            assert!(!answer.contains(word), "{question} tells {word}: {answer}");
        }
    }
}

#[tokio::test]
async fn a_customer_cannot_find_out_the_vendor_by_filtering() {
    let c = Carrier::new().await;
    cdrs::insert(&c.pool, &[c.call(1)]).await.unwrap();
    let day = CdrFilter::between(morning() - Duration::hours(8), morning() + Duration::hours(8));
    for filter in [
        CdrFilter { account: Some(c.vendor), ..day.clone() },
        CdrFilter { routing_gateway: Some(c.vendor_trunk), ..day.clone() },
    ] {
        assert_eq!(cdrs::list(&c.pool, &Scope::All, &filter).await.unwrap().rows.len(), 1);
        assert!(cdrs::list(&c.pool, &Scope::Account(c.acme), &filter).await.unwrap().rows.is_empty());
        assert_eq!(cdrs::totals(&c.pool, &Scope::Account(c.acme), &filter).await.unwrap().calls, 0);
    }
    let row = &cdrs::list(&c.pool, &Scope::Account(c.acme), &day).await.unwrap().rows[0];
    assert_eq!((row.fee, row.cost, row.profit), (money("0.03"), None, None));
    assert!(row.routing_gateway.is_none() && row.vendor_account_name.is_none());
}

#[tokio::test]
async fn a_vendor_sees_its_own_gateways_and_ledger_but_no_customers_calls() {
    let c = Carrier::new().await;
    cdrs::insert(&c.pool, &[c.call(1)]).await.unwrap();
    let (p, own) = (&c.pool, &Scope::Account(c.vendor));
    assert_eq!(routing_gateways::list(p, own, "").await.unwrap().len(), 1);
    assert_eq!(ledger::entries(p, own, c.vendor, None, 9).await.unwrap().rows.len(), 1);
    assert!(matches!(cdrs::find(p, own, call_id(1)).await, Err(StoreError::NotFound)));
}
