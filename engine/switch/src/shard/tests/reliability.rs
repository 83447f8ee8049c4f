use domain::EndReason;
use sip::{Event, Method};

use super::world::*;

/// Sends a reliable response from the vendor.
pub(super) fn respond_reliably(
    world: &mut World,
    (server, request): &(sip::ServerId, sip::Message),
    code: u16,
    body: Option<&str>,
    tag: &str,
) {
    let now = world.now.steady;
    let mut response = sip::reply(request, code, None, Some(tag));
    response.headers.push(sip::make_header("Contact", format!("<sip:{VENDOR}>")));
    if let Some(body) = body {
        response.headers.push(sip::make_header("Content-Type", "application/sdp"));
        response.body = body.into();
    }
    world.agent(VENDOR).endpoint.respond_reliably(now, *server, response).unwrap();
    world.settle();
}

/// The RSeq of the last response with this status that the caller got, and the dialog it opened.
pub(super) fn reliable(world: &mut World, invite: &rsip::Request, status: u16) -> (sip::RSeq, sip::Dialog) {
    let found = world.agent(CALLER).events.iter().rev().find_map(|event| match event {
        Event::Response { message, rseq: Some(rseq), .. } if message.status() == Some(status) => {
            Some((*rseq, message.clone()))
        }
        _ => None,
    });
    let (rseq, response) = found.expect("a reliable response");
    (rseq, sip::Dialog::uac(invite, &response, flow(at(CALLER), at(SWITCH))).unwrap())
}

pub(super) fn prack(world: &mut World, dialog: &mut sip::Dialog, rseq: sip::RSeq) {
    let now = world.now.steady;
    let prack = dialog.prack(rseq, 1, Method::Invite);
    world.agent(CALLER).endpoint.request(now, flow(at(CALLER), at(SWITCH)), prack);
    world.settle();
}

#[test]
fn a_reliable_183_is_acknowledged_and_passed_on_reliably() {
    let mut world = World::new("10");
    let invite = world.invite_with("442071234567", Some(SDP), &[("Supported", "100rel")]);
    let asked = world.asked(VENDOR, Method::Invite);
    respond_reliably(&mut world, &asked, 183, Some(SDP), "agent");
    let pracked = world.asked(VENDOR, Method::Prack);
    world.respond(VENDOR, &pracked, 200, None);
    let (rseq, mut early) = reliable(&mut world, &invite, 183);
    prack(&mut world, &mut early, rseq);
    assert_eq!(world.heard(CALLER), [100, 183, 200], "the PRACK is answered");
    world.respond(VENDOR, &asked, 200, Some(SDP));
    let mut caller = world.acknowledge(&invite);
    caller.local_cseq = early.local_cseq;
    world.pass(2.0);
    world.request(CALLER, &mut caller, rsip::Method::Bye, None);
    let bye = world.asked(VENDOR, Method::Bye);
    assert_eq!(bye.1.cseq().0, 3, "the dialog goes on after its PRACK");
    assert_eq!(world.cdr().end_reason, EndReason::NormalClearing);
    world.assert_nothing_is_left();
}

#[test]
fn a_caller_that_insists_gets_reliable_ringing_from_a_plain_one() {
    let mut world = World::new("10");
    let invite = world.invite_with("442071234567", Some(SDP), &[("Require", "100rel")]);
    let asked = world.asked(VENDOR, Method::Invite);
    world.respond(VENDOR, &asked, 180, None);
    let (rseq, mut early) = reliable(&mut world, &invite, 180);
    prack(&mut world, &mut early, rseq);
    assert!(!world.was_asked(VENDOR, Method::Prack));
    world.cancel();
    world.respond(VENDOR, &asked, 487, None);
    world.assert_nothing_is_left();
}

#[test]
fn a_caller_that_never_confirms_ringing_is_refused() {
    let mut world = World::new("10");
    world.invite_with("442071234567", Some(SDP), &[("Require", "100rel")]);
    let asked = world.asked(VENDOR, Method::Invite);
    world.respond(VENDOR, &asked, 180, None);
    world.pass(33.0);
    assert_eq!(world.cdr().end_reason, EndReason::AckMissing);
    assert_eq!(*world.heard(CALLER).last().unwrap(), 408);
    assert!(world.agent(VENDOR).events.iter().any(|event| matches!(event, Event::Cancelled { .. })));
    world.respond(VENDOR, &asked, 487, None);
    world.assert_nothing_is_left();
}

#[test]
fn an_extension_that_we_do_not_have_is_refused_with_its_name() {
    let mut world = World::new("10");
    world.invite_with("442071234567", Some(SDP), &[("Require", "100rel, precondition")]);
    let (_, refused) = world.response(CALLER, 420);
    assert_eq!(refused.header(sip::HeaderName::Unsupported), Some("precondition"));
    world.assert_nothing_is_left();
}

#[test]
fn each_phone_that_rings_behind_a_gateway_is_confirmed_in_its_own_dialog() {
    let mut world = World::new("10");
    world.invite("442071234567", Some(SDP));
    let asked = world.asked(VENDOR, Method::Invite);
    for (tag, count) in [("one", 1), ("two", 2)] {
        respond_reliably(&mut world, &asked, 180, None, tag);
        assert_eq!(world.count(VENDOR, Method::Prack), count);
        let pracked = world.asked(VENDOR, Method::Prack);
        assert_eq!(pracked.1.to_tag(), Some(tag));
        assert_eq!(pracked.1.cseq().0, 2, "each dialog counts by itself");
        world.respond(VENDOR, &pracked, 200, None);
    }
    world.cancel();
    world.respond(VENDOR, &asked, 487, None);
    world.assert_nothing_is_left();
}
