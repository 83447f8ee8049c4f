//! What becomes of a gateway's 3xx (SIP-17).

use domain::{EndReason, Redirects};
use sip::{HeaderName, Method};

use super::world::*;
use crate::configuration::take_up;

/// A world whose first vendor's redirections are dealt with so; the second one is nobody's fall-back.
fn world(redirects: Redirects) -> World {
    let world = World::new("10");
    let mut configuration = configuration("10");
    configuration.routing_gateways[0].settings.redirects = redirects;
    configuration.routing_gateways[1].settings.prefixes = vec!["49".parse().unwrap()];
    take_up(&world.floor.desk.environment, configuration);
    world
}

/// Calls, and the first vendor redirects to these targets.
fn redirected(redirects: Redirects, targets: &str) -> World {
    let mut world = world(redirects);
    world.invite("442071234567", Some(SDP));
    let asked = world.asked(VENDOR, Method::Invite);
    let now = world.now.steady;
    let mut response = sip::reply(&asked.1, 302, None, Some("agent"));
    response.headers.push(sip::make_header("Contact", targets));
    world.agent(VENDOR).endpoint.respond(now, asked.0, response);
    world.settle();
    world
}

#[test]
fn a_target_that_is_a_gateway_of_ours_is_called_under_its_own_terms() {
    let mut world = redirected(Redirects::Follow, &format!("<sip:+4930111@{SECOND_VENDOR}>"));
    let asked = world.asked(SECOND_VENDOR, Method::Invite);
    assert_eq!(asked.1.request_uri(), format!("sip:4930111@{SECOND_VENDOR}"));
    world.respond(SECOND_VENDOR, &asked, 486, None);
    let cdr = world.cdr();
    assert_eq!(
        (cdr.end_reason, cdr.routing_gateway_name.as_deref()),
        (EndReason::CalleeBusy, Some("second"))
    );
    assert_eq!((cdr.callee_in.as_str(), cdr.callee_out.as_deref()), ("442071234567", Some("4930111")));
    // The buyer's table has prices for 44 only: what the vendor is paid is told by the number that was called.
    assert_eq!(cdr.vendor.unwrap().prefix.as_str(), "");
    let codes: Vec<_> = cdr.attempts.iter().map(|a| (a.gateway.unwrap().0, a.sip_code.unwrap().0)).collect();
    assert_eq!(codes, [(1, 302), (2, 486)]);
    world.assert_nothing_is_left();
}

#[test]
fn a_target_is_followed_only_to_a_gateway_that_takes_the_number() {
    for targets in [
        "<sip:44999@192.0.2.99>",
        &format!("<sip:33999@{SECOND_VENDOR}>"),
        &format!("<sip:bob@{SECOND_VENDOR}>"),
        "<tel:+4930111>",
        "nonsense <",
    ] {
        let mut world = redirected(Redirects::Follow, targets);
        assert!(!world.was_asked(SECOND_VENDOR, Method::Invite), "{targets}");
        assert_eq!(*world.heard(CALLER).last().unwrap(), 480, "{targets}");
        world.assert_nothing_is_left();
    }
}

#[test]
fn targets_are_tried_in_the_order_of_their_preference() {
    let targets = format!("<sip:44222@{VENDOR}>;q=0.4, <sip:4930111@{SECOND_VENDOR}>;q=0.7");
    let mut world = redirected(Redirects::Follow, &targets);
    let asked = world.asked(SECOND_VENDOR, Method::Invite);
    assert_eq!(world.count(VENDOR, Method::Invite), 1);
    world.respond(SECOND_VENDOR, &asked, 503, None);
    let asked = world.asked(VENDOR, Method::Invite);
    assert_eq!(asked.1.request_uri(), format!("sip:44222@{VENDOR}"));
    world.respond(VENDOR, &asked, 486, None);
    world.assert_nothing_is_left();
}

#[test]
fn redirections_in_a_circle_end() {
    let mut world = redirected(Redirects::Follow, &format!("<sip:44222@{VENDOR}>"));
    let numbers = ["442071234567", "44222"];
    for _ in 0..20 {
        let asked = world.asked(VENDOR, Method::Invite);
        if world.cdr_if_closed().is_some() {
            break;
        }
        let other = if asked.1.request_uri().contains(numbers[1]) { numbers[0] } else { numbers[1] };
        let target = format!("<sip:{other}@{VENDOR}>");
        let mut response = sip::reply(&asked.1, 302, None, Some("agent"));
        response.headers.push(sip::make_header("Contact", target));
        let now = world.now.steady;
        world.agent(VENDOR).endpoint.respond(now, asked.0, response);
        world.settle();
    }
    assert!(world.count(VENDOR, Method::Invite) <= 3);
    assert_eq!(world.cdr().sip_code.0, 480);
    world.assert_nothing_is_left();
}

#[test]
fn a_redirection_is_passed_to_the_caller_where_the_gateway_is_set_so() {
    let mut world = redirected(Redirects::Pass, "<sip:bob@192.0.2.99>;q=0.5, <sip:44@192.0.2.98>");
    let told = world.response(CALLER, 302).1;
    let targets: Vec<&str> = told.list(HeaderName::Contact).collect();
    assert_eq!(targets, ["<sip:bob@192.0.2.99>;q=0.5", "<sip:44@192.0.2.98>"]);
    assert_eq!(world.cdr().sip_code.0, 302);
    world.assert_nothing_is_left();
}

#[test]
fn a_redirection_is_a_failure_unless_the_gateway_is_set_otherwise() {
    let mut world = redirected(Redirects::Refuse, &format!("<sip:4930111@{SECOND_VENDOR}>"));
    assert!(!world.was_asked(SECOND_VENDOR, Method::Invite));
    assert_eq!(*world.heard(CALLER).last().unwrap(), 480);
    world.assert_nothing_is_left();
}
