use domain::{AccountId, EndReason, Money, ReleaseSide};

use super::world::*;

fn held(world: &World) -> String {
    world.floor.desk.environment.purses.of(AccountId(1)).unwrap().held().to_string()
}

fn available(world: &World) -> String {
    world.floor.desk.environment.purses.of(AccountId(1)).unwrap().available().to_string()
}

#[test]
fn a_call_holds_one_minute_and_extends_it_before_it_is_used_up() {
    let mut world = World::new("10");
    let (mut caller, _) = world.talk();
    assert_eq!((held(&world), available(&world)), ("0.06".into(), "9.94".into()));
    world.pass(49.0);
    assert_eq!(held(&world), "0.06");
    world.pass(2.0);
    assert_eq!(held(&world), "0.12");
    world.pass(60.0);
    assert_eq!(held(&world), "0.18");
    world.request(CALLER, &mut caller, rsip::Method::Bye, None);
    assert_eq!((held(&world), available(&world)), ("0.00".into(), "9.889".into()));
    world.assert_nothing_is_left();
}

#[test]
fn a_call_is_cut_when_the_money_is_used_up_and_never_costs_more() {
    // 0.10 at 0.06 a minute are 100 seconds.
    let mut world = World::new("0.10");
    world.talk();
    world.pass(99.5);
    assert!(!world.floor.calls.is_empty());
    world.pass(1.0);
    let cdr = world.cdr();
    assert_eq!((cdr.end_reason, cdr.released_by), (EndReason::AccountBalanceNotEnough, ReleaseSide::Switch));
    assert_eq!((cdr.customer.billed.0, cdr.customer.amount.to_string()), (100, "0.10".into()));
    assert_eq!(available(&world), Money::ZERO.to_string());
    world.assert_nothing_is_left();
}

#[test]
fn two_calls_share_the_last_money_and_the_account_never_goes_below_zero() {
    let mut world = World::new("0.13");
    world.talk();
    world.talk();
    world.invite("44123", Some(SDP));
    world.pass(300.0);
    let spent: Money = world
        .records
        .iter()
        .filter_map(|record| match record {
            crate::spool::Record::Closed(cdr) => Some(cdr.customer.amount),
            crate::spool::Record::Open(_) => None,
        })
        .sum();
    assert!(spent <= "0.13".parse().unwrap(), "{spent}");
    assert!(spent >= "0.12".parse().unwrap(), "{spent}");
    world.assert_nothing_is_left();
}
