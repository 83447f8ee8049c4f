use domain::EndReason;
use sip::Method;

use super::world::*;

const TIMER: (&str, &str) = ("Supported", "timer");

/// A call whose callee agrees to a session of 600 seconds that we refresh; `allow` decides the method.
fn timed(world: &mut World, caller: &[(&str, &str)], allow: &str) -> sip::Dialog {
    let invite = world.invite_with("442071234567", Some(SDP), caller);
    let asked = world.asked(VENDOR, Method::Invite);
    assert_eq!(asked.1.header(sip::HeaderName::SessionExpires), Some("600;refresher=uac"));
    world.respond_with(
        VENDOR,
        &asked,
        200,
        Some(SDP),
        &[("Session-Expires", "600;refresher=uac"), ("Require", "timer"), ("Allow", allow)],
    );
    world.acknowledge(&invite)
}

fn refuse_or_answer_refreshes(world: &mut World, method: &Method, code: u16) {
    for address in [CALLER, VENDOR] {
        if world.was_asked(address, method.clone()) {
            let asked = world.asked(address, method.clone());
            if asked.1.to_tag().is_some() {
                let body = (*method == Method::Invite && code == 200).then_some(SDP);
                world.respond_with(address, &asked, code, body, &[("Session-Expires", "600;refresher=uac")]);
            }
        }
    }
}

#[test]
fn both_legs_are_refreshed_every_300_seconds_and_the_call_goes_on() {
    let mut world = World::new("1000");
    let mut caller = timed(&mut world, &[TIMER, ("Allow", "UPDATE")], "INVITE, UPDATE");
    let (_, answer) = world.response(CALLER, 200);
    assert_eq!(answer.header(sip::HeaderName::SessionExpires), Some("600;refresher=uas"));
    world.pass(299.0);
    assert!(!world.was_asked(VENDOR, Method::Update) && !world.was_asked(CALLER, Method::Update));
    for _ in 0..10 {
        world.pass(2.0);
        refuse_or_answer_refreshes(&mut world, &Method::Update, 200);
        world.pass(298.0);
    }
    refuse_or_answer_refreshes(&mut world, &Method::Update, 200);
    let refreshes = world.count(VENDOR, Method::Update);
    assert!((10..=11).contains(&refreshes), "{refreshes} refreshes in 3300 seconds");
    assert_eq!(world.floor.calls.len(), 1);
    world.request(CALLER, &mut caller, rsip::Method::Bye, None);
    world.assert_nothing_is_left();
}

#[test]
fn a_side_without_update_is_refreshed_by_re_invite_with_the_same_description() {
    let mut world = World::new("1000");
    let mut caller = timed(&mut world, &[], "INVITE, BYE");
    let first = world.asked(VENDOR, Method::Invite).1.body().to_vec();
    world.pass(301.0);
    let asked = world.asked(VENDOR, Method::Invite);
    assert!(asked.1.to_tag().is_some());
    assert_eq!(asked.1.body(), first, "same description, same version");
    refuse_or_answer_refreshes(&mut world, &Method::Invite, 200);
    world.pass(400.0);
    assert_eq!(world.floor.calls.len(), 1);
    refuse_or_answer_refreshes(&mut world, &Method::Invite, 200);
    world.request(CALLER, &mut caller, rsip::Method::Bye, None);
    world.assert_nothing_is_left();
}

#[test]
fn a_side_that_has_vanished_ends_the_call() {
    let mut world = World::new("1000");
    timed(&mut world, &[], "INVITE, UPDATE");
    world.agent(VENDOR).deaf = true;
    world.pass(340.0);
    assert_eq!(world.cdr().end_reason, EndReason::SessionExpired);
    assert!(world.was_asked(CALLER, Method::Bye));
    world.assert_nothing_is_left();
}

#[test]
fn a_refresh_that_is_answered_481_ends_the_call_and_491_is_tried_again() {
    let mut world = World::new("1000");
    timed(&mut world, &[], "INVITE, UPDATE");
    world.pass(301.0);
    refuse_or_answer_refreshes(&mut world, &Method::Update, 491);
    world.pass(4.0);
    assert_eq!(world.count(VENDOR, Method::Update), 2);
    refuse_or_answer_refreshes(&mut world, &Method::Update, 481);
    assert_eq!(world.cdr().end_reason, EndReason::SessionExpired);
    world.assert_nothing_is_left();
}

#[test]
fn an_interval_that_is_too_short_is_refused_with_the_shortest() {
    let mut world = World::new("10");
    world.invite_with("442071234567", Some(SDP), &[TIMER, ("Session-Expires", "30")]);
    let (_, refused) = world.response(CALLER, 422);
    assert_eq!(refused.header(sip::HeaderName::MinSe), Some("90"));
    assert_eq!(world.cdr().end_reason, EndReason::SessionIntervalTooSmall);
    world.assert_nothing_is_left();
}

#[test]
fn a_gateway_that_wants_a_longer_interval_is_asked_again_with_it() {
    let mut world = World::new("10");
    world.invite("442071234567", Some(SDP));
    let asked = world.asked(VENDOR, Method::Invite);
    world.respond_with(VENDOR, &asked, 422, None, &[("Min-SE", "1800")]);
    let again = world.asked(VENDOR, Method::Invite);
    assert_eq!(again.1.header(sip::HeaderName::SessionExpires), Some("1800;refresher=uac"));
    assert!(!world.was_asked(SECOND_VENDOR, Method::Invite));
    world.respond(VENDOR, &again, 486, None);
    world.assert_nothing_is_left();
}

#[test]
fn the_callers_own_refresh_is_answered_here_and_keeps_the_session() {
    let mut world = World::new("1000");
    let invite =
        world.invite_with("442071234567", Some(SDP), &[TIMER, ("Session-Expires", "600;refresher=uac")]);
    let asked = world.asked(VENDOR, Method::Invite);
    world.respond(VENDOR, &asked, 200, Some(SDP));
    let mut caller = world.acknowledge(&invite);
    for _ in 0..4 {
        world.pass(400.0);
        let client = world.request(CALLER, &mut caller, rsip::Method::Update, None);
        assert_eq!(world.response(CALLER, 200).0, client);
    }
    assert!(!world.was_asked(VENDOR, Method::Update));
    assert_eq!(world.floor.calls.len(), 1);
    world.pass(570.0);
    assert_eq!(world.cdr().end_reason, EndReason::SessionExpired);
    world.assert_nothing_is_left();
}

#[test]
fn a_caller_without_session_timer_is_cut_after_two_hours() {
    let mut world = World::new("1000");
    world.talk();
    world.pass(7199.0);
    assert_eq!(world.floor.calls.len(), 1);
    world.pass(2.0);
    let cdr = world.cdr();
    assert_eq!((cdr.end_reason, cdr.customer.billed.0), (EndReason::NonTimerLimitReached, 7200));
    assert!(world.was_asked(CALLER, Method::Bye) && world.was_asked(VENDOR, Method::Bye));
    world.assert_nothing_is_left();
}
