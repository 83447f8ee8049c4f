//! What gateways' settings make of who calls (HDR-1 to HDR-6, SIP-12): whole calls, as the vendor gets them. The matrix of all of

mod matrix;

use domain::{Configuration, IncomingIdentityDraft, OutgoingIdentityDraft, Parameter};
use sip::{HeaderName, Message, Method, SipUri, build_invite};

use super::world::*;
use crate::configuration::take_up;

/// What is set for one call, and what its INVITE says beside the usual.
#[derive(Clone, Default)]
pub(super) struct Case {
    pub(super) incoming: IncomingIdentityDraft,
    pub(super) outgoing: OutgoingIdentityDraft,
    pub(super) system: Vec<(Parameter, &'static str)>,
    /// Display name and user of From.
    pub(super) from: (Option<&'static str>, &'static str),
    /// User of To; the Request-URI's if none.
    pub(super) to: Option<&'static str>,
    pub(super) requested: &'static str,
    pub(super) headers: Vec<(&'static str, &'static str)>,
}

impl Case {
    pub(super) fn new() -> Self {
        Self { from: (Some("Alice"), "4930123"), requested: "442071234567", ..Default::default() }
    }

    pub(super) fn configuration(&self) -> Configuration {
        let mut configuration = configuration("10");
        for (parameter, text) in &self.system {
            configuration.parameters.set(*parameter, text).unwrap();
        }
        let mapping = &mut configuration.mapping_gateways[0].settings;
        let mut draft = domain::MappingGatewayDraft::from(&*mapping);
        draft.identity = self.incoming.clone();
        *mapping = draft.check().unwrap();
        let routing = &mut configuration.routing_gateways[0].settings;
        let mut draft = domain::RoutingGatewayDraft::from(&*routing);
        draft.identity = self.outgoing.clone();
        *routing = draft.check().unwrap();
        configuration
    }

    /// Calls; the INVITE that the first vendor gets.
    pub(super) fn called(&self) -> (World, Message) {
        let mut world = World::new("10");
        take_up(&world.floor.desk.environment, self.configuration());
        self.call(&mut world);
        let asked = world.asked(VENDOR, Method::Invite).1;
        (world, asked)
    }

