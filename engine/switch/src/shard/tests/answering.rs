use domain::{EndReason, ReleaseSide};
use sip::{Dialog, Method};

use super::world::*;
use crate::spool::Record;

#[test]
fn an_answered_call_is_passed_on_charged_and_recorded_once() {
    let mut world = World::new("10");
    let (mut caller, _) = world.talk();
    assert_eq!(world.heard(CALLER), [100, 180, 200]);
    world.pass(65.0);
    world.request(CALLER, &mut caller, rsip::Method::Bye, None);
    world.accept_byes();

    let cdr = world.cdr();
    assert_eq!(
        (cdr.end_reason, cdr.released_by, cdr.sip_code.0),
        (EndReason::NormalClearing, ReleaseSide::Caller, 200)
    );
    assert_eq!((cdr.duration_ms, cdr.customer.billed.0), (65_000, 65));
    assert_eq!(cdr.customer.amount.to_string(), "0.065");
    assert_eq!(cdr.vendor.as_ref().unwrap().amount.to_string(), "0.0325");
    assert_eq!(cdr.profit().unwrap().to_string(), "0.0325");
    assert_eq!((cdr.caller_in.as_str(), cdr.callee_out.as_deref()), ("4930123", Some("442071234567")));
    assert_eq!(cdr.codec.as_deref(), Some("PCMA"));
    assert_eq!(cdr.attempts.len(), 1);
    assert_eq!(cdr.config_version, 7);
    world.assert_nothing_is_left();
}

#[test]
fn each_leg_has_its_own_call_id_tags_contact_and_media_address() {
    let mut world = World::new("10");
    let invite = world.invite("442071234567", Some(SDP));
    let (_, received) = world.asked(VENDOR, Method::Invite);
    assert_ne!(sip::find_header(&invite.headers, "Call-ID"), Some(received.call_id()));
    assert_ne!(
        received.from().unwrap().tag(),
        sip::find_header(&invite.headers, "From").and_then(sip::tag_of)
    );
    assert!(
        !received.bytes().windows(CALLER.len()).any(|w| w == CALLER.as_bytes()),
        "the caller's address shows"
    );
    let body = String::from_utf8(received.body().to_vec()).unwrap();
    assert!(!body.contains("30000"), "the caller's media port shows");
    assert_eq!(received.max_forwards(), Some(69));
}

#[test]
fn the_caller_hears_of_the_answer_only_after_the_spool_has_it() {
    let mut world = World::new("10");
    world.confirm_at_once = false;
    world.invite("442071234567", Some(SDP));
    let asked = world.asked(VENDOR, Method::Invite);
    world.respond(VENDOR, &asked, 200, Some(SDP));
    assert!(matches!(world.records.as_slice(), [Record::Open(_)]));
    assert_eq!(world.heard(CALLER), [100]);
    world.confirm_at_once = true;
    world.settle();
    assert_eq!(world.heard(CALLER), [100, 200]);
}

/// A call whose caller has not heard of the answer, and the called side's dialog, which has.
fn answered_in_secret(world: &mut World) -> (rsip::Request, Dialog) {
    world.confirm_at_once = false;
    let invite = world.invite("442071234567", Some(SDP));
    let asked = world.asked(VENDOR, Method::Invite);
    world.respond(VENDOR, &asked, 200, Some(SDP));
    let way = flow(at(VENDOR), at(SWITCH));
    (invite, Dialog::uas(&asked.1, "agent", way, &format!("<sip:{VENDOR}>")).unwrap())
}

#[test]
fn what_the_called_side_asks_before_the_caller_knows_of_the_answer_waits_until_then() {
    let mut world = World::new("10");
    let (invite, mut callee) = answered_in_secret(&mut world);
    world.request(VENDOR, &mut callee, rsip::Method::Info, None);
    world.request(VENDOR, &mut callee, rsip::Method::Invite, Some(SDP));
    assert!(!world.was_asked(CALLER, Method::Info) && !world.was_asked(CALLER, Method::Invite));
    world.confirm_at_once = true;
    world.settle();
    assert!(!world.was_asked(CALLER, Method::Info), "the caller has not acknowledged yet");
    world.acknowledge(&invite);
    for (method, body) in [(Method::Info, None), (Method::Invite, Some(SDP))] {
        let asked = world.asked(CALLER, method);
        world.respond(CALLER, &asked, 200, body);
    }
    let heard = world.heard(VENDOR);
    assert!(heard.ends_with(&[100, 200, 200]), "{heard:?}");
}

