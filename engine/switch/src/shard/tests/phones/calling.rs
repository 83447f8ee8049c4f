//! Calls of phones.

use domain::{EndReason, PhoneId, RoutingGatewayId};
use sip::Method;

use super::super::world::*;
use super::world::*;

/// The trunk's customer has no price for extensions: a call to one is a call within the account only from a phone.
const EXTENSION: &str = "442000";

fn two_phones() -> Vec<domain::PhoneDraft> {
    vec![draft("442000"), draft("1002")]
}

#[test]
fn a_phone_calls_a_number_that_a_trunk_takes_and_its_account_pays() {
    let mut world = world(two_phones());
    let invite = world.call_from(PHONE, "1002", "442071234567");
    let asked = world.asked(VENDOR, Method::Invite);
    assert_eq!(asked.1.from().unwrap().uri.user.as_deref(), Some("1002"));
    world.respond(VENDOR, &asked, 200, Some(SDP));
    world.acknowledge_from(PHONE, &invite);
    world.pass(10.0);
    world.hang_up(VENDOR, &asked);
    world.accept_byes_at(&[PHONE]);
    let cdr = world.cdr();
    assert_eq!((cdr.mapping_gateway, cdr.caller_phone), (None, Some(PhoneId(2))));
    assert_eq!((cdr.mapping_gateway_name.as_str(), cdr.routing_gateway), ("1002", Some(RoutingGatewayId(1))));
    assert_eq!(cdr.customer.amount.to_string(), "0.01");
}

#[test]
fn a_trunk_calls_a_phone_which_is_asked_where_it_registered() {
    let mut world = world(two_phones());
    world.register(PHONE, EXTENSION);
    let invite = world.invite(EXTENSION, Some(SDP));
    let asked = world.asked(PHONE, Method::Invite);
    assert_eq!(asked.1.request_uri(), "sip:442000@127.0.0.1:5070");
    world.respond(PHONE, &asked, 180, None);
    world.respond(PHONE, &asked, 200, Some(SDP));
    world.acknowledge(&invite);
    world.pass(5.0);
    world.hang_up(PHONE, &asked);
    world.accept_byes();
    let cdr = world.cdr();
    assert_eq!((cdr.routing_gateway, cdr.callee_phone), (None, Some(PhoneId(1))));
    assert_eq!(cdr.routing_gateway_name.as_deref(), Some(EXTENSION));
    assert!(cdr.vendor.is_none(), "nobody is paid for a phone");
    assert_eq!(cdr.customer.amount.to_string(), "0.005");
}

#[test]
fn phones_of_one_account_call_each_other_for_free_when_no_rate_says_otherwise() {
    let mut world = world(two_phones());
    world.register(OTHER, "1002");
    let invite = world.call_from(PHONE, "442000", "1002");
    let asked = world.asked(OTHER, Method::Invite);
    world.respond(OTHER, &asked, 200, Some(SDP));
    world.acknowledge_from(PHONE, &invite);
    world.pass(5.0);
    world.hang_up(OTHER, &asked);
    world.accept_byes_at(&[PHONE]);
    let cdr = world.cdr();
    assert_eq!(
        (cdr.customer.amount.to_string().as_str(), cdr.end_reason),
        ("0.00", EndReason::NormalClearing)
    );
    assert_eq!((cdr.caller_phone, cdr.callee_phone), (Some(PhoneId(1)), Some(PhoneId(2))));
    // A trunk of the same account has no such right.
    world.invite("1002", Some(SDP));
    assert_eq!(world.heard(CALLER), [100, 503]);
}

#[test]
fn a_phone_without_a_contact_and_one_that_is_switched_off_answer_480_for_their_reason() {
    let mut off = draft("442001");
    off.enabled = String::new();
    let mut world = world(vec![draft(EXTENSION), off]);
    for number in [EXTENSION, "442001"] {
        world.agent(CALLER).events.clear();
        world.records.clear();
        world.invite(number, Some(SDP));
        assert_eq!(world.heard(CALLER), [100, 480], "{number}");
        assert_eq!(world.cdr().end_reason, EndReason::PhoneOffline);
    }
}

#[test]
fn a_phone_that_does_not_want_to_be_disturbed_is_busy_and_does_not_ring() {
    let mut quiet = draft(EXTENSION);
    quiet.do_not_disturb = "on".into();
    let mut world = world(vec![quiet]);
    world.register(PHONE, EXTENSION);
    world.agent(PHONE).events.clear();
    world.invite(EXTENSION, Some(SDP));
    assert_eq!(world.heard(CALLER), [100, 486]);
    assert!(!world.was_asked(PHONE, Method::Invite));
    assert_eq!(world.cdr().end_reason, EndReason::DoNotDisturb);
}

#[test]
fn a_phone_shows_one_of_its_own_numbers_whatever_it_says() {
    let mut phone = draft("1002");
    phone.caller_ids = "4420555, 4420666".into();
    phone.display_name = "Reception".into();
    let mut world = world(vec![phone]);
    world.call_from(PHONE, "1002", "442071234567");
    let from = world.asked(VENDOR, Method::Invite).1.from().unwrap();
    assert_eq!((from.uri.user.as_deref(), from.display.as_deref()), (Some("4420555"), Some("Reception")));
}

#[test]
fn a_stranger_is_challenged_refused_and_leaves_no_record() {
    let mut world = world(two_phones());
    let invite = world.invite_of(PHONE, "9999", "442071234567");
    world.ask(PHONE, "9999", invite);
    assert_eq!(world.heard(PHONE).last(), Some(&401), "wrong credentials are challenged again");
    assert!(world.records.is_empty());
    assert!(!world.was_asked(VENDOR, Method::Invite));
}

#[test]
fn a_phone_at_its_line_limit_neither_calls_nor_is_called() {
    let mut phone = draft(EXTENSION);
    phone.max_calls = "1".into();
    let mut world = world(vec![phone]);
    world.register(PHONE, EXTENSION);
    world.invite(EXTENSION, Some(SDP));
    let asked = world.asked(PHONE, Method::Invite);
    world.respond(PHONE, &asked, 180, None);
    world.call_from(PHONE, EXTENSION, "442071234567");
    assert_eq!(world.heard(PHONE).last(), Some(&503));
    world.agent(CALLER).events.clear();
    world.invite(EXTENSION, Some(SDP));
    assert_eq!(world.heard(CALLER), [100, 486]);
}
