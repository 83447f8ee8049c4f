//! Requests inside a call that mean the other side.

use sip::{HeaderName, Method};

use super::world::*;

fn send(
    world: &mut World,
    address: &str,
    dialog: &mut sip::Dialog,
    method: rsip::Method,
    headers: &[(&str, &str)],
    body: &str,
) -> u32 {
    let mut request = dialog.request(method);
    headers.iter().for_each(|(name, value)| request.headers.push(sip::make_header(name, *value)));
    request.body = body.into();
    let now = world.now.steady;
    world.agent(address).endpoint.request(now, flow(at(address), at(SWITCH)), request);
    world.settle();
    dialog.local_cseq
}

#[test]
fn a_transfer_is_passed_on_and_its_progress_comes_back_under_the_callers_number() {
    let mut world = World::new("10");
    let (mut caller, mut callee) = world.talk();
    // So that the numbers of the two legs differ.
    send(&mut world, CALLER, &mut caller, rsip::Method::Options, &[], "");
    let refer = [("Refer-To", "<sip:449@example.com>"), ("Referred-By", "<sip:a@b>")];
    let heard = send(&mut world, CALLER, &mut caller, rsip::Method::Refer, &refer, "");
    let asked = world.asked(VENDOR, Method::Refer);
    assert_eq!(asked.1.header(HeaderName::ReferTo), Some("<sip:449@example.com>"));
    assert_eq!(asked.1.header(HeaderName::ReferredBy), Some("<sip:a@b>"));
    world.respond_with(VENDOR, &asked, 202, None, &[("Refer-Sub", "true")]);
    let accepted = world.response(CALLER, 202).1;
    assert_eq!(accepted.header(HeaderName::ReferSub), Some("true"));
    assert_eq!(accepted.header(HeaderName::Contact), Some(format!("<sip:{SWITCH}>").as_str()));

    let sent = asked.1.cseq().0;
    assert_ne!(sent, heard);
    let notify = [
        ("Event", &*format!("refer;id={sent}")),
        ("Subscription-State", "active;expires=60"),
        ("Content-Type", "message/sipfrag;version=2.0"),
    ];
    send(&mut world, VENDOR, &mut callee, rsip::Method::Notify, &notify, "SIP/2.0 100 Trying\r\n");
    let told = world.asked(CALLER, Method::Notify);
    assert_eq!(told.1.header(HeaderName::Event), Some(format!("refer;id={heard}").as_str()));
    assert_eq!(told.1.header(HeaderName::SubscriptionState), Some("active;expires=60"));
    assert_eq!(told.1.header(HeaderName::ContentType), Some("message/sipfrag;version=2.0"));
    assert_eq!(told.1.body(), b"SIP/2.0 100 Trying\r\n");
    world.respond(CALLER, &told, 200, None);
    assert_eq!(*world.heard(VENDOR).last().unwrap(), 200);
    world.request(CALLER, &mut caller, rsip::Method::Bye, None);
    world.assert_nothing_is_left();
}

#[test]
fn a_transfer_without_exactly_one_target_is_refused() {
    let mut world = World::new("10");
    let (mut caller, _) = world.talk();
    for targets in [&[][..], &[("Refer-To", "<sip:1@h>, <sip:2@h>")]] {
        send(&mut world, CALLER, &mut caller, rsip::Method::Refer, targets, "");
        assert_eq!(*world.heard(CALLER).last().unwrap(), 400);
    }
    assert!(!world.was_asked(VENDOR, Method::Refer));
    world.request(CALLER, &mut caller, rsip::Method::Bye, None);
    world.assert_nothing_is_left();
}

#[test]
fn a_text_is_passed_on_and_a_refusal_of_it_leaves_the_call() {
    let mut world = World::new("10");
    let (mut caller, mut callee) = world.talk();
    let plain = [("Content-Type", "text/plain;charset=utf-8")];
    send(&mut world, VENDOR, &mut callee, rsip::Method::Message, &plain, "good day");
    let told = world.asked(CALLER, Method::Message);
    assert_eq!(
        (told.1.body(), told.1.header(HeaderName::ContentType)),
        (&b"good day"[..], Some("text/plain;charset=utf-8"))
    );
    world.respond_with(CALLER, &told, 415, None, &[("Accept", "text/html")]);
    assert_eq!(world.response(VENDOR, 415).1.header(HeaderName::Accept), Some("text/html"));
    assert_eq!(world.floor.calls.len(), 1);
    world.request(CALLER, &mut caller, rsip::Method::Bye, None);
    world.assert_nothing_is_left();
}

#[test]
fn a_notify_of_a_forgotten_subscription_does_not_end_the_call() {
    let mut world = World::new("10");
    let (mut caller, mut callee) = world.talk();
    let notify = [("Event", "refer"), ("Subscription-State", "terminated;reason=noresource")];
    send(&mut world, VENDOR, &mut callee, rsip::Method::Notify, &notify, "");
    let told = world.asked(CALLER, Method::Notify);
    world.respond(CALLER, &told, 481, None);
    assert_eq!(*world.heard(VENDOR).last().unwrap(), 481);
    assert_eq!(world.floor.calls.len(), 1);
    world.request(CALLER, &mut caller, rsip::Method::Bye, None);
    world.assert_nothing_is_left();
}

#[test]
fn what_needs_a_dialog_is_refused_outside_of_one() {
    let mut world = World::new("10");
    for (method, status) in [
        ("NOTIFY", 481),
        ("INFO", 481),
        ("REFER", 405),
        ("MESSAGE", 405),
        ("SUBSCRIBE", 405),
        ("PUBLISH", 405),
    ] {
        let text = format!(
            "{method} sip:44@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP {CALLER};branch=z9hG4bK{method}\r\n\
             From: <sip:a@b>;tag=1\r\nTo: <sip:44@b>\r\nCall-ID: {method}\r\nCSeq: 1 {method}\r\n\
             Event: presence\r\nRefer-To: <sip:c@d>\r\nContent-Length: 0\r\n\r\n"
        );
        let now = world.now;
        world.floor.on_message(now, flow(at(SWITCH), at(CALLER)), text.into());
        let answer = String::from_utf8(world.floor.poll_transmit().unwrap().bytes.to_vec()).unwrap();
        assert!(answer.starts_with(&format!("SIP/2.0 {status} ")), "{answer}");
        let told = answer.contains("Allow: INVITE, ACK, CANCEL, OPTIONS, REGISTER\r\n");
        assert_eq!(told, status == 405, "{answer}");
    }
    world.assert_nothing_is_left();
}
