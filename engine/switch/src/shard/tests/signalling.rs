//! What the signalling options of gateways do (SIP-9 to SIP-11, SIP-13, SIP-16).

use domain::Parameter as P;
use sip::{HeaderName, Method};

use super::{
    parameters::{moves_on, set},
    world::*,
};

/// A world with system values.
fn world(system: &[(P, &str)]) -> World {
    let mut world = World::new("10");
    set(&mut world, system, &[]);
    world
}

#[test]
fn sound_before_the_answer_is_told_as_the_ring_back_mode_says() {
    for (mode, came, told) in [
        ("Passthrough", 180, 180),
        ("Passthrough", 183, 183),
        ("183+SDP", 180, 183),
        ("183+SDP", 183, 183),
        ("180+SDP", 183, 180),
    ] {
        let mut world = world(&[(P::SS_SIP_REMOTE_RING_BACK_MODE, mode)]);
        world.invite("442071234567", Some(SDP));
        let asked = world.asked(VENDOR, Method::Invite);
        world.respond(VENDOR, &asked, came, Some(SDP));
        let (_, progress) = world.response(CALLER, told);
        assert!(!progress.body().is_empty(), "{mode}");
    }
}

#[test]
fn ringing_without_sound_stays_as_it_is_whatever_the_mode() {
    let mut world = world(&[(P::SS_SIP_REMOTE_RING_BACK_MODE, "183+SDP")]);
    world.invite("442071234567", Some(SDP));
    let asked = world.asked(VENDOR, Method::Invite);
    world.respond(VENDOR, &asked, 180, None);
    assert_eq!(world.heard(CALLER), [100, 180]);
}

#[test]
fn sound_that_is_told_as_ringing_lasts_as_long_as_ringing_may() {
    let mut world = world(&[
        (P::SS_SIP_REMOTE_RING_BACK_MODE, "180+SDP"),
        (P::SS_SIP_TIMEOUT_RINGING, "20"),
        (P::SS_SIP_TIMEOUT_SESSION_PROGRESS_SDP, "5"),
    ]);
    world.invite("442071234567", Some(SDP));
    let asked = world.asked(VENDOR, Method::Invite);
    world.respond(VENDOR, &asked, 183, Some(SDP));
    world.pass(15.0);
    assert!(!world.was_asked(VENDOR, Method::Cancel) && world.cdr_if_closed().is_none());
    world.pass(6.0);
    world.respond(VENDOR, &asked, 487, None);
    assert_eq!(world.cdr().end_reason, domain::EndReason::NoAnswer);
    assert!(!world.was_asked(SECOND_VENDOR, Method::Invite), "the caller has heard the first one");
}

#[test]
fn a_failure_on_the_list_ends_the_call_at_that_gateway() {
    for (codes, code, moves) in [("none", 404, true), ("403, 404", 404, false), ("403", 404, true)] {
        let mut world = World::new("10");
        set(&mut world, &[], &[(P::SS_SIP_STOP_SWITCHING_CODES, codes)]);
        assert_eq!(moves_on(&mut world, code), moves, "{codes}");
    }
}

#[test]
fn a_failure_is_told_as_the_list_says_and_recorded_as_told() {
    let mut world = world(&[(P::SS_SIP_REPLACE_FAILED_REASON, "404=503, 486=480")]);
    world.invite("442071234567", Some(SDP));
    for vendor in [VENDOR, SECOND_VENDOR] {
        let asked = world.asked(vendor, Method::Invite);
        world.respond(vendor, &asked, 404, None);
    }
    assert_eq!(world.heard(CALLER), [100, 503]);
    let cdr = world.cdr();
    assert_eq!((cdr.sip_code.0, cdr.attempts[0].sip_code.map(|code| code.0)), (503, Some(404)));
}

#[test]
fn a_refusal_has_a_reason_unless_it_shall_not() {
    for (setting, has) in [("On", true), ("Off", false)] {
        let mut world = world(&[(P::SS_SIP_REASON_HEADER, setting)]);
        world.invite("999", Some(SDP));
        let (_, refused) = world.response(CALLER, 503);
        assert_eq!(refused.header(HeaderName::Reason).is_some(), has);
    }
}

