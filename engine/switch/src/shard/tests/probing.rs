//! Whether vendors' gateways are there, asked by OPTIONS.

use domain::*;
use sip::Method;

use super::world::*;
use crate::configuration::take_up;

/// With checks each ten seconds.
fn world() -> World {
    let world = World::new("10");
    take_up(&world.floor.desk.environment, asking("10"));
    world
}

fn asking(period: &str) -> Configuration {
    Configuration {
        parameters: with(&[(Parameter::SS_SIP_OPTIONS_CHECK_PERIOD, period)]),
        ..configuration("10")
    }
}

impl World {
    fn status(&self, gateway: i64) -> GatewayStatus {
        let all = self.environment().reach.view();
        all.into_iter().find(|status| status.gateway == RoutingGatewayId(gateway)).unwrap()
    }

    fn gateway_state(&self, gateway: i64) -> GatewayState {
        self.status(gateway).state
    }

    /// Lets time pass while both vendors answer with these statuses; 0 does not answer.
    fn pass_answering(&mut self, seconds: f32, codes: [u16; 2]) {
        let mut left = seconds;
        while left > 0.0 {
            self.pass(0.5);
            left -= 0.5;
            for (address, code) in [VENDOR, SECOND_VENDOR].into_iter().zip(codes) {
                if code != 0 && self.was_asked(address, Method::Options) {
                    let asked = self.asked(address, Method::Options);
                    self.respond_plain(address, &asked, code, &[]);
                }
            }
        }
    }

    /// Where the INVITE of a new call goes first.
    fn called(&mut self) -> &'static str {
        let before = [VENDOR, SECOND_VENDOR].map(|vendor| self.count(vendor, Method::Invite));
        self.invite("442071234567", Some(SDP));
        let after = [VENDOR, SECOND_VENDOR].map(|vendor| self.count(vendor, Method::Invite));
        if after[0] > before[0] { VENDOR } else { SECOND_VENDOR }
    }
}

#[test]
fn whoever_answers_anything_is_online() {
    let mut world = world();
    world.pass_answering(3.0, [404, 200]);
    for (gateway, code) in [(1, 404), (2, 200)] {
        let status = world.status(gateway);
        assert_eq!((status.state, status.code), (GatewayState::Online, Some(code)));
        assert!(status.round_trip_us.is_some() && status.asked.is_some());
        assert_eq!(status.period, Some(10));
    }
    assert_eq!(world.status(1).way.unwrap(), format!("UDP {VENDOR}"));
    let asked = world.asked(VENDOR, Method::Options).1;
    assert_eq!(asked.request_uri(), format!("sip:{VENDOR}"));
}

#[test]
fn the_silence_of_one_that_never_answered_keeps_no_call_from_it() {
    let mut world = world();
    world.pass_answering(40.0, [0, 200]);
    assert_eq!(world.gateway_state(1), GatewayState::Silent);
    assert_eq!(world.called(), VENDOR);
}

#[test]
fn who_falls_silent_is_passed_over_until_it_answers_again() {
    let mut world = world();
    let mut news = world.environment().news.subscribe();
    world.pass_answering(3.0, [200, 200]);
    world.agent(VENDOR).deaf = true;
    world.pass_answering(30.0, [0, 200]);
    assert_eq!(world.gateway_state(1), GatewayState::Online, "one silence is not over before Timer F");
    world.pass_answering(20.0, [0, 200]);
    let status = world.status(1);
    assert_eq!((status.state, status.code), (GatewayState::Offline, None));
    assert_eq!(world.called(), SECOND_VENDOR);
    let told = news.try_recv().unwrap().what;
    assert_eq!(told.kind(), EventKind::GatewayOffline);
    world.agent(VENDOR).deaf = false;
    world.pass_answering(15.0, [200, 200]);
    assert_eq!(world.gateway_state(1), GatewayState::Online);
    assert_eq!(news.try_recv().unwrap().what.kind(), EventKind::GatewayOnline);
    assert!(news.try_recv().is_err(), "each change is told once");
}

#[test]
fn one_that_takes_no_calls_is_unavailable() {
    let mut world = world();
    world.pass_answering(3.0, [503, 200]);
    assert_eq!((world.gateway_state(1), world.status(1).code), (GatewayState::Unavailable, Some(503)));
    assert_eq!(world.called(), SECOND_VENDOR);
    world.pass_answering(12.0, [200, 200]);
    assert_eq!(world.gateway_state(1), GatewayState::Online);
}

#[test]
fn a_gateway_has_its_own_period_and_0_does_not_ask() {
    let mut world = world();
    let mut configuration = asking("10");
    configuration.routing_gateways[0].settings.overrides =
        with(&[(Parameter::SS_SIP_OPTIONS_CHECK_PERIOD, "0")]);
    take_up(&world.floor.desk.environment, configuration);
    world.pass_answering(15.0, [200, 200]);
    assert_eq!(world.count(VENDOR, Method::Options), 0);
    assert!(world.count(SECOND_VENDOR, Method::Options) >= 2);
    assert_eq!(world.gateway_state(1), GatewayState::Unchecked);
}

#[test]
fn another_address_begins_anew() {
    let mut world = world();
    world.pass_answering(3.0, [200, 200]);
    let mut configuration = asking("10");
    configuration.routing_gateways[0].settings.address = GatewayAddress::read(SECOND_VENDOR, 5060).unwrap();
    configuration.version = ConfigVersion(8);
    take_up(&world.floor.desk.environment, configuration);
    world.pass(1.0);
    assert_eq!(world.gateway_state(1), GatewayState::Waiting);
}

#[test]
fn a_call_without_answer_has_its_gateway_asked_at_once() {
    let mut world = world();
    take_up(&world.floor.desk.environment, asking("3600"));
    world.pass_answering(3.0, [200, 200]);
    let before = world.count(VENDOR, Method::Options);
    world.agent(VENDOR).deaf = true;
    world.invite("442071234567", Some(SDP));
    world.pass_answering(60.0, [0, 200]);
    assert_eq!(world.gateway_state(1), GatewayState::Offline);
    assert_eq!(world.count(VENDOR, Method::Options), before);
}

#[test]
fn thousands_are_not_asked_in_one_moment() {
    let mut world = world();
    let mut configuration = asking("60");
    let one = configuration.routing_gateways[0].clone();
    configuration.routing_gateways = (1..=3000)
        .map(|id| {
            let mut gateway = RoutingGateway { id: RoutingGatewayId(id), ..one.clone() };
            gateway.settings.name = format!("g{id}").parse().unwrap();
            gateway
        })
        .collect();
    take_up(&world.floor.desk.environment, configuration);
    world.pass(1.0);
    world.pass(1.0);
    let asked = world.count(VENDOR, Method::Options);
    assert!((60..=200).contains(&asked), "{asked} in two seconds");
}

#[test]
fn a_stop_waits_for_no_check() {
    let mut world = world();
    world.pass(1.5);
    assert!(world.was_asked(VENDOR, Method::Options));
    world.floor.stop(world.now);
    assert!(world.floor.is_quiet());
}
