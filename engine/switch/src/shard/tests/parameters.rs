//! What the parameters do to a call, and that a call keeps those of its beginning.

use domain::{EndReason, Parameter};
use sip::Method;

use super::world::*;
use crate::{configuration::take_up, spool::Record};

/// Sets system values, and values of the first vendor.
pub(super) fn set(world: &mut World, system: &[(Parameter, &str)], first_vendor: &[(Parameter, &str)]) {
    let mut configuration = configuration("10");
    for (parameter, text) in system {
        configuration.parameters.set(*parameter, text).unwrap();
    }
    for (parameter, text) in first_vendor {
        configuration.routing_gateways[0].settings.overrides.set(*parameter, text).unwrap();
    }
    take_up(&world.floor.desk.environment, configuration);
}

/// Calls, and the first vendor answers `code`; true when the second one is asked.
pub(super) fn moves_on(world: &mut World, code: u16) -> bool {
    world.invite("442071234567", Some(SDP));
    let asked = world.asked(VENDOR, Method::Invite);
    world.respond(VENDOR, &asked, code, None);
    world.was_asked(SECOND_VENDOR, Method::Invite)
}

#[test]
fn a_gateways_own_time_to_ring_beats_the_systems() {
    let mut world = World::new("10");
    set(
        &mut world,
        &[(Parameter::SS_SIP_TIMEOUT_RINGING, "60")],
        &[(Parameter::SS_SIP_TIMEOUT_RINGING, "15")],
    );
    world.invite("442071234567", Some(SDP));
    let asked = world.asked(VENDOR, Method::Invite);
    world.respond(VENDOR, &asked, 180, None);
    world.pass(16.0);
    world.respond(VENDOR, &asked, 487, None);
    let asked = world.asked(SECOND_VENDOR, Method::Invite);
    world.respond(SECOND_VENDOR, &asked, 180, None);
    world.pass(58.0);
    assert!(world.records.is_empty());
    world.pass(3.0);
    world.respond(SECOND_VENDOR, &asked, 487, None);
    assert_eq!(world.cdr().end_reason, EndReason::NoAnswer);
}

#[test]
fn a_call_keeps_the_parameters_of_its_beginning() {
    let mut world = World::new("10");
    world.invite("442071234567", Some(SDP));
    let asked = world.asked(VENDOR, Method::Invite);
    world.respond(VENDOR, &asked, 180, None);
    set(&mut world, &[(Parameter::SS_SIP_TIMEOUT_RINGING, "5")], &[]);
    world.respond(VENDOR, &asked, 180, None);
    world.pass(100.0);
    assert!(world.records.is_empty(), "it rings on");
    world.respond(VENDOR, &asked, 486, None);
    assert_eq!(world.cdr().end_reason, EndReason::CalleeBusy);
}

/// Decision 16.
#[test]
fn the_next_gateway_is_tried_when_all_settings_allow_it() {
    use Parameter as P;
    let after = |system: &[(Parameter, &str)], vendor: &[(Parameter, &str)], code| {
        let mut world = World::new("10");
        set(&mut world, system, vendor);
        moves_on(&mut world, code)
    };
    assert!(after(&[], &[], 503));
    assert!(!after(&[(P::SS_GATEWAY_SWITCH_UNTIL_CONNECT, "Off")], &[], 503));
    assert!(after(
        &[(P::SS_GATEWAY_SWITCH_UNTIL_CONNECT, "Off")],
        &[(P::SS_GATEWAY_SWITCH_UNTIL_CONNECT, "On")],
        503
    ));
    assert!(!after(&[(P::SS_GATEWAY_SWITCH_LIMIT, "0")], &[], 503));
    assert!(after(&[(P::SS_GATEWAY_SWITCH_LIMIT, "1")], &[], 503));
    assert!(!after(&[], &[], 486));
    assert!(after(&[(P::SS_GATEWAY_SWITCH_STOP_AFTER_USER_BUSY, "Off")], &[], 486));
    assert!(!after(
        &[(P::SS_GATEWAY_SWITCH_STOP_AFTER_USER_BUSY, "Off")],
        &[(P::SS_GATEWAY_SWITCH_STOP_AFTER_USER_BUSY, "On")],
        603
    ));
}

#[test]
fn early_media_commits_a_call_unless_a_parameter_says_otherwise() {
    for (text, moves) in [("On", false), ("Off", true)] {
        let mut world = World::new("10");
        set(&mut world, &[(Parameter::SS_SIP_STOP_SWITCH_AFTER_SDP, text)], &[]);
        world.invite("442071234567", Some(SDP));
        let asked = world.asked(VENDOR, Method::Invite);
        world.respond(VENDOR, &asked, 183, Some(SDP));
        world.respond(VENDOR, &asked, 503, None);
        assert_eq!(world.was_asked(SECOND_VENDOR, Method::Invite), moves, "{text}");
    }
}

