//! CDRs: written once, found again.

use chrono::Duration;
use domain::{AccountId, Cdr, CdrFilter, EndReason, Money};
use store::{Scope, accounts, cdrs, ledger, mapping_gateways};

use crate::fixture::{Carrier, account, actor, call_id, money, morning, price};

fn day() -> CdrFilter {
    CdrFilter::between(morning() - Duration::hours(8), morning() + Duration::hours(16))
}

#[tokio::test]
async fn a_cdr_comes_back_as_it_was_written() {
    let c = Carrier::new().await;
    for cdr in [
        c.call(1),
        c.unanswered(2),
        Cdr {
            vendor: None,
            attempts: vec![],
            routing_gateway: None,
            destination: None,
            codec: None,
            ..c.call(3)
        },
        Cdr { source: "[2001:db8::7]:5061".parse().unwrap(), ..c.call(4) },
    ] {
        cdrs::insert(&c.pool, std::slice::from_ref(&cdr)).await.unwrap();
        assert_eq!(cdrs::find(&c.pool, &Scope::All, cdr.id).await.unwrap(), cdr);
    }
}

#[tokio::test]
async fn a_batch_written_twice_is_charged_once() {
    let c = Carrier::new().await;
    let batch: Vec<Cdr> = (0..50).map(|n| if n % 3 == 0 { c.unanswered(n) } else { c.call(n) }).collect();
    let first = cdrs::insert(&c.pool, &batch).await.unwrap();
    assert_eq!((first.new, first.repeated, first.unposted), (50, 0, 0));
    let mut longer = batch.clone();
    longer.push(c.call(50));
    longer.push(c.call(50));
    let second = cdrs::insert(&c.pool, &longer).await.unwrap();
    assert_eq!((second.new, second.repeated), (1, 51));
    let account = accounts::find(&c.pool, &Scope::All, c.acme).await.unwrap();
    assert_eq!(account.charged, Money::from_micros(34 * 30_000));
    let vendor = accounts::find(&c.pool, &Scope::All, c.vendor).await.unwrap();
    assert_eq!(vendor.balance(), Money::from_micros(-34 * 20_000));
    assert!(ledger::check(&c.pool).await.unwrap().holds());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn writers_with_the_same_calls_at_the_same_moment_charge_them_once() {
    let c = Carrier::new().await;
    for round in 0..8u32 {
        let batch: Vec<Cdr> = (0..200).map(|n| c.call(round * 200 + n)).collect();
        let writers = (0..4).map(|writer| {
            let (pool, mut batch) = (c.pool.clone(), batch.clone());
            // Each has its own order, so that only the store's own order keeps them from deadlocking.
            let length = batch.len();
            batch.rotate_left(writer * 50 % length);
            if writer % 2 == 1 {
                batch.reverse();
            }
            tokio::spawn(async move { cdrs::insert(&pool, &batch).await })
        });
        let mut new = 0;
        for writer in writers.collect::<Vec<_>>() {
            let inserted = writer.await.unwrap().unwrap();
            assert_eq!(inserted.new + inserted.repeated, 200);
            new += inserted.new;
        }
        assert_eq!(new, 200);
    }
    let account = accounts::find(&c.pool, &Scope::All, c.acme).await.unwrap();
    assert_eq!(account.charged, Money::from_micros(1600 * 30_000));
    assert!(ledger::check(&c.pool).await.unwrap().holds());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn settling_and_paying_at_the_same_time_loses_nothing() {
    let c = Carrier::new().await;
    let paying = {
        let (pool, acme) = (c.pool.clone(), c.acme);
        tokio::spawn(async move {
            for _ in 0..40 {
                accounts::pay(&pool, &actor(), acme, money("1"), "").await.unwrap();
            }
        })
    };
    for n in 0..40 {
        cdrs::insert(&c.pool, &[c.call(n)]).await.unwrap();
    }
    paying.await.unwrap();
    let account = accounts::find(&c.pool, &Scope::All, c.acme).await.unwrap();
    assert_eq!((account.paid, account.charged), (money("40"), Money::from_micros(40 * 30_000)));
    assert!(ledger::check(&c.pool).await.unwrap().holds());
}

#[tokio::test]
async fn a_call_of_a_removed_account_does_not_hold_up_the_batch() {
    let c = Carrier::new().await;
    let gone = accounts::create(&c.pool, &actor(), &account("Gone", "customer", None).check().unwrap())
        .await
        .unwrap();
    accounts::remove(&c.pool, &actor(), gone, None).await.unwrap();
    let orphan = Cdr { customer: price(gone, "Gone", 500_000), ..c.call(2) };
    let inserted = cdrs::insert(&c.pool, &[c.call(1), orphan, c.call(3)]).await.unwrap();
    assert_eq!((inserted.new, inserted.unposted), (3, 1));
    let read = cdrs::find(&c.pool, &Scope::All, call_id(2)).await.unwrap();
    assert_eq!(read.customer.amount, money("0.5"));
    // Its vendor is paid all the same.
    let vendor = accounts::find(&c.pool, &Scope::All, c.vendor).await.unwrap();
    assert_eq!(vendor.charged, Money::from_micros(3 * 20_000));
    assert!(ledger::check(&c.pool).await.unwrap().holds());
}

#[tokio::test]
async fn a_charge_in_another_currency_than_the_accounts_is_not_posted() {
    let c = Carrier::new().await;
    let mut cdr = c.call(1);
    cdr.customer.currency = "EUR".parse().unwrap();
    assert_eq!(cdrs::insert(&c.pool, &[cdr]).await.unwrap().unposted, 1);
    assert_eq!(accounts::find(&c.pool, &Scope::All, c.acme).await.unwrap().charged, Money::ZERO);
    assert!(ledger::check(&c.pool).await.unwrap().holds());
}

#[tokio::test]
async fn hostile_text_from_the_network_is_kept_and_never_poisons_a_batch() {
    let c = Carrier::new().await;
    let mut cdr = c.call(1);
    cdr.caller_in = "'; drop table cdr.calls; --\0".into();
    cdr.callee_in = "9".repeat(10_000);
    cdr.call_id_in = "é".repeat(10_000);
    cdr.codec = Some("\u{202e}\0".repeat(500));
    cdr.attempts[0].gateway_name = "a\0b".into();
    cdr.media.caller_octets = u64::MAX;
    cdr.customer.billed = domain::Seconds(u32::MAX);
    assert_eq!(cdrs::insert(&c.pool, &[cdr, c.call(2)]).await.unwrap().new, 2);
    let read = cdrs::find(&c.pool, &Scope::All, call_id(1)).await.unwrap();
    assert_eq!(read.caller_in, "'; drop table cdr.calls; --\u{fffd}");
    assert_eq!(read.callee_in.len(), 128);
    assert_eq!(read.attempts[0].gateway_name, "a\u{fffd}b");
    assert_eq!(read.customer.billed.0, u32::MAX);
}

#[tokio::test]
async fn the_largest_amounts_and_rates_that_exist_are_kept_exactly() {
    let c = Carrier::new().await;
    let mut cdr = c.call(1);
    cdr.customer.amount = Money::from_micros(i64::MAX);
    cdr.customer.rate = domain::Rate::from_nanos(i64::MAX);
    cdr.vendor = None;
    cdrs::insert(&c.pool, std::slice::from_ref(&cdr)).await.unwrap();
    assert_eq!(cdrs::find(&c.pool, &Scope::All, cdr.id).await.unwrap(), cdr);
    assert_eq!(
        accounts::find(&c.pool, &Scope::All, c.acme).await.unwrap().charged,
        Money::from_micros(i64::MAX)
    );
}

#[tokio::test]
async fn the_list_is_paged_by_key_and_every_call_is_on_one_page() {
    let c = Carrier::new().await;
    // Seven calls start at the same moment: only the key tells them apart.
    let mut batch: Vec<Cdr> = (0..20).map(|n| c.call(n)).collect();
    for cdr in &mut batch[5..12] {
        cdr.started_at = morning();
    }
    cdrs::insert(&c.pool, &batch).await.unwrap();
    let mut seen = Vec::new();
    let mut filter = CdrFilter { limit: 3, ..day() };
    loop {
        let page = cdrs::list(&c.pool, &Scope::All, &filter).await.unwrap();
        seen.extend(page.rows.iter().map(|row| (row.started_at, row.id)));
        filter.after = page.rows.last().map(|row| row.cursor());
        if !page.more {
            break;
        }
    }
    let mut expected: Vec<_> = batch.iter().map(|cdr| (cdr.started_at, cdr.id)).collect();
    expected.sort();
    expected.reverse();
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn each_condition_of_a_filter_narrows_the_list_and_its_totals() {
    let c = Carrier::new().await;
    let mut other = Cdr {
        mapping_gateway: Some(c.other_trunk),
        mapping_gateway_name: "Other trunk".into(),
        customer: price(c.other, "Other", 50_000),
        vendor: None,
        routing_gateway: None,
        callee_in: "4930%_x".into(),
        ..c.call(3)
    };
    other.end_reason = EndReason::HungUpByOperator;
    cdrs::insert(&c.pool, &[c.call(1), c.unanswered(2), other]).await.unwrap();
    let cases: Vec<(&str, CdrFilter, &[u32])> = vec![
        ("all", day(), &[3, 2, 1]),
        ("from", CdrFilter { from: morning() + Duration::minutes(2), ..day() }, &[3, 2]),
        ("to is excluded", CdrFilter { to: morning() + Duration::minutes(3), ..day() }, &[2, 1]),
        ("caller", CdrFilter { caller: "12025552".into(), ..day() }, &[2]),
        ("callee", CdrFilter { callee: "44".into(), ..day() }, &[2, 1]),
        ("a wild card is a character", CdrFilter { callee: "4930%".into(), ..day() }, &[3]),
        ("an underscore too", CdrFilter { callee: "4_3".into(), ..day() }, &[]),
        ("customer", CdrFilter { account: Some(c.other), ..day() }, &[3]),
        ("vendor", CdrFilter { account: Some(c.vendor), ..day() }, &[2, 1]),
        ("mapping gateway", CdrFilter { mapping_gateway: Some(c.acme_trunk), ..day() }, &[2, 1]),
        ("routing gateway", CdrFilter { routing_gateway: Some(c.vendor_trunk), ..day() }, &[2, 1]),
        ("end reason", CdrFilter { end_reason: Some(EndReason::CalleeBusy), ..day() }, &[2]),
        ("answered", CdrFilter { answered: Some(true), ..day() }, &[3, 1]),
        ("unanswered", CdrFilter { answered: Some(false), ..day() }, &[2]),
        ("two at once", CdrFilter { answered: Some(true), callee: "44".into(), ..day() }, &[1]),
    ];
    for (name, filter, expected) in cases {
        let page = cdrs::list(&c.pool, &Scope::All, &filter).await.unwrap();
        let ids: Vec<_> = page.rows.iter().map(|row| row.id).collect();
        assert_eq!(ids, expected.iter().map(|n| call_id(*n)).collect::<Vec<_>>(), "{name}");
        let totals = cdrs::totals(&c.pool, &Scope::All, &filter).await.unwrap();
        assert_eq!(totals.calls as usize, expected.len(), "{name}");
    }
}

#[tokio::test]
async fn totals_keep_currencies_apart() {
    let c = Carrier::new().await;
    let mut euro = c.call(2);
    euro.vendor.as_mut().unwrap().currency = "EUR".parse().unwrap();
    cdrs::insert(&c.pool, &[c.call(1), euro, c.unanswered(3)]).await.unwrap();
    let totals = cdrs::totals(&c.pool, &Scope::All, &day()).await.unwrap();
    assert_eq!((totals.calls, totals.answered, totals.seconds), (3, 2, 120));
    let amounts: Vec<_> = totals
        .amounts
        .iter()
        .map(|a| {
            (
                a.currency.to_string(),
                a.fee.to_string(),
                a.cost.unwrap().to_string(),
                a.profit.unwrap().to_string(),
            )
        })
        .collect();
    let line = |c: &str, f: &str, k: &str, p: &str| (c.to_owned(), f.to_owned(), k.to_owned(), p.to_owned());
    assert_eq!(amounts, [line("EUR", "0.00", "0.02", "-0.02"), line("USD", "0.06", "0.02", "0.04")]);
    let row = &cdrs::list(&c.pool, &Scope::All, &day()).await.unwrap().rows[1];
    assert_eq!((row.cost, row.profit), (Some(money("0.02")), None));
}

#[tokio::test]
async fn calls_outlive_their_gateways() {
    let c = Carrier::new().await;
    cdrs::insert(&c.pool, &[c.call(1)]).await.unwrap();
    mapping_gateways::remove(&c.pool, &actor(), c.acme_trunk, None).await.unwrap();
    let read = cdrs::find(&c.pool, &Scope::All, call_id(1)).await.unwrap();
    assert_eq!(read.mapping_gateway_name, "Acme trunk");
    assert_eq!(read.customer.account, AccountId(c.acme.0));
}
