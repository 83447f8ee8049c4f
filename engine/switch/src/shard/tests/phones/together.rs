//! Phones with several contacts.

use domain::EndReason;
use sip::{Event, HeaderName, Method};

use super::super::world::*;
use super::world::*;

/// A phone that has registered from two places.
fn at_two_places(how: impl FnOnce(&mut domain::PhoneDraft)) -> World {
    let mut phone = draft("442000");
    phone.max_contacts = "5".into();
    how(&mut phone);
    let mut world = world(vec![phone]);
    world.register(PHONE, "442000");
    world.register(OTHER, "442000");
    world
}

type Asked = (sip::ServerId, sip::Message);

/// Somebody calls it: both places are asked.
fn called(world: &mut World) -> (rsip::Request, Asked, Asked) {
    let invite = world.invite("442000", Some(SDP));
    let asked = [PHONE, OTHER].map(|place| world.asked(place, Method::Invite));
    let [first, second] = asked;
    (invite, first, second)
}

#[test]
fn both_places_ring_and_who_answers_has_the_call() {
    let mut world = at_two_places(|_| ());
    let (invite, first, second) = called(&mut world);
    world.respond(PHONE, &first, 180, None);
    world.respond(OTHER, &second, 180, None);
    world.respond(OTHER, &second, 200, Some(SDP));
    let mut caller = world.acknowledge(&invite);
    let cancelled = world.agent(PHONE).events.iter().find_map(|event| match event {
        Event::Cancelled { message, .. } => message.header(HeaderName::Reason).map(str::to_owned),
        _ => None,
    });
    assert_eq!(cancelled.as_deref(), Some("SIP;cause=200;text=\"Call completed elsewhere\""));
    world.respond(PHONE, &first, 487, None);
    world.pass(5.0);
    world.request(CALLER, &mut caller, rsip::Method::Bye, None);
    assert!(world.was_asked(OTHER, Method::Bye) && !world.was_asked(PHONE, Method::Bye));
    world.accept_byes_at(&[OTHER]);
    let cdr = world.cdr();
    assert_eq!((cdr.end_reason, cdr.attempts.len()), (EndReason::NormalClearing, 1));
    assert_eq!(cdr.destination, Some(at(OTHER)));
    world.assert_nothing_is_left();
}

#[test]
fn a_place_that_answers_too_late_is_acknowledged_and_hung_up() {
    let mut world = at_two_places(|_| ());
    let (invite, first, second) = called(&mut world);
    world.respond(PHONE, &first, 200, Some(SDP));
    world.respond(OTHER, &second, 200, Some(SDP));
    assert!(world.agent(OTHER).events.iter().any(|event| matches!(event, Event::Ack { .. })));
    assert!(world.was_asked(OTHER, Method::Bye));
    let mut caller = world.acknowledge(&invite);
    world.accept_byes_at(&[OTHER]);
    world.request(CALLER, &mut caller, rsip::Method::Bye, None);
    world.accept_byes_at(&[PHONE]);
    world.assert_nothing_is_left();
}

#[test]
fn one_that_is_busy_leaves_the_other_ringing_and_both_are_told_of() {
    let mut world = at_two_places(|_| ());
    let (_, first, second) = called(&mut world);
    world.respond(PHONE, &first, 486, None);
    assert_eq!(world.heard(CALLER), [100]);
    world.respond(OTHER, &second, 180, None);
    world.respond(OTHER, &second, 486, None);
    assert_eq!(world.heard(CALLER), [100, 180, 486]);
    assert_eq!(world.cdr().attempts.len(), 2);
    world.assert_nothing_is_left();
}

#[test]
fn a_decline_for_everywhere_silences_the_other() {
    let mut world = at_two_places(|_| ());
    let (_, first, second) = called(&mut world);
    world.respond(OTHER, &second, 180, None);
    world.respond(PHONE, &first, 603, None);
    assert!(world.was_cancelled(OTHER));
    world.respond(OTHER, &second, 487, None);
    assert_eq!(world.heard(CALLER), [100, 180, 603]);
    world.assert_nothing_is_left();
}

#[test]
fn a_caller_that_gives_up_silences_both() {
    let mut world = at_two_places(|_| ());
    let (_, first, second) = called(&mut world);
    world.respond(PHONE, &first, 180, None);
    world.respond(OTHER, &second, 180, None);
    world.cancel();
    assert!(world.was_cancelled(PHONE) && world.was_cancelled(OTHER));
    world.respond(PHONE, &first, 487, None);
    world.respond(OTHER, &second, 487, None);
    assert_eq!(world.cdr().attempts.len(), 2);
    world.assert_nothing_is_left();
}

#[test]
fn one_that_says_nothing_is_given_up_while_the_other_rings_on() {
    let mut world = at_two_places(|_| ());
    let (_, _, second) = called(&mut world);
    world.respond(OTHER, &second, 180, None);
    world.pass(15.0);
    assert!(world.cdr_if_closed().is_none() && !world.was_cancelled(OTHER));
    world.pass(110.0);
    assert!(world.was_cancelled(OTHER), "it has rung as long as it may");
    world.respond(OTHER, &second, 487, None);
    assert_eq!(world.cdr().end_reason, EndReason::NoAnswer);
    world.assert_nothing_is_left();
}

#[test]
fn both_are_one_call_of_the_phone_and_are_sent_on_together() {
    let mut world = at_two_places(|phone| {
        phone.max_calls = "1".into();
        phone.forward_no_answer = "442071234567".into();
        phone.no_answer_after = "10".into();
    });
    let (_, first, second) = called(&mut world);
    world.respond(PHONE, &first, 180, None);
    world.respond(OTHER, &second, 180, None);
    world.pass(11.0);
    for (place, asked) in [(PHONE, &first), (OTHER, &second)] {
        assert!(world.was_cancelled(place), "{place}");
        world.respond(place, asked, 487, None);
    }
    let onward = world.asked(VENDOR, Method::Invite);
    world.respond(VENDOR, &onward, 486, None);
    assert_eq!(world.heard(CALLER).last(), Some(&486));
    world.assert_nothing_is_left();
}

#[test]
fn info_of_either_that_rings_reaches_the_caller() {
    let mut world = at_two_places(|_| ());
    let (_, first, second) = called(&mut world);
    world.respond(PHONE, &first, 180, None);
    world.respond(OTHER, &second, 180, None);
    for (place, asked) in [(PHONE, &first), (OTHER, &second)] {
        let way = flow(at(place), at(SWITCH));
        let mut dialog = sip::Dialog::uas(&asked.1, "agent", way, &format!("<sip:{place}>")).unwrap();
        world.request(place, &mut dialog, rsip::Method::Info, None);
        let info = world.asked(CALLER, Method::Info);
        world.respond(CALLER, &info, 200, None);
        assert_eq!(world.heard(place).last(), Some(&200), "{place}");
    }
    world.cancel();
    world.respond(PHONE, &first, 487, None);
    world.respond(OTHER, &second, 487, None);
    world.assert_nothing_is_left();
}