    fn call(&self, world: &mut World) -> rsip::Request {
        let spec = sip::InviteSpec {
            uri: SipUri::sip(self.requested, "127.0.0.1", Some(5060)),
            from_display: self.from.0.map(str::to_owned),
            from_user: self.from.1.into(),
            from_host: "pbx.example".into(),
            to_user: self.to.unwrap_or(self.requested).into(),
            to_host: "switch.example".into(),
            user_phone: false,
            contact: format!("<sip:{CALLER}>"),
            max_forwards: 70,
            headers: self.headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
            body: Some(("application/sdp".into(), SDP.into())),
        };
        let invite = build_invite(&mut world.agent(CALLER).endpoint, &spec);
        let now = world.now.steady;
        world.agent(CALLER).endpoint.request(now, flow(at(CALLER), at(SWITCH)), invite.clone());
        world.settle();
        invite
    }
}

/// The values of a header, as the vendor got them.
fn values(asked: &Message, name: HeaderName) -> Vec<&str> {
    asked.headers(name).collect()
}

/// From without its tag.
fn from(asked: &Message) -> String {
    asked.header(HeaderName::From).unwrap().split(";tag=").next().unwrap().to_owned()
}

fn outgoing(words: &[(&str, &str)]) -> OutgoingIdentityDraft {
    let fields: serde_json::Map<_, _> =
        words.iter().map(|(field, text)| ((*field).to_owned(), (*text).into())).collect();
    serde_json::from_value(fields.into()).unwrap()
}

/// Without a setting an INVITE tells what it always told, and nothing of what came beside.
#[test]
fn an_invite_without_settings_tells_name_and_number_alone() {
    let case = Case {
        headers: vec![
            ("P-Asserted-Identity", "<sip:1@h>"),
            ("P-Preferred-Identity", "<sip:1@h>"),
            ("Remote-Party-ID", "<sip:1@h>;party=calling"),
            ("Privacy", "id"),
            ("X-Trace", "7"),
            ("Subject", "hello"),
        ],
        ..Case::new()
    };
    let (_, asked) = case.called();
    assert_eq!(from(&asked), format!("\"Alice\" <sip:4930123@{SWITCH}>"));
    let names: Vec<&str> = asked.all_headers().map(|(name, _)| name).collect();
    let usual = [
        "Via",
        "Max-Forwards",
        "From",
        "To",
        "Call-ID",
        "CSeq",
        "Contact",
        "Allow",
        "Supported",
        "Supported",
        "Session-Expires",
        "Min-SE",
        "Content-Type",
        "User-Agent",
        "Content-Length",
    ];
    let unusual: Vec<_> = names.iter().filter(|name| !usual.contains(name)).collect();
    assert!(unusual.is_empty(), "{unusual:?}");
}

/// HDR-4; extract 4, "SIP message test cases" and the chain.
#[test]
fn the_called_party_sees_anonymous_and_the_trusted_network_the_number() {
    let case = Case {
        incoming: IncomingIdentityDraft { support_privacy: "on".into(), ..Default::default() },
        outgoing: outgoing(&[("privacy", "id"), ("asserted_identity", "caller")]),
        from: (None, "1234"),
        headers: vec![("Privacy", "id")],
        ..Case::new()
    };
    let (mut world, asked) = case.called();
    assert_eq!(from(&asked), "\"Anonymous\" <sip:anonymous@anonymous.invalid>");
    assert_eq!(values(&asked, HeaderName::Privacy), ["id"]);
    assert_eq!(values(&asked, HeaderName::PAssertedIdentity), [format!("<sip:1234@{SWITCH}>")]);
    // The record is the operator's: it keeps the number.
    let asked = world.asked(VENDOR, Method::Invite);
    world.respond(VENDOR, &asked, 486, None);
    assert_eq!((world.cdr().caller_in.as_str(), world.cdr().caller_out.as_deref()), ("1234", Some("1234")));
    world.assert_nothing_is_left();
}

/// Requests within the dialog must name the caller as the INVITE did (RFC 3261 §12.2.1.1).
#[test]
fn a_dialog_stays_anonymous() {
    let case = Case { outgoing: outgoing(&[("privacy", "id"), ("user_phone", "on")]), ..Case::new() };
    let mut world = World::new("10");
    take_up(&world.floor.desk.environment, case.configuration());
    let invite = case.call(&mut world);
    let asked = world.asked(VENDOR, Method::Invite);
    world.respond(VENDOR, &asked, 200, Some(SDP));
    let mut dialog = world.acknowledge(&invite);
    world.request(CALLER, &mut dialog, rsip::Method::Bye, None);
    let bye = world.asked(VENDOR, Method::Bye).1;
    assert_eq!(from(&bye), "\"Anonymous\" <sip:anonymous@anonymous.invalid>");
    world.assert_nothing_is_left();
}

/// HDR-1: what is routed, rated and recorded is what the source's fields say.
#[test]
fn the_number_in_to_is_routed_where_the_gateway_reads_it_there() {
    let case = Case {
        incoming: IncomingIdentityDraft {
            callee_field: "to".into(),
            caller_field: "remote_party_id".into(),
            ..Default::default()
        },
        from: (Some("Unknown"), "0000"),
        to: Some("442079460000"),
        requested: "999",
        headers: vec![("Remote-Party-ID", "\"+8801712345678\" <sip:+8801712345678@h>;party=calling")],
        ..Case::new()
    };
    let (mut world, asked) = case.called();
    assert!(asked.request_uri().starts_with("sip:442079460000@"));
    assert_eq!(from(&asked), format!("\"+8801712345678\" <sip:+8801712345678@{SWITCH}>"));
    let asked = world.asked(VENDOR, Method::Invite);
    world.respond(VENDOR, &asked, 486, None);
    let cdr = world.cdr();
    assert_eq!((cdr.caller_in.as_str(), cdr.callee_in.as_str()), ("+8801712345678", "442079460000"));
}

/// SIP-12.
#[test]
fn a_header_of_the_caller_opens_no_line_of_its_own() {
    let case = Case {
        outgoing: outgoing(&[("passed_headers", "*"), ("custom_headers", "X-Carrier: 7")]),
        headers: vec![("X-Folded", "a\r\n Via: SIP/2.0/UDP evil"), ("X-Trace", "7")],
        ..Case::new()
    };
    let (_, asked) = case.called();
    assert_eq!(asked.headers(HeaderName::Via).count(), 1);
    assert_eq!(asked.other("X-Trace"), Some("7"));
    assert_eq!(asked.other("X-Carrier"), Some("7"));
    assert_eq!(asked.other("X-Folded").map(|value| value.contains('\n')), Some(false));
}

/// HDR-1, HDR-2, HDR-4; extract 4, "From header display mode", the deployments.
#[test]
fn each_deployment_of_the_display_mode_shows_what_it_shall() {
    let rpid = "Remote-Party-ID";
    for (mode, privacy, caller_field, from_shown, privacy_shown) in [
        ("E164", "none", "from", "\"+4930123\" <sip:+4930123@switch>", None),
        ("E164", "none", "remote_party_id", "\"+8801712\" <sip:+8801712@switch>", None),
        ("Ignore", "none", "from", "\"Alice\" <sip:4930123@switch>", None),
        ("E164", "passthrough", "remote_party_id", "\"+8801712\" <sip:+8801712@switch>", Some("id")),
        ("Ignore", "id", "from", "\"Anonymous\" <sip:anonymous@anonymous.invalid>", Some("id")),
    ] {
        let case = Case {
            incoming: IncomingIdentityDraft {
                caller_field: caller_field.into(),
                support_privacy: "on".into(),
                ..Default::default()
            },
            outgoing: outgoing(&[("privacy", privacy)]),
            system: vec![(Parameter::SS_SIP_E164_DISPLAY_FROM, mode)],
            headers: vec![(rpid, "<sip:8801712@h>;party=calling"), ("Privacy", "id")],
            ..Case::new()
        };
        let (_, asked) = case.called();
        assert_eq!(from(&asked).replace(SWITCH, "switch"), from_shown, "{mode} {privacy} {caller_field}");
        assert_eq!(asked.header(HeaderName::Privacy), privacy_shown, "{mode} {privacy} {caller_field}");
    }
}

/// HDR-4; extract 4, "SIP privacy and identity headers", the deployments.
#[test]
fn each_deployment_of_privacy_tells_the_vendor_what_it_shall() {
    let (ours, theirs) = ("<sip:4930123@127.0.0.1:5060>", "<sip:4930999@h>");
    for (system, privacy, asserted, name, identity) in [
        ("Ignore", "passthrough", "caller", "Alice", ours),
        ("Ignore", "none", "caller", "Alice", ours),
        ("Id", "id", "caller", "Anonymous", ours),
        ("Ignore", "passthrough", "passthrough", "Alice", theirs),
        // The gateway's None defeats the system's Id.
        ("Id", "none", "caller", "Alice", ours),
        ("Id", "", "caller", "Anonymous", ours),
    ] {
        let case = Case {
            outgoing: outgoing(&[("privacy", privacy), ("asserted_identity", asserted)]),
            system: vec![(Parameter::SS_SIP_USER_AGENT_PRIVACY, system)],
            headers: vec![("P-Asserted-Identity", theirs)],
            ..Case::new()
        };
        let (_, asked) = case.called();
        assert_eq!(asked.from().unwrap().display.as_deref(), Some(name), "{system} {privacy}");
        assert_eq!(values(&asked, HeaderName::PAssertedIdentity), [identity], "{system} {privacy}");
    }
}
