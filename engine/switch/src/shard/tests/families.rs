//! Media of both versions of IP.

use sip::{Message, Method};

use super::world::*;

/// [`SDP`] of an agent that speaks version 6.
fn sdp6() -> String {
    SDP.replace("IN IP4 127.0.0.1", "IN IP6 ::1")
}

fn line<'a>(message: &'a Message, start: &str) -> &'a str {
    let body = std::str::from_utf8(message.body()).unwrap();
    body.lines().find(|line| line.starts_with(start)).unwrap()
}

#[test]
fn a_caller_of_version_6_and_a_vendor_of_version_4_are_each_told_an_address_of_their_own() {
    let mut world = World::new("10");
    world.invite("442071234567", Some(&sdp6()));
    let asked = world.asked(VENDOR, Method::Invite);
    assert_eq!(line(&asked.1, "c="), "c=IN IP4 127.0.0.1");
    assert!(line(&asked.1, "o=").ends_with("IN IP4 127.0.0.1"));
    world.respond(VENDOR, &asked, 200, Some(SDP));
    let (_, answer) = world.response(CALLER, 200);
    assert_eq!(line(&answer, "c="), "c=IN IP6 ::1");
    assert!(line(&answer, "o=").ends_with("IN IP6 ::1"));
}

#[test]
fn the_next_vendor_is_told_the_address_that_the_one_before_was_told() {
    let mut world = World::new("10");
    world.invite("442071234567", Some(&sdp6()));
    let first = world.asked(VENDOR, Method::Invite);
    world.respond(VENDOR, &first, 503, None);
    let second = world.asked(SECOND_VENDOR, Method::Invite);
    assert_eq!(line(&second.1, "m="), line(&first.1, "m="));
}

#[test]
fn a_side_that_changes_to_version_6_in_a_new_offer_is_told_an_address_of_it() {
    let mut world = World::new("10");
    let (mut caller, _) = world.talk();
    let (_, before) = world.response(CALLER, 200);
    world.request(CALLER, &mut caller, rsip::Method::Invite, Some(&sdp6()));
    let asked = world.asked(VENDOR, Method::Invite);
    assert_eq!(line(&asked.1, "c="), "c=IN IP4 127.0.0.1", "the other side stays where it is");
    world.respond(VENDOR, &asked, 200, Some(SDP));
    let (_, answer) = world.response(CALLER, 200);
    assert_eq!(line(&answer, "c="), "c=IN IP6 ::1");
    let [named_before, named] = [&before, &answer].map(|message| {
        let words: Vec<_> = line(message, "o=").split(' ').collect();
        [words[1], words[3], words[4], words[5]].join(" ")
    });
    assert_eq!(named_before, named, "the name of the session stays (RFC 3264 section 8)");
}
