use domain::{EndReason, ReleaseSide};
use sip::Method;

use super::world::*;

#[test]
fn the_callee_hangs_up() {
    let mut world = World::new("10");
    let (_, mut callee) = world.talk();
    world.pass(3.0);
    world.request(VENDOR, &mut callee, rsip::Method::Bye, None);
    assert_eq!(world.heard(VENDOR), [200]);
    assert!(world.was_asked(CALLER, Method::Bye));
    let cdr = world.cdr();
    assert_eq!((cdr.end_reason, cdr.released_by), (EndReason::NormalClearing, ReleaseSide::Callee));
    world.assert_nothing_is_left();
}

#[test]
fn a_cancel_while_it_rings_reaches_the_gateway_and_costs_nothing() {
    let mut world = World::new("10");
    world.invite("442071234567", Some(SDP));
    let asked = world.asked(VENDOR, Method::Invite);
    world.respond(VENDOR, &asked, 180, None);
    world.cancel();
    assert_eq!(*world.heard(CALLER).last().unwrap(), 487);
    world.respond(VENDOR, &asked, 487, None);
    let cdr = world.cdr();
    assert_eq!(
        (cdr.end_reason, cdr.released_by, cdr.sip_code.0),
        (EndReason::CallerCancelled, ReleaseSide::Caller, 487)
    );
    assert_eq!((cdr.duration_ms, cdr.customer.amount), (0, domain::Money::ZERO));
    assert_eq!(cdr.attempts.len(), 1);
    world.assert_nothing_is_left();
}

#[test]
fn an_answer_that_crosses_the_cancel_is_acknowledged_and_hung_up() {
    let mut world = World::new("10");
    world.invite("442071234567", Some(SDP));
    let asked = world.asked(VENDOR, Method::Invite);
    world.respond(VENDOR, &asked, 180, None);
    // The vendor has answered before the CANCEL reaches it.
    world.agent(VENDOR).deaf = true;
    world.cancel();
    world.agent(VENDOR).deaf = false;
    world.respond(VENDOR, &asked, 200, Some(SDP));
    assert!(world.was_asked(VENDOR, Method::Bye));
    assert_eq!(world.cdr().end_reason, EndReason::CallerCancelled);
    world.assert_nothing_is_left();
}

#[test]
fn a_cancel_after_the_answer_has_no_effect() {
    let mut world = World::new("10");
    world.confirm_at_once = false;
    let invite = world.invite("442071234567", Some(SDP));
    let asked = world.asked(VENDOR, Method::Invite);
    world.respond(VENDOR, &asked, 200, Some(SDP));
    world.cancel();
    world.confirm_at_once = true;
    world.settle();
    let mut caller = world.acknowledge(&invite);
    world.pass(1.0);
    world.request(CALLER, &mut caller, rsip::Method::Bye, None);
    assert_eq!(world.cdr().end_reason, EndReason::NormalClearing);
    world.assert_nothing_is_left();
}

#[test]
fn an_operator_ends_a_ringing_and_a_talking_call() {
    let mut world = World::new("10");
    world.invite("442071234567", Some(SDP));
    let call = world.floor.list()[0].id;
    let now = world.now;
    assert!(world.floor.end(now, call, EndReason::HungUpByOperator));
    world.settle();
    assert_eq!(*world.heard(CALLER).last().unwrap(), 480);
    let cdr = world.cdr();
    assert_eq!((cdr.end_reason, cdr.released_by), (EndReason::HungUpByOperator, ReleaseSide::Switch));

    let mut world = World::new("10");
    world.talk();
    let call = world.floor.list()[0].id;
    let now = world.now;
    assert!(world.floor.end(now, call, EndReason::HungUpByOperator));
    assert!(!world.floor.end(now, call, EndReason::HungUpByOperator), "twice");
    world.settle();
    assert!(world.was_asked(CALLER, Method::Bye) && world.was_asked(VENDOR, Method::Bye));
    assert_eq!(world.cdr().end_reason, EndReason::HungUpByOperator);
    world.assert_nothing_is_left();
}

#[test]
fn a_stop_ends_every_call_and_refuses_new_ones() {
    let mut world = World::new("10");
    world.talk();
    let now = world.now;
    world.floor.stop(now);
    world.settle();
    assert_eq!(world.cdr().end_reason, EndReason::SwitchStopped);
    world.invite("442071234567", Some(SDP));
    assert_eq!(*world.heard(CALLER).last().unwrap(), 503);
    world.assert_nothing_is_left();
}

#[test]
fn a_missing_ack_ends_the_call_on_both_sides() {
    let mut world = World::new("10");
    world.invite("442071234567", Some(SDP));
    let asked = world.asked(VENDOR, Method::Invite);
    world.respond(VENDOR, &asked, 200, Some(SDP));
    world.pass(33.0);
    let cdr = world.cdr();
    assert_eq!((cdr.end_reason, cdr.released_by), (EndReason::AckMissing, ReleaseSide::Switch));
    assert!(world.was_asked(VENDOR, Method::Bye));
    world.assert_nothing_is_left();
}

#[test]
fn a_request_for_a_call_that_is_over_gets_481() {
    let mut world = World::new("10");
    let (mut caller, mut callee) = world.talk();
    world.request(CALLER, &mut caller, rsip::Method::Bye, None);
    world.request(VENDOR, &mut callee, rsip::Method::Bye, None);
    assert_eq!(world.heard(VENDOR), [481]);
    world.assert_nothing_is_left();
}

/// RFC 5923 §9.
#[test]
fn a_caller_whose_connection_is_gone_is_hung_up_at_its_contact() {
    let mut world = World::new("10");
    let stream = sip::Flow { transport: sip::Transport::Tcp, ..flow(at(SWITCH), at(CALLER)) };
    let invite = format!(
        "INVITE sip:442071234567@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP {CALLER};branch=z9hG4bKx\r\n\
         From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\n\
         Contact: <sip:a@127.0.0.1:5099;transport=tcp>\r\nContent-Type: application/sdp\r\n\
         Content-Length: {}\r\n\r\n{SDP}",
        SDP.len()
    );
    let now = world.now;
    world.floor.on_message(now, stream, invite.into());
    world.settle();
    let asked = world.asked(VENDOR, Method::Invite);
    world.respond(VENDOR, &asked, 200, Some(SDP));
    world.floor.on_flow_failed(now, stream);
    world.settle();
    let call = *world.floor.calls.keys().next().unwrap();
    assert!(world.floor.end(now, call, EndReason::HungUpByOperator));
    let sent: Vec<_> = std::iter::from_fn(|| world.floor.poll_transmit()).collect();
    let bye = sent.iter().find(|sent| sent.bytes.starts_with(b"BYE sip:a@127.0.0.1:5099"));
    let bye = bye.expect("a BYE to the caller").flow;
    assert_eq!((bye.transport, bye.remote), (sip::Transport::Tcp, at("127.0.0.1:5099")));
    assert!(world.floor.desk.streams.is_empty());
}
