//! What phones may say of themselves, and what they may learn of others (HDR-4).

use domain::{GatewayPrivacy, IdentityHeader, PassedHeaders};
use sip::{HeaderName, Method};

use super::super::world::*;
use super::world::*;
use crate::configuration::take_up;

const ANONYMOUS: &str = "\"Anonymous\" <sip:anonymous@anonymous.invalid>;tag=";

/// RFC 3325 §5: nobody has vouched for what a phone asserts.
#[test]
fn a_phone_may_ask_for_privacy_and_asserts_nothing() {
    let mut world = with_agents(World::new("10"));
    let mut configuration = configured(vec![draft("1002")]);
    let identity = &mut configuration.routing_gateways[0].settings.identity;
    identity.privacy = Some(GatewayPrivacy::Passthrough);
    identity.asserted_identity = IdentityHeader::Passthrough;
    identity.preferred_identity = IdentityHeader::Passthrough;
    identity.passed_headers = PassedHeaders::All;
    take_up(&world.floor.desk.environment, configuration);
    let mut invite = world.invite_of(PHONE, "1002", "442071234567");
    for (name, value) in [
        ("Privacy", "id"),
        ("P-Asserted-Identity", "<sip:boss@h>"),
        ("P-Preferred-Identity", "<sip:boss@h>"),
        ("Identity", "signed"),
        ("X-Trace", "7"),
    ] {
        invite.headers.push(sip::make_header(name, value));
    }
    world.ask(PHONE, "1002", invite);
    let asked = world.asked(VENDOR, Method::Invite).1;
    assert_eq!(asked.header(HeaderName::Privacy), Some("id"));
    for name in [HeaderName::PAssertedIdentity, HeaderName::PPreferredIdentity, HeaderName::Identity] {
        assert_eq!(asked.header(name), None);
    }
    assert_eq!(
        (asked.other("X-Trace"), asked.from().unwrap().uri.user.as_deref()),
        (Some("7"), Some("1002"))
    );
}

/// A phone is nobody's trusted network: it learns nothing of a caller who asks for that.
#[test]
fn a_phone_sees_anonymous_when_the_caller_asks_for_privacy_and_may() {
    for (supported, anonymous) in [(false, false), (true, true)] {
        let mut world = with_agents(World::new("10"));
        let mut configuration = configured(vec![draft("442000")]);
        configuration.mapping_gateways[0].settings.identity.support_privacy = supported;
        take_up(&world.floor.desk.environment, configuration);
        world.register(PHONE, "442000");
        world.invite_with(
            "442000",
            Some(SDP),
            &[("Privacy", "id"), ("P-Asserted-Identity", "<sip:4930123@h>")],
        );
        let asked = world.asked(PHONE, Method::Invite).1;
        assert_eq!(asked.header(HeaderName::From).unwrap().starts_with(ANONYMOUS), anonymous);
        assert_eq!(
            (asked.header(HeaderName::Privacy), asked.header(HeaderName::PAssertedIdentity)),
            (None, None)
        );
    }
}

#[test]
fn a_phone_hides_its_number_from_another_one() {
    let mut world = world(vec![draft("442000"), draft("1002")]);
    world.register(OTHER, "1002");
    let mut invite = world.invite_of(PHONE, "442000", "1002");
    invite.headers.push(sip::make_header("Privacy", "user;id"));
    world.ask(PHONE, "442000", invite);
    assert!(world.asked(OTHER, Method::Invite).1.header(HeaderName::From).unwrap().starts_with(ANONYMOUS));
}
