//! Phones that send their calls on.

use std::time::Duration;

use domain::{Cdr, EndReason, PhoneId, RoutingGatewayId};
use sip::Method;

use super::super::world::*;
use super::world::*;
use crate::spool::Record;

/// A phone whose number the customer pays for, and which sends calls on.
fn forwarded(how: impl FnOnce(&mut domain::PhoneDraft)) -> World {
    let mut phone = draft("442000");
    how(&mut phone);
    world(vec![phone, draft("442001")])
}

impl World {
    fn closed(&self) -> Vec<Cdr> {
        let closed = self.records.iter().filter_map(|record| match record {
            Record::Closed(cdr) => Some((**cdr).clone()),
            _ => None,
        });
        closed.collect()
    }

    /// The vendor takes the call; ten seconds later it hangs up.
    fn talk_ten_seconds(&mut self, invite: &rsip::Request, callee: &str) {
        let asked = self.asked(callee, Method::Invite);
        self.respond(callee, &asked, 200, Some(SDP));
        self.acknowledge(invite);
        self.pass(10.0);
        self.hang_up(callee, &asked);
        self.accept_byes();
    }
}

#[test]
fn who_calls_pays_for_the_way_to_the_phone_and_its_account_for_the_way_from_there() {
    let mut world = forwarded(|phone| phone.forward_always = "442071234567".into());
    let invite = world.invite("442000", Some(SDP));
    let asked = world.asked(VENDOR, Method::Invite).1;
    assert_eq!(asked.to().unwrap().uri.user.as_deref(), Some("442071234567"));
    let diversion = asked.header(sip::HeaderName::Diversion).unwrap();
    assert!(diversion.contains("sip:442000@") && diversion.ends_with("reason=unconditional"), "{diversion}");
    let [first, second] = world.floor.list().try_into().unwrap();
    assert_eq!((first.callee_phone, first.callee.as_str()), (Some(PhoneId(1)), "442000"));
    assert_eq!((second.caller_phone, second.callee.as_str()), (Some(PhoneId(1)), "442071234567"));
    assert_eq!(second.routing_gateway, Some(RoutingGatewayId(1)), "its account sees where it goes");
    world.talk_ten_seconds(&invite, VENDOR);
    let [to_phone, onward] = world.closed().try_into().unwrap();
    assert_eq!((to_phone.callee_phone, to_phone.callee_in.as_str()), (Some(PhoneId(1)), "442000"));
    assert!(to_phone.vendor.is_none() && to_phone.attempts.is_empty());
    assert_eq!((onward.caller_phone, onward.callee_in.as_str()), (Some(PhoneId(1)), "442071234567"));
    assert_eq!((onward.routing_gateway, onward.attempts.len()), (Some(RoutingGatewayId(1)), 1));
    assert_eq!(onward.caller_in, "4930123", "the first caller is shown to the last callee");
    assert_ne!(to_phone.id, onward.id);
    for way in [&to_phone, &onward] {
        assert_eq!((way.duration_ms, way.customer.amount.to_string().as_str()), (10_000, "0.01"));
    }
    world.assert_nothing_is_left();
}

#[test]
fn the_answer_of_a_forwarded_call_is_written_down_for_both_ways_before_it_is_told() {
    let mut world = forwarded(|phone| phone.forward_always = "442071234567".into());
    world.confirm_at_once = false;
    world.invite("442000", Some(SDP));
    let asked = world.asked(VENDOR, Method::Invite);
    world.respond(VENDOR, &asked, 200, Some(SDP));
    assert!(matches!(world.records.as_slice(), [Record::Open(_), Record::Open(_)]));
    assert_eq!((world.heard(CALLER), world.unconfirmed.len()), (vec![100], 1));
}

#[test]
fn a_busy_phone_sends_its_call_to_another_phone() {
    let mut world = forwarded(|phone| phone.forward_busy = "442001".into());
    world.register(PHONE, "442000");
    world.register(OTHER, "442001");
    let invite = world.invite("442000", Some(SDP));
    let asked = world.asked(PHONE, Method::Invite);
    world.respond(PHONE, &asked, 486, None);
    world.talk_ten_seconds(&invite, OTHER);
    let [first, second] = world.closed().try_into().unwrap();
    assert_eq!(first.attempts[0].end_reason, EndReason::CalleeBusy);
    assert_eq!((first.callee_phone, second.callee_phone), (Some(PhoneId(1)), Some(PhoneId(2))));
    assert_eq!((first.attempts.len(), second.attempts.len()), (1, 1));
    world.assert_nothing_is_left();
}

