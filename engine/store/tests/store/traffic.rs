//! The dashboard's numbers.

use chrono::Duration;
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