#[test]
fn a_silent_gateway_ends_the_call_when_a_parameter_says_so() {
    let name = Parameter::SS_SIP_USER_AGENT_STOP_SWITCH_AFTER_INVITE_TIMEOUT;
    for (text, moves) in [("On", false), ("Off", true)] {
        let mut world = World::new("10");
        set(&mut world, &[(name, text)], &[]);
        world.agent(VENDOR).deaf = true;
        world.invite("442071234567", Some(SDP));
        world.pass(11.0);
        assert_eq!(world.was_asked(SECOND_VENDOR, Method::Invite), moves, "{text}");
    }
}

/// LIM-1, and MCD of extract 1: the smallest limit counts.
#[test]
fn the_smallest_duration_ends_a_call() {
    let mut world = World::new("1000");
    set(&mut world, &[(Parameter::SS_MAXCALLDURATION, "300")], &[(Parameter::SS_MAXCALLDURATION, "120")]);
    let _ = world.talk();
    world.pass(119.0);
    assert!(world.records.iter().all(|record| matches!(record, Record::Open(_))), "it talks on");
    world.pass(2.0);
    let cdr = world.cdr();
    assert_eq!(cdr.end_reason, EndReason::MaxDurationReached);
    assert_eq!(cdr.duration_ms / 1000, 120);
}

#[test]
fn strangers_are_left_waiting_when_a_parameter_says_so() {
    let mut world = World::new("10");
    set(&mut world, &[(Parameter::SS_REPLY_UNAUTHORIZED, "Off")], &[]);
    let options = "OPTIONS sip:a@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.66;branch=z9hG4bKx\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: x\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n";
    let now = world.now;
    world.floor.on_message(now, flow(at(SWITCH), at("192.0.2.66:5060")), options.into());
    assert!(world.floor.poll_transmit().is_none());
    world.pass(40.0);
    assert!(world.floor.poll_transmit().is_none());
    assert!(world.floor.desk.endpoint.is_idle(), "nothing is kept of it");
}

/// Extract 4, "INVITE timeout": the list says when, and how often.
#[test]
fn an_invite_is_sent_again_after_the_times_of_the_list() {
    let mut world = World::new("10");
    set(
        &mut world,
        &[(Parameter::SS_SIP_RESEND_INTERVAL, "1,2,4"), (Parameter::SS_SIP_TIMEOUT_INVITE, "30")],
        &[],
    );
    world.agent(VENDOR).deaf = true;
    world.invite("442071234567", Some(SDP));
    let mut sent = Vec::new();
    for second in 0..30 {
        let now = world.agent(VENDOR).missed;
        sent.push((second, now));
        world.pass(1.0);
    }
    let times: Vec<i32> =
        sent.windows(2).filter(|pair| pair[1].1 > pair[0].1).map(|pair| pair[1].0).collect();
    assert_eq!(times, [1, 3, 7]);
}

/// Decision 20 of the catalogue; extract 4, the modes of From.
#[test]
fn from_shows_the_caller_as_the_display_mode_says() {
    for (mode, display, user) in [
        ("Ignore", None, "4930123"),
        ("E164", Some("+4930123"), "+4930123"),
        ("Number", Some("4930123"), "4930123"),
    ] {
        let mut world = World::new("10");
        set(&mut world, &[(Parameter::SS_SIP_E164_DISPLAY_FROM, mode)], &[]);
        world.invite("442071234567", Some(SDP));
        let from = world.asked(VENDOR, Method::Invite).1.from().unwrap();
        assert_eq!((from.display.as_deref(), from.uri.user.as_deref()), (display, Some(user)), "{mode}");
    }
}

/// Decision 19 of the catalogue; extract 4, callee placement.
#[test]
fn to_keeps_the_number_that_was_dialled_when_it_shall() {
    for (value, to) in [("Off", "442071234567"), ("On", "+44-20-7123-4567")] {
        let mut world = World::new("10");
        set(&mut world, &[(Parameter::SS_SIP_ROUTING_GATEWAY_INVITE_USE_CONTACT, value)], &[]);
        world.invite("+44-20-7123-4567", Some(SDP));
        let asked = world.asked(VENDOR, Method::Invite).1;
        assert_eq!(asked.to().unwrap().uri.user.as_deref(), Some(to), "{value}");
        assert!(asked.request_uri().starts_with("sip:442071234567@"), "{}", asked.request_uri());
    }
}