#[test]
fn a_gateway_that_asks_for_a_pause_gets_one_unless_it_shall_not() {
    for (setting, asked_again) in [("On", false), ("Off", true)] {
        let mut world = world(&[(P::SS_SIP_RETRY_AFTER, setting)]);
        world.invite("442071234567", Some(SDP));
        let asked = world.asked(VENDOR, Method::Invite);
        world.respond_with(VENDOR, &asked, 503, None, &[("Retry-After", "30")]);
        let before = world.count(VENDOR, Method::Invite);
        world.invite("442071234567", Some(SDP));
        assert_eq!(world.count(VENDOR, Method::Invite) > before, asked_again, "{setting}");
    }
}

#[test]
fn who_has_sent_the_call_on_is_told_in_the_form_that_the_gateway_knows() {
    let told = |system: &[(P, &str)], name| {
        let mut world = world(system);
        let headers = [("Diversion", "<sip:4420@192.0.2.9>;reason=user-busy")];
        world.invite_with("442071234567", Some(SDP), &headers);
        let (_, asked) = world.asked(VENDOR, Method::Invite);
        asked.list(name).map(str::to_owned).collect::<Vec<_>>()
    };
    let diversion = ["<sip:4420@127.0.0.1:5060>;reason=user-busy"];
    let history = [
        "<sip:4420@127.0.0.1:5060?Reason=SIP%3Bcause%3D486>;index=1",
        "<sip:442071234567@127.0.0.1:5060>;index=1.1",
    ];
    let form = P::SS_SIP_CALL_FORWARD_SIGNAL;
    assert_eq!(told(&[], HeaderName::Diversion), diversion);
    assert!(told(&[], HeaderName::HistoryInfo).is_empty());
    assert_eq!(told(&[(form, "History-Info")], HeaderName::HistoryInfo), history);
    assert!(told(&[(form, "History-Info")], HeaderName::Diversion).is_empty());
    assert_eq!(told(&[(form, "Both")], HeaderName::Diversion), diversion);
    assert!(told(&[(form, "Off")], HeaderName::Diversion).is_empty());
    let deaf = (P::SS_SIP_RECOGNIZE_CALL_FORWARD_SIGNAL, "Off");
    assert!(told(&[deaf], HeaderName::Diversion).is_empty());
}

#[test]
fn our_requests_go_where_the_setting_says() {
    for (setting, port) in [("Contact", 5070), ("Contact port", 5070), ("Socket", 5080)] {
        let mut world = world(&[(P::SS_SIP_REQUEST_ADDRESS, setting)]);
        let invite = world.invite("442071234567", Some(SDP));
        let asked = world.asked(VENDOR, Method::Invite);
        // Its Contact names another port than the one that it sends from.
        let contact = [("Contact", "<sip:127.0.0.1:5070>"), ("Content-Type", "application/sdp")];
        let mut response = sip::reply(&asked.1, 200, None, Some("agent"));
        contact.iter().for_each(|(name, value)| response.headers.push(sip::make_header(name, *value)));
        response.body = SDP.into();
        let now = world.now.steady;
        world.agent(VENDOR).endpoint.respond(now, asked.0, response);
        let elsewhere = Agent::new(sip::Endpoint::new(sip::EndpointConfig::default()));
        world.agents.insert(at("127.0.0.1:5070"), elsewhere);
        world.settle();
        let mut caller = world.acknowledge(&invite);
        world.request(CALLER, &mut caller, rsip::Method::Bye, None);
        let at = format!("127.0.0.1:{port}");
        assert!(world.was_asked(&at, Method::Bye), "{setting}");
    }
}

#[test]
fn answers_go_where_the_setting_says() {
    for (setting, port) in [("Socket", 5090), ("Via port", 5099), ("Via", 5099)] {
        let mut world = world(&[(P::SS_SIP_REPLY_ADDRESS, setting)]);
        let message = "INVITE sip:999@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5099;branch=z9hG4bKx\r\n\
                       From: <sip:a@b>;tag=1\r\nTo: <sip:999@b>\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\n\
                       Contact: <sip:a@127.0.0.1:5090>\r\nContent-Length: 0\r\n\r\n";
        let now = world.now;
        world.floor.on_message(now, flow(at(SWITCH), at(CALLER)), message.into());
        let answer = world.floor.poll_transmit().unwrap();
        assert_eq!(answer.flow.remote.port(), port, "{setting}");
    }
}
