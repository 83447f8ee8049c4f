//! The dashboard's numbers.

use chrono::Duration;
use domain::{CdrFilter, EndReason, Money};
use store::{Scope, cdrs, traffic, traffic_top};

use crate::fixture::{Carrier, money, morning};

#[tokio::test]
async fn the_day_so_far_is_summed_and_the_last_24_hours_are_counted() {
    let c = Carrier::new().await;
    let mut yesterday = c.call(9);
    yesterday.started_at = morning() - Duration::hours(10);
    cdrs::insert(&c.pool, &[c.call(0), c.call(1), c.unanswered(2), yesterday]).await.unwrap();
    let now = morning() + Duration::minutes(90);
    let today = traffic::today(&c.pool, &Scope::All, now).await.unwrap();
    assert_eq!((today.calls, today.answered), (3, 2));
    assert_eq!((today.asr_permille, today.acd_seconds, today.pdd_ms), (Some(667), Some(60), Some(800)));
    let [usd] = today.amounts.as_slice() else { panic!("{today:?}") };
    assert_eq!((usd.fee, usd.cost, usd.profit), (money("0.06"), Some(money("0.04")), Some(money("0.02"))));
    assert_eq!(today.hours.len(), 24);
    assert_eq!(today.hours[23].hour, morning() + Duration::hours(1));
    let busy: Vec<_> = today.hours.iter().filter(|hour| hour.calls > 0).collect();
    assert_eq!(busy.len(), 2);
    assert_eq!((busy[1].hour, busy[1].calls, busy[1].answered), (morning(), 3, 2));
}

#[tokio::test]
async fn a_day_without_calls_has_no_ratios() {
    let c = Carrier::new().await;
    let today = traffic::today(&c.pool, &Scope::All, morning()).await.unwrap();
    assert_eq!((today.asr_permille, today.acd_seconds, today.pdd_ms), (None, None, None));
    assert!(today.amounts.is_empty() && today.hours.iter().all(|hour| hour.calls == 0));
}

#[tokio::test]
async fn the_busiest_gateways_and_destinations_come_first_and_are_counted() {
    let c = Carrier::new().await;
    let mut elsewhere = c.call(3);
    elsewhere.routing_gateway = None;
    elsewhere.routing_gateway_name = None;
    elsewhere.customer.prefix = "1".parse().unwrap();
    cdrs::insert(&c.pool, &[c.call(0), c.call(1), c.unanswered(2), elsewhere]).await.unwrap();
    let day = (morning() - Duration::hours(8), morning() + Duration::hours(8));
    let top = traffic_top::gateways(&c.pool, &Scope::All, day, 5).await.unwrap();
    let [gateway] = top.as_slice() else { panic!("{top:?}") };
    assert_eq!((gateway.calls, gateway.answered, gateway.seconds), (3, 2, 120));
    assert_eq!(gateway.key, c.vendor_trunk.to_string());
    let top = traffic_top::destinations(&c.pool, &Scope::All, day, 5).await.unwrap();
    let told: Vec<_> = top.iter().map(|share| (share.key.as_str(), share.calls)).collect();
    assert_eq!(told, [("44", 3), ("1", 1)]);
    assert_eq!(traffic_top::destinations(&c.pool, &Scope::All, day, 1).await.unwrap().len(), 1);

    let own = Scope::Account(c.acme);
    assert!(traffic_top::gateways(&c.pool, &own, day, 5).await.unwrap().is_empty());
    assert_eq!(traffic_top::destinations(&c.pool, &own, day, 5).await.unwrap().len(), 2);
    let other = Scope::Account(c.other);
    assert!(traffic_top::destinations(&c.pool, &other, day, 5).await.unwrap().is_empty());
}

/// The totals of a filter, counted from the calls one by one.
async fn counted(c: &Carrier, filter: &CdrFilter) -> (i64, i64, i64, String) {
    let rows =
        cdrs::list(&c.pool, &Scope::All, &CdrFilter { limit: 1000, ..filter.clone() }).await.unwrap().rows;
    let fees = rows.iter().fold(Money::ZERO, |sum, row| sum + row.fee);
    let answered = rows.iter().filter(|row| row.answered_at.is_some()).count();
    let seconds = rows.iter().map(|row| i64::from(row.duration.0)).sum();
    (rows.len() as i64, answered as i64, seconds, fees.to_string())
}

