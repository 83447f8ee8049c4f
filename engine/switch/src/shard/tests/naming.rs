//! Gateways that are known by name: calls go where the name has led.

use domain::{EndReason, GatewayAddress, RoutingGatewayId};
use sip::{Method, Transport, locate::Destination};

use super::world::*;
use crate::{
    configuration::take_up,
    places::{Found, Whereabouts},
};

/// The only vendor is a name that has led to these places.
fn world(places: &[&str]) -> World {
    let world = World::new("10");
    let environment = &world.floor.desk.environment;
    let mut configuration = configuration("10");
    configuration.routing_gateways.truncate(1);
    configuration.routing_gateways[0].settings.address =
        GatewayAddress::read("sip.carrier.example", 5060).unwrap();
    take_up(environment, configuration);
    let places =
        places.iter().map(|place| Destination { transport: Transport::Udp, address: at(place) }).collect();
    let found = [(RoutingGatewayId(1), Whereabouts { places, stale: false })];
    environment.places.update(Found::new(found.into()));
    world
}

#[test]
fn a_call_goes_where_the_name_has_led_under_the_name() {
    let mut world = world(&[VENDOR]);
    world.invite("442071234567", Some(SDP));
    let asked = world.asked(VENDOR, Method::Invite);
    assert_eq!(asked.1.request_uri(), "sip:442071234567@sip.carrier.example");
    assert_eq!(asked.1.to().unwrap().uri.host, "sip.carrier.example");
    world.respond(VENDOR, &asked, 486, None);
    assert_eq!(world.cdr().destination, Some(at(VENDOR)));
    world.assert_nothing_is_left();
}

#[test]
fn the_next_place_is_tried_when_one_gives_no_answer_or_503() {
    for silent in [true, false] {
        let mut world = world(&[VENDOR, SECOND_VENDOR]);
        world.agent(VENDOR).deaf = silent;
        world.invite("442071234567", Some(SDP));
        if silent {
            world.pass(11.0);
        } else {
            let asked = world.asked(VENDOR, Method::Invite);
            world.respond_with(VENDOR, &asked, 503, None, &[("Retry-After", "60")]);
        }
        let asked = world.asked(SECOND_VENDOR, Method::Invite);
        world.respond(SECOND_VENDOR, &asked, 404, None);
        assert_eq!(*world.heard(CALLER).last().unwrap(), 404);
        assert_eq!(world.cdr().attempts.len(), 2);
        assert!(world.floor.desk.environment.places.take_complaint(), "its name is looked up again");
        world.assert_nothing_is_left();
    }
}

#[test]
fn a_refusal_at_one_place_is_the_gateways() {
    let mut world = world(&[VENDOR, SECOND_VENDOR]);
    world.invite("442071234567", Some(SDP));
    let asked = world.asked(VENDOR, Method::Invite);
    world.respond(VENDOR, &asked, 404, None);
    assert!(!world.was_asked(SECOND_VENDOR, Method::Invite));
    world.assert_nothing_is_left();
}

#[test]
fn a_name_without_a_place_is_offline() {
    let mut world = world(&[]);
    world.invite("442071234567", Some(SDP));
    assert_eq!(*world.heard(CALLER).last().unwrap(), 503);
    assert_eq!(world.cdr().end_reason, EndReason::GatewayUnreachable);
    world.assert_nothing_is_left();
}
