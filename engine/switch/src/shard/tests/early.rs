//! Requests in early dialogs.

use sip::{Dialog, Method};

use super::{
    reliability::{prack, reliable, respond_reliably},
    world::*,
};

const HELD: &str = "v=0\r\no=x 1 2 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 30000 RTP/AVP 8\r\na=sendonly\r\n";

/// A call whose first exchange is over by a reliable 183 on both sides: the vendor's INVITE, the caller's, and both dialogs.
fn agreed(world: &mut World) -> ((sip::ServerId, sip::Message), rsip::Request, Dialog, Dialog) {
    let invite = world.invite_with("442071234567", Some(SDP), &[("Supported", "100rel")]);
    let asked = world.asked(VENDOR, Method::Invite);
    respond_reliably(world, &asked, 183, Some(SDP), "agent");
    let pracked = world.asked(VENDOR, Method::Prack);
    world.respond(VENDOR, &pracked, 200, None);
    let (rseq, mut caller) = reliable(world, &invite, 183);
    prack(world, &mut caller, rseq);
    let callee = callee_of(&asked, "agent");
    (asked, invite, caller, callee)
}

fn callee_of(asked: &(sip::ServerId, sip::Message), tag: &str) -> Dialog {
    Dialog::uas(&asked.1, tag, flow(at(VENDOR), at(SWITCH)), &format!("<sip:{VENDOR}>")).unwrap()
}

fn shows(message: &sip::Message, words: &str) -> bool {
    message.body().windows(words.len()).any(|window| window == words.as_bytes())
}

#[test]
fn an_update_before_the_answer_is_passed_on_once_the_first_exchange_is_over() {
    let mut world = World::new("10");
    let (asked, invite, mut caller, mut callee) = agreed(&mut world);
    world.request(CALLER, &mut caller, rsip::Method::Update, Some(HELD));
    let update = world.asked(VENDOR, Method::Update);
    assert!(shows(&update.1, "sendonly"));
    world.respond(VENDOR, &update, 200, Some(SDP));
    assert_eq!(world.heard(CALLER), [100, 183, 200, 200]);
    world.request(VENDOR, &mut callee, rsip::Method::Update, Some(HELD));
    let update = world.asked(CALLER, Method::Update);
    assert!(shows(&update.1, "sendonly"));
    world.respond(CALLER, &update, 200, Some(SDP));
    assert_eq!(*world.heard(VENDOR).last().unwrap(), 200);
    // The answer says nothing more: what was agreed last holds.
    world.respond(VENDOR, &asked, 200, None);
    let mut answered = world.acknowledge(&invite);
    let (_, answer) = world.response(CALLER, 200);
    assert!(shows(&answer, "sendonly"), "the callee's last description");
    answered.local_cseq = caller.local_cseq;
    world.request(CALLER, &mut answered, rsip::Method::Bye, None);
    world.assert_nothing_is_left();
}

#[test]
fn an_update_before_the_first_exchange_is_over_is_asked_to_come_later() {
    let mut world = World::new("10");
    let invite = world.invite("442071234567", Some(SDP));
    let asked = world.asked(VENDOR, Method::Invite);
    world.respond(VENDOR, &asked, 183, Some(SDP));
    let (_, progress) = world.response(CALLER, 183);
    let mut caller = Dialog::uac(&invite, &progress, flow(at(CALLER), at(SWITCH))).unwrap();
    let mut callee = callee_of(&asked, "agent");
    world.request(CALLER, &mut caller, rsip::Method::Update, Some(HELD));
    world.request(VENDOR, &mut callee, rsip::Method::Update, Some(HELD));
    for address in [CALLER, VENDOR] {
        let (_, refused) = world.response(address, 500);
        assert!(refused.retry_after().is_some());
    }
    assert!(!world.was_asked(VENDOR, Method::Update) && !world.was_asked(CALLER, Method::Update));
    world.cancel();
    world.respond(VENDOR, &asked, 487, None);
    world.assert_nothing_is_left();
}

#[test]
fn an_update_of_a_phone_that_the_caller_does_not_hear_is_asked_to_come_later() {
    let mut world = World::new("10");
    let (asked, ..) = agreed(&mut world);
    respond_reliably(&mut world, &asked, 180, None, "other");
    let mut other = callee_of(&asked, "other");
    world.request(VENDOR, &mut other, rsip::Method::Update, Some(HELD));
    assert!(world.heard(VENDOR).contains(&500));
    assert!(!world.was_asked(CALLER, Method::Update));
    world.cancel();
    world.respond(VENDOR, &asked, 487, None);
    world.assert_nothing_is_left();
}

#[test]
fn info_before_the_answer_goes_to_the_other_side() {
    let mut world = World::new("10");
    let invite = world.invite("442071234567", Some(SDP));
    let asked = world.asked(VENDOR, Method::Invite);
    let mut nobody = Dialog::uac(&invite, &world.response(CALLER, 100).1, flow(at(CALLER), at(SWITCH)));
    assert!(nobody.as_mut().is_err(), "a 100 opens no dialog");
    world.respond(VENDOR, &asked, 180, None);
    let (_, ringing) = world.response(CALLER, 180);
    let mut caller = Dialog::uac(&invite, &ringing, flow(at(CALLER), at(SWITCH))).unwrap();
    let mut callee = callee_of(&asked, "agent");
    world.request(CALLER, &mut caller, rsip::Method::Info, Some("Signal=1"));
    let info = world.asked(VENDOR, Method::Info);
    assert!(shows(&info.1, "Signal=1"));
    world.respond(VENDOR, &info, 200, None);
    world.request(VENDOR, &mut callee, rsip::Method::Info, Some("Signal=2"));
    let info = world.asked(CALLER, Method::Info);
    assert!(shows(&info.1, "Signal=2"));
    world.respond(CALLER, &info, 200, None);
    assert_eq!(*world.heard(VENDOR).last().unwrap(), 200);
    world.cancel();
    world.respond(VENDOR, &asked, 487, None);
    world.assert_nothing_is_left();
}

#[test]
fn a_gateway_that_has_refused_the_call_is_no_longer_in_a_dialog_with_it() {
    let mut world = World::new("10");
    let (asked, _, mut caller, mut callee) = agreed(&mut world);
    world.request(CALLER, &mut caller, rsip::Method::Update, Some(HELD));
    world.asked(VENDOR, Method::Update);
    world.respond(VENDOR, &asked, 404, None);
    assert!(world.heard(CALLER).contains(&487), "the open UPDATE is answered");
    world.request(VENDOR, &mut callee, rsip::Method::Info, None);
    assert_eq!(*world.heard(VENDOR).last().unwrap(), 481);
    world.assert_nothing_is_left();
}