#[tokio::test]
async fn kept_sums_tell_the_same_as_the_calls_whatever_time_is_asked_for() {
    let c = Carrier::new().await;
    let mut calls = Vec::new();
    for n in 0..60 {
        let mut call = if n % 3 == 0 { c.unanswered(n) } else { c.call(n) };
        // Close together on the first day, then over the days after it.
        let day = i64::from(n.saturating_sub(35)) / 5;
        call.started_at = morning() + Duration::minutes(13 * i64::from(n)) + Duration::days(day);
        if n % 2 == 0 {
            call.routing_gateway = None;
        }
        calls.push(call);
    }
    cdrs::insert(&c.pool, &calls[..40]).await.unwrap();
    // Some again: they are counted once.
    cdrs::insert(&c.pool, &calls[20..]).await.unwrap();
    let at = |minutes| morning() + Duration::minutes(minutes);
    for (from, to) in [
        (0, 780),
        (0, 60),
        (5, 65),
        (17, 31),
        (59, 61),
        (-300, 9000),
        (61, 779),
        (120, 121),
        (33, 500),
        (33, 5000),
        (-1440, 1440 * 3),
        (700, 1440 * 4 + 700),
    ] {
        let time = CdrFilter::between(at(from), at(to));
        for filter in [
            time.clone(),
            CdrFilter { answered: Some(true), ..time.clone() },
            CdrFilter { answered: Some(false), ..time.clone() },
            CdrFilter { account: Some(c.acme), ..time.clone() },
            CdrFilter { account: Some(c.vendor), ..time.clone() },
            CdrFilter { account: Some(c.other), ..time.clone() },
            CdrFilter { routing_gateway: Some(c.vendor_trunk), ..time.clone() },
            CdrFilter { mapping_gateway: Some(c.acme_trunk), ..time.clone() },
            CdrFilter { end_reason: Some(EndReason::NormalClearing), ..time.clone() },
            CdrFilter { callee: "4".into(), ..time.clone() },
        ] {
            let sums = cdrs::totals(&c.pool, &Scope::All, &filter).await.unwrap();
            let fee = sums.amounts.iter().fold(Money::ZERO, |sum, amounts| sum + amounts.fee);
            let told = (sums.calls, sums.answered, sums.seconds, fee.to_string());
            assert_eq!(told, counted(&c, &filter).await, "{from} to {to}: {filter:?}");
        }
    }
}

#[tokio::test]
async fn customers_and_their_trunks_are_summed_for_those_who_may_see_them() {
    let c = Carrier::new().await;
    cdrs::insert(&c.pool, &[c.call(0), c.call(1), c.unanswered(2)]).await.unwrap();
    let day = (morning() - Duration::hours(8), morning() + Duration::hours(8));
    for scope in [Scope::All, Scope::Account(c.acme)] {
        let accounts = traffic_top::accounts(&c.pool, &scope, day).await.unwrap();
        let [acme] = accounts.as_slice() else { panic!("{accounts:?}") };
        assert_eq!((acme.account, acme.calls, acme.answered, acme.seconds), (c.acme, 3, 2, 120));
        assert_eq!(acme.fee, money("0.06"));
        let trunks = traffic_top::mapping_gateways(&c.pool, &scope, day).await.unwrap();
        let [trunk] = trunks.as_slice() else { panic!("{trunks:?}") };
        assert_eq!((trunk.gateway, trunk.calls, trunk.answered), (c.acme_trunk, 3, 2));
    }
    let other = Scope::Account(c.other);
    assert!(traffic_top::accounts(&c.pool, &other, day).await.unwrap().is_empty());
    assert!(traffic_top::mapping_gateways(&c.pool, &other, day).await.unwrap().is_empty());
}
