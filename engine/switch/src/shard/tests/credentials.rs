//! Gateways that are known by a password, and those that ask for ours.

use domain::*;
use sip::{
    Method,
    digest::{Algorithm, Ha1},
};

use super::world::*;
use crate::configuration::take_up;

const CHALLENGE: &str = "Digest realm=\"vendor\", nonce=\"n1\", algorithm=MD5, qop=\"auth\"";

/// The first vendor's gateway has a user and a password.
fn world() -> World {
    let world = World::new("10");
    let mut configuration = configuration("10");
    configuration.routing_gateways[0].settings.user = Some("tandem".parse().unwrap());
    let password = ForeignPassword::new("quiet-Heron-42").unwrap();
    configuration.routing_gateway_passwords.insert(RoutingGatewayId(1), password);
    take_up(&world.floor.desk.environment, configuration);
    world
}

#[test]
fn a_vendors_challenge_is_answered_and_the_call_goes_on_in_the_same_attempt() {
    for (code, challenge, credentials) in [
        (401, "WWW-Authenticate", sip::HeaderName::Authorization),
        (407, "Proxy-Authenticate", sip::HeaderName::ProxyAuthorization),
    ] {
        let mut world = world();
        let invite = world.invite("442071234567", Some(SDP));
        let asked = world.asked(VENDOR, Method::Invite);
        world.respond_plain(VENDOR, &asked, code, &[(challenge, CHALLENGE)]);
        let again = world.asked(VENDOR, Method::Invite);
        assert_eq!(again.1.cseq().0, asked.1.cseq().0 + 1);
        assert_eq!((again.1.call_id(), again.1.body()), (asked.1.call_id(), asked.1.body()));
        assert!(again.1.header(credentials).unwrap().contains("username=\"tandem\""));
        world.respond(VENDOR, &again, 200, Some(SDP));
        world.acknowledge(&invite);
        let acknowledged = world.agent(VENDOR).events.iter().any(
            |event| matches!(event, sip::Event::Ack { message, .. } if message.cseq().0 == again.1.cseq().0),
        );
        assert!(acknowledged, "the ACK has the number of the INVITE that was answered");
        world.pass(3.0);
        let mut dialog =
            sip::Dialog::uas(&again.1, "agent", flow(at(VENDOR), at(SWITCH)), &format!("<sip:{VENDOR}>"))
                .unwrap();
        world.request(VENDOR, &mut dialog, rsip::Method::Bye, None);
        world.accept_byes();
        assert_eq!(world.cdr().attempts.len(), 1);
        world.assert_nothing_is_left();
    }
}

#[test]
fn credentials_that_are_refused_again_and_again_move_the_call_on() {
    let mut world = world();
    world.invite("442071234567", Some(SDP));
    for _ in 0..=6 {
        assert!(!world.was_asked(SECOND_VENDOR, Method::Invite));
        let asked = world.asked(VENDOR, Method::Invite);
        world.respond_plain(VENDOR, &asked, 401, &[("WWW-Authenticate", CHALLENGE)]);
    }
    assert!(world.was_asked(SECOND_VENDOR, Method::Invite));
}

#[test]
fn the_caller_is_not_asked_for_what_vendors_ask_of_us() {
    let mut world = World::new("10");
    world.invite("442071234567", Some(SDP));
    for vendor in [VENDOR, SECOND_VENDOR] {
        let asked = world.asked(vendor, Method::Invite);
        world.respond_plain(vendor, &asked, 407, &[("Proxy-Authenticate", CHALLENGE)]);
    }
    assert_eq!(world.heard(CALLER), [100, 503]);
    let cdr = world.cdr();
    assert_eq!((cdr.sip_code.0, cdr.attempts[1].sip_code.unwrap().0), (503, 407));
}

#[test]
fn a_challenge_to_a_gateway_without_a_user_is_a_failure_like_others() {
    let mut world = World::new("10");
    world.invite("442071234567", Some(SDP));
    let asked = world.asked(VENDOR, Method::Invite);
    world.respond_plain(VENDOR, &asked, 407, &[("Proxy-Authenticate", CHALLENGE)]);
    assert!(world.was_asked(SECOND_VENDOR, Method::Invite));
}

/// REG-1, password mode.
#[test]
fn a_trunk_with_a_password_is_challenged_and_calls_from_anywhere() {
    let mut world = super::phones::with_agents(World::new("10"));
    let mut configuration = configuration("10");
    let trunk = &mut configuration.mapping_gateways[0];
    trunk.settings.sources.clear();
    trunk.settings.user = Some("acme".parse().unwrap());
    let key = |algorithm| Ha1::new(algorithm, "acme", PHONE_REALM, "quiet-Heron-42").expose().into();
    let keys = PhoneKeys { md5: key(Algorithm::Md5), sha256: key(Algorithm::Sha256) };
    configuration.mapping_gateway_keys.insert(MappingGatewayId(1), keys);
    take_up(&world.floor.desk.environment, configuration);
    let invite = world.invite_of(super::phones::PHONE, "4930999", "442071234567");
    world.ask(super::phones::PHONE, "acme", invite);
    let from = world.asked(VENDOR, Method::Invite).1.from().unwrap();
    assert_eq!(from.uri.user.as_deref(), Some("4930999"), "a trunk shows any number");
    let live = world.floor.list();
    assert_eq!(live[0].mapping_gateway, Some(MappingGatewayId(1)));
    // Without credentials nobody gets in, from its old address neither.
    world.invite("442071234567", Some(SDP));
    assert_eq!(world.heard(CALLER), [401]);
}