#[test]
fn a_phone_that_nobody_answers_sends_its_call_on_after_its_time() {
    let mut world = forwarded(|phone| {
        phone.forward_no_answer = "442071234567".into();
        phone.no_answer_after = "5".into();
    });
    world.register(PHONE, "442000");
    let invite = world.invite("442000", Some(SDP));
    let asked = world.asked(PHONE, Method::Invite);
    world.respond(PHONE, &asked, 180, None);
    world.pass(4.0);
    assert!(!world.was_asked(VENDOR, Method::Invite));
    world.pass(1.5);
    assert!(world.was_cancelled(PHONE), "it rings no more");
    world.talk_ten_seconds(&invite, VENDOR);
    assert_eq!(world.closed()[0].attempts[0].end_reason, EndReason::NoAnswer);
}

#[test]
fn a_call_that_was_sent_on_ends_for_what_happened_there_and_not_for_why_it_was_sent_on() {
    let mut world = forwarded(|phone| phone.forward_busy = "442071234567".into());
    for gateway in [1, 2] {
        let pauses = &world.floor.desk.environment.vendor_pauses;
        pauses.pause(RoutingGatewayId(gateway), world.now.steady, Duration::from_secs(60));
    }
    world.register(PHONE, "442000");
    world.invite("442000", Some(SDP));
    let asked = world.asked(PHONE, Method::Invite);
    world.respond(PHONE, &asked, 486, None);
    assert_eq!(world.heard(CALLER).last(), Some(&503));
    let [to_phone, onward] = world.closed().try_into().unwrap();
    assert_eq!(to_phone.attempts.len(), 1);
    assert_eq!((onward.end_reason, onward.attempts.len()), (EndReason::AllGatewayBusy, 0));
}

#[test]
fn an_offline_phone_leads_to_a_gateway_with_its_own_number() {
    let mut world = forwarded(|phone| phone.forward_offline = "gateway:2".into());
    let invite = world.invite("442000", Some(SDP));
    assert_eq!(
        world.asked(SECOND_VENDOR, Method::Invite).1.to().unwrap().uri.user.as_deref(),
        Some("442000")
    );
    world.talk_ten_seconds(&invite, SECOND_VENDOR);
    assert_eq!(world.closed()[1].routing_gateway, Some(RoutingGatewayId(2)));
}

#[test]
fn phones_that_send_calls_to_each_other_end_in_482() {
    let mut phone = draft("442000");
    phone.forward_always = "442001".into();
    let mut other = draft("442001");
    other.forward_always = "442000".into();
    let mut world = world(vec![phone, other]);
    world.invite("442000", Some(SDP));
    assert_eq!(world.heard(CALLER), [100, 482]);
    assert!(world.closed().iter().all(|way| way.end_reason == EndReason::DivertedTooOften));
    world.assert_nothing_is_left();
}

#[test]
fn what_the_phones_account_has_no_price_for_is_not_called_at_its_expense() {
    let mut world = forwarded(|phone| phone.forward_always = "33123456".into());
    world.invite("442000", Some(SDP));
    assert_eq!(world.heard(CALLER), [100, 480]);
    assert_eq!(world.closed()[0].end_reason, EndReason::NoRate);
    world.assert_nothing_is_left();
}

#[test]
fn whoever_ends_the_way_onward_ends_the_call() {
    let mut world = forwarded(|phone| phone.forward_always = "442071234567".into());
    let invite = world.invite("442000", Some(SDP));
    let asked = world.asked(VENDOR, Method::Invite);
    world.respond(VENDOR, &asked, 200, Some(SDP));
    world.acknowledge(&invite);
    let onward = world.floor.list()[1].id;
    let now = world.now;
    assert!(world.floor.end(now, onward, EndReason::HungUpByOperator));
    world.settle();
    assert!(world.closed().iter().all(|way| way.end_reason == EndReason::HungUpByOperator));
    world.assert_nothing_is_left();
}
