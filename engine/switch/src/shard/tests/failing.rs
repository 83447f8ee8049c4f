use domain::{EndReason, ReleaseSide};
use sip::Method;

use super::world::*;

#[test]
fn a_failure_goes_to_the_next_gateway_and_both_attempts_are_recorded() {
    let mut world = World::new("10");
    world.invite("442071234567", Some(SDP));
    let first = world.asked(VENDOR, Method::Invite);
    world.respond(VENDOR, &first, 503, None);
    let second = world.asked(SECOND_VENDOR, Method::Invite);
    world.respond(SECOND_VENDOR, &second, 404, None);
    assert_eq!(world.heard(CALLER), [100, 404]);
    let cdr = world.cdr();
    assert_eq!((cdr.end_reason, cdr.released_by), (EndReason::CalleeRejected, ReleaseSide::Callee));
    let codes: Vec<_> = cdr.attempts.iter().map(|a| (a.gateway.unwrap().0, a.sip_code.unwrap().0)).collect();
    assert_eq!(codes, [(1, 503), (2, 404)]);
    assert_eq!(cdr.routing_gateway_name.as_deref(), Some("second"));
    assert_eq!(cdr.q850.0, 1);
    world.assert_nothing_is_left();
}

#[test]
fn busy_is_the_called_persons_and_no_other_gateway_is_tried() {
    let mut world = World::new("10");
    world.invite("442071234567", Some(SDP));
    let asked = world.asked(VENDOR, Method::Invite);
    world.respond(VENDOR, &asked, 486, None);
    assert_eq!(world.heard(CALLER), [100, 486]);
    assert_eq!(world.cdr().end_reason, EndReason::CalleeBusy);
    assert!(!world.was_asked(SECOND_VENDOR, Method::Invite));
}

#[test]
fn a_silent_gateway_is_given_up_after_ten_seconds() {
    let mut world = World::new("10");
    world.agent(VENDOR).deaf = true;
    world.agent(SECOND_VENDOR).deaf = true;
    world.invite("442071234567", Some(SDP));
    world.pass(9.5);
    assert_eq!(world.heard(CALLER), [100]);
    world.pass(11.0);
    assert_eq!(world.heard(CALLER), [100, 408]);
    let cdr = world.cdr();
    assert_eq!((cdr.end_reason, cdr.released_by), (EndReason::GatewayTimeout, ReleaseSide::Switch));
    assert_eq!(cdr.attempts.len(), 2);
    world.assert_nothing_is_left();
}

#[test]
fn endless_ringing_ends_after_two_minutes() {
    let mut world = World::new("10");
    world.invite("442071234567", Some(SDP));
    let asked = world.asked(VENDOR, Method::Invite);
    world.respond(VENDOR, &asked, 180, None);
    world.pass(119.0);
    assert_eq!(world.heard(CALLER), [100, 180]);
    world.pass(2.0);
    assert!(world.was_asked(SECOND_VENDOR, Method::Invite), "the next gateway is tried");
    world.respond(VENDOR, &asked, 487, None);
}

/// The gateway answers `code` again every ten seconds; gives the second in which it is given up, and why.
fn given_up(code: u16, body: Option<&str>) -> (u64, EndReason) {
    let mut world = World::new("10");
    world.agent(SECOND_VENDOR).deaf = true;
    world.invite("442071234567", Some(SDP));
    let asked = world.asked(VENDOR, Method::Invite);
    let mut second = 0;
    while !world.agent(VENDOR).events.iter().any(|event| matches!(event, sip::Event::Cancelled { .. })) {
        if second % 10 == 0 {
            world.respond(VENDOR, &asked, code, body);
        }
        world.pass(1.0);
        second += 1;
        assert!(second < 300, "a {code} that is repeated holds the call for ever");
    }
    world.respond(VENDOR, &asked, 487, None);
    world.pass(11.0);
    (second, world.cdr().end_reason)
}

/// Spec 4, "Call progress timers": each stage has one time, and what is only repeated does not begin it again.
#[test]
fn each_stage_of_progress_has_its_own_time_and_its_own_reason() {
    assert_eq!(given_up(100, None), (20, EndReason::GatewayTimeout));
    assert_eq!(given_up(183, None), (20, EndReason::GatewayTimeout));
    assert_eq!(given_up(180, None), (120, EndReason::GatewayTimeout));
    // Its sound has been heard: no other gateway is tried.
    assert_eq!(given_up(183, Some(SDP)), (120, EndReason::EarlyMediaTimeout));
}

#[test]
fn the_reason_of_each_failed_attempt_is_kept() {
    let mut world = World::new("10");
    world.invite("442071234567", Some(SDP));
    let asked = world.asked(VENDOR, Method::Invite);
    world.respond(VENDOR, &asked, 100, None);
    world.pass(21.0);
    world.respond(VENDOR, &asked, 487, None);
    let asked = world.asked(SECOND_VENDOR, Method::Invite);
    world.respond(SECOND_VENDOR, &asked, 180, None);
    world.pass(121.0);
    world.respond(SECOND_VENDOR, &asked, 487, None);
    assert_eq!(world.heard(CALLER), [100, 180, 408]);
    let cdr = world.cdr();
    assert_eq!((cdr.end_reason, cdr.released_by), (EndReason::NoAnswer, ReleaseSide::Switch));
    let reasons: Vec<EndReason> = cdr.attempts.iter().map(|attempt| attempt.end_reason).collect();
    assert_eq!(reasons, [EndReason::TryingTimeout, EndReason::NoAnswer]);
}