#[test]
fn what_waits_is_answered_when_the_call_ends_first_or_it_is_taken_back() {
    let mut world = World::new("10");
    let (_, mut callee) = answered_in_secret(&mut world);
    let reinvite = world.request(VENDOR, &mut callee, rsip::Method::Invite, Some(SDP));
    world.pass(0.5);
    let now = world.now.steady;
    world.agent(VENDOR).endpoint.cancel(now, reinvite);
    world.settle();
    assert_eq!(*world.heard(VENDOR).last().unwrap(), 487);
    for _ in 0..5 {
        world.request(VENDOR, &mut callee, rsip::Method::Info, None);
    }
    assert_eq!(*world.heard(VENDOR).last().unwrap(), 500, "no more than four wait");
    world.request(VENDOR, &mut callee, rsip::Method::Bye, None);
    let heard = world.heard(VENDOR);
    assert_eq!(heard[heard.len() - 5..].iter().filter(|code| **code == 487).count(), 4, "{heard:?}");
    world.assert_nothing_is_left();
}

#[test]
fn a_talking_call_is_written_down_every_few_seconds() {
    let mut world = World::new("10");
    world.talk();
    world.pass(21.0);
    let open: Vec<i64> = world
        .records
        .iter()
        .map(|record| match record {
            Record::Open(cdr) => cdr.duration_ms,
            Record::Closed(_) => panic!("still open"),
        })
        .collect();
    assert_eq!(open, [0, 5_000, 10_000, 15_000, 20_000]);
}

#[test]
fn a_delayed_offer_is_answered_in_the_ack() {
    let mut world = World::new("10");
    let invite = world.invite("442071234567", None);
    let asked = world.asked(VENDOR, Method::Invite);
    assert!(asked.1.body().is_empty());
    world.respond(VENDOR, &asked, 200, Some(SDP));
    let (client, answer) = world.response(CALLER, 200);
    assert!(!answer.body().is_empty());
    let way = flow(at(CALLER), at(SWITCH));
    let dialog = sip::Dialog::uac(&invite, &answer, way).unwrap();
    let mut ack = dialog.ack(1);
    ack.headers.push(sip::make_header("Content-Type", "application/sdp"));
    ack.body = SDP.into();
    let now = world.now.steady;
    world.agent(CALLER).endpoint.acknowledge(now, client, way, ack);
    world.settle();
    let passed = world
        .agent(VENDOR)
        .events
        .iter()
        .any(|event| matches!(event, sip::Event::Ack { message, .. } if !message.body().is_empty()));
    assert!(passed, "the vendor's ACK has no answer");
}

#[test]
fn early_media_is_passed_on_and_no_other_gateway_is_tried_after_it() {
    let mut world = World::new("10");
    world.invite("442071234567", Some(SDP));
    let asked = world.asked(VENDOR, Method::Invite);
    world.respond(VENDOR, &asked, 183, Some(SDP));
    assert!(!world.response(CALLER, 183).1.body().is_empty());
    world.respond(VENDOR, &asked, 503, None);
    assert_eq!(world.heard(CALLER), [100, 183, 503]);
    assert!(!world.was_asked(SECOND_VENDOR, Method::Invite));
    world.assert_nothing_is_left();
}

#[test]
fn an_answer_without_description_repeats_the_early_one() {
    let mut world = World::new("10");
    world.invite("442071234567", Some(SDP));
    let asked = world.asked(VENDOR, Method::Invite);
    world.respond(VENDOR, &asked, 183, Some(SDP));
    world.respond(VENDOR, &asked, 200, None);
    assert_eq!(world.response(CALLER, 183).1.body(), world.response(CALLER, 200).1.body());
}

/// RFC 3261 §13.2.2.4: what a phone has described counts for its own answer.
#[test]
fn the_phone_that_answers_is_heard_and_not_the_one_that_described_itself_last() {
    let mut world = World::new("10");
    world.invite("442071234567", Some(SDP));
    let (server, asked) = world.asked(VENDOR, Method::Invite);
    let respond = |world: &mut World, code, tag: &str, body: Option<&str>| {
        let mut response = sip::reply(&asked, code, None, Some(tag));
        response.headers.push(sip::make_header("Contact", format!("<sip:{VENDOR}>")));
        if let Some(body) = body {
            response.headers.push(sip::make_header("Content-Type", "application/sdp"));
            response.body = body.into();
        }
        let now = world.now.steady;
        world.agent(VENDOR).endpoint.respond(now, server, response);
        world.settle();
    };
    let other = SDP.replace("RTP/AVP 8 101", "RTP/AVP 0 101").replace("rtpmap:8 PCMA", "rtpmap:0 PCMU");
    respond(&mut world, 183, "one", Some(SDP));
    respond(&mut world, 183, "two", Some(&other));
    respond(&mut world, 200, "one", None);
    let body = world.response(CALLER, 200).1.body().to_vec();
    assert!(String::from_utf8(body).unwrap().contains("PCMA"), "what the first phone described");
    assert_eq!(world.floor.list()[0].codec.as_deref(), Some("PCMA"));
}
