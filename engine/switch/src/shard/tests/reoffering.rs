use domain::EndReason;
use sip::{Event, Method};

use super::world::*;

const HELD: &str = "v=0\r\no=x 1 2 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 30000 RTP/AVP 8\r\na=sendonly\r\n";

fn last_invite(world: &mut World, address: &str) -> (sip::ServerId, sip::Message) {
    world.asked(address, Method::Invite)
}

#[test]
fn a_hold_is_passed_to_the_other_side_and_its_answer_back() {
    let mut world = World::new("10");
    let (mut caller, _) = world.talk();
    let client = world.request(CALLER, &mut caller, rsip::Method::Invite, Some(HELD));
    let asked = last_invite(&mut world, VENDOR);
    assert!(asked.1.to_tag().is_some() && asked.1.body().windows(8).any(|w| w == b"sendonly"));
    world.respond(VENDOR, &asked, 200, Some(SDP));
    let (answered, answer) = world.response(CALLER, 200);
    assert_eq!((answered, answer.cseq().0), (client, 2));
    let now = world.now.steady;
    world.agent(CALLER).endpoint.acknowledge(now, client, flow(at(CALLER), at(SWITCH)), caller.ack(2));
    world.settle();
    let acks = world.agent(VENDOR).events.iter().filter(|e| matches!(e, Event::Ack { .. })).count();
    assert_eq!(acks, 2);
    world.request(CALLER, &mut caller, rsip::Method::Bye, None);
    assert_eq!(world.cdr().end_reason, EndReason::NormalClearing);
    world.assert_nothing_is_left();
}

#[test]
fn the_callee_may_offer_too_and_a_refusal_changes_nothing() {
    let mut world = World::new("10");
    let (mut caller, mut callee) = world.talk();
    world.request(VENDOR, &mut callee, rsip::Method::Invite, Some(HELD));
    let asked = last_invite(&mut world, CALLER);
    world.respond(CALLER, &asked, 488, None);
    assert_eq!(*world.heard(VENDOR).last().unwrap(), 488);
    world.pass(2.0);
    assert_eq!(world.floor.calls.len(), 1);
    world.request(CALLER, &mut caller, rsip::Method::Bye, None);
    world.assert_nothing_is_left();
}

#[test]
fn offers_from_both_sides_at_once_meet_491() {
    let mut world = World::new("10");
    let (mut caller, mut callee) = world.talk();
    world.request(CALLER, &mut caller, rsip::Method::Invite, Some(HELD));
    world.request(VENDOR, &mut callee, rsip::Method::Invite, Some(HELD));
    assert_eq!(*world.heard(VENDOR).last().unwrap(), 491);
    let asked = last_invite(&mut world, VENDOR);
    world.respond(VENDOR, &asked, 200, Some(SDP));
    world.request(CALLER, &mut caller, rsip::Method::Bye, None);
    world.assert_nothing_is_left();
}

#[test]
fn an_update_is_passed_on() {
    let mut world = World::new("10");
    let (mut caller, _) = world.talk();
    world.request(CALLER, &mut caller, rsip::Method::Update, Some(SDP));
    let asked = world.asked(VENDOR, Method::Update);
    world.respond(VENDOR, &asked, 200, Some(SDP));
    assert!(!world.response(CALLER, 200).1.body().is_empty());
    world.request(CALLER, &mut caller, rsip::Method::Bye, None);
    world.assert_nothing_is_left();
}

#[test]
fn info_is_passed_on_with_its_body() {
    let mut world = World::new("10");
    let (mut caller, _) = world.talk();
    world.request(CALLER, &mut caller, rsip::Method::Info, Some("Signal=5"));
    let asked = world.asked(VENDOR, Method::Info);
    assert_eq!(asked.1.body(), b"Signal=5");
    world.respond(VENDOR, &asked, 200, None);
    assert_eq!(*world.heard(CALLER).last().unwrap(), 200);
    world.request(CALLER, &mut caller, rsip::Method::Bye, None);
    world.assert_nothing_is_left();
}

#[test]
fn a_side_that_no_longer_knows_the_call_ends_it() {
    let mut world = World::new("10");
    let (mut caller, _) = world.talk();
    world.request(CALLER, &mut caller, rsip::Method::Invite, Some(HELD));
    let asked = last_invite(&mut world, VENDOR);
    world.respond(VENDOR, &asked, 481, None);
    assert_eq!(world.cdr().end_reason, EndReason::SignallingLost);
    world.assert_nothing_is_left();
}