#[test]
fn an_unknown_source_is_refused_once_and_leaves_no_cdr_and_no_transaction() {
    let mut world = World::new("10");
    let stranger = world.agents.remove(&at(CALLER)).unwrap();
    let elsewhere = "192.0.2.66:5060";
    world.agents.insert(at(elsewhere), stranger);
    let mut message =
        String::from("INVITE sip:441@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.66;branch=z9hG4bKx\r\n");
    message += "From: <sip:a@b>;tag=1\r\nTo: <sip:441@b>\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\nContact: <sip:a@192.0.2.66>\r\nContent-Length: 0\r\n\r\n";
    let now = world.now;
    world.floor.on_message(now, flow(at(SWITCH), at(elsewhere)), message.into());
    let answer = world.floor.poll_transmit().unwrap();
    assert!(answer.bytes.starts_with(b"SIP/2.0 403"));
    assert!(world.records.is_empty() && world.floor.calls.is_empty());
    assert_eq!(world.floor.desk.endpoint.stats().servers, 0);
    // It is said once: whose address that really is has not asked for more.
    world.now = world.now.plus(std::time::Duration::from_secs(5));
    world.floor.on_timer(world.now);
    assert!(world.floor.poll_transmit().is_none());
}

/// Calls `number` with `balance` and gives the caller's last response and the CDR's end reason.
fn refused(balance: &str, number: &str, body: Option<&str>) -> (u16, EndReason) {
    let mut world = World::new(balance);
    world.invite(number, body);
    let told = *world.heard(CALLER).last().unwrap();
    let cdr = world.cdr();
    assert!(!world.was_asked(VENDOR, Method::Invite));
    assert_eq!((cdr.released_by, cdr.sip_code.0), (ReleaseSide::Switch, told));
    world.assert_nothing_is_left();
    (told, cdr.end_reason)
}

#[test]
fn what_the_switch_itself_refuses_has_its_own_reason() {
    assert_eq!(refused("10", "33123", Some(SDP)), (503, EndReason::NoRate));
    assert_eq!(refused("0.05", "44123", Some(SDP)), (402, EndReason::AccountBalanceNotEnough));
    assert_eq!(refused("10", "bob", Some(SDP)), (484, EndReason::InvalidNumber));
    assert_eq!(refused("10", &"4".repeat(41), Some(SDP)), (484, EndReason::InvalidNumber));
    assert_eq!(refused("10", "44123", Some("v=1\r\nnonsense")), (488, EndReason::MediaRefused));
    assert_eq!(
        refused("10", "44123", Some("v=0\r\nm=audio x RTP/AVP 0\r\n")),
        (488, EndReason::MediaRefused)
    );
}

#[test]
fn a_gateway_at_its_line_limit_is_passed_over_and_all_of_them_refuse() {
    let mut world = World::new("10");
    let lines = world.floor.desk.environment.clone();
    let mut configuration = configuration("10");
    for gateway in &mut configuration.routing_gateways {
        gateway.settings.max_calls = Some(1);
    }
    crate::configuration::take_up(&lines, configuration);
    let first = lines.vendor_lines.take(domain::RoutingGatewayId(1), Some(1));
    world.invite("44123", Some(SDP));
    assert!(!world.was_asked(VENDOR, Method::Invite) && world.was_asked(SECOND_VENDOR, Method::Invite));
    world.invite("44123", Some(SDP));
    assert_eq!(*world.heard(CALLER).last().unwrap(), 503);
    assert_eq!(world.cdr().end_reason, EndReason::AllGatewayBusy);
    // The trunk itself has two lines.
    world.invite("44123", Some(SDP));
    drop(first);
}

#[test]
fn the_customers_trunk_has_its_own_line_limit() {
    let mut world = World::new("10");
    world.invite("44123", Some(SDP));
    world.invite("44124", Some(SDP));
    world.invite("44125", Some(SDP));
    assert_eq!(world.cdr().end_reason, EndReason::MappingGatewayBusy);
    assert_eq!(world.floor.list().len(), 2);
}

#[test]
fn a_gateway_that_wants_a_pause_is_passed_over_as_long() {
    let mut world = World::new("10");
    for (number, first_is_asked) in [("44121", true), ("44122", false)] {
        let before = world.count(VENDOR, Method::Invite);
        world.invite(number, Some(SDP));
        assert_eq!(world.count(VENDOR, Method::Invite) > before, first_is_asked, "{number}");
        if first_is_asked {
            let asked = world.asked(VENDOR, Method::Invite);
            world.respond_with(VENDOR, &asked, 503, None, &[("Retry-After", "30 (maintenance)")]);
        }
        let asked = world.asked(SECOND_VENDOR, Method::Invite);
        world.respond(SECOND_VENDOR, &asked, 486, None);
    }
    world.pass(31.0);
    let before = world.count(VENDOR, Method::Invite);
    world.invite("44123", Some(SDP));
    assert_eq!(world.count(VENDOR, Method::Invite), before + 1, "the pause is over");
}

#[test]
fn a_503_without_a_time_and_other_failures_with_one_pause_nobody() {
    for (code, headers) in [(503, &[][..]), (480, &[("Retry-After", "60")])] {
        let mut world = World::new("10");
        world.invite("44121", Some(SDP));
        let asked = world.asked(VENDOR, Method::Invite);
        world.respond_with(VENDOR, &asked, code, None, headers);
        let asked = world.asked(SECOND_VENDOR, Method::Invite);
        world.respond(SECOND_VENDOR, &asked, 486, None);
        world.invite("44122", Some(SDP));
        assert_eq!(world.count(VENDOR, Method::Invite), 2, "{code}");
    }
}
