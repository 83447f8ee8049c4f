//! RFC 5118: IPv6 in all the places where it can stand.

use sip::{HeaderName, Message, SipUri, Via};

use crate::case::Demand::{Accept, Refuse};
use crate::case::{Case, Origin, row, unread};

fn target(message: &Message) -> Option<String> {
    SipUri::parse(message.request_uri()).unwrap().socket_addr().map(|address| address.to_string())
}

const fn built(file: &'static str, section: &'static str, title: &'static str, check: fn(&Message)) -> Case {
    Case { file, section, title, origin: Origin::Built, demand: Accept, check }
}

pub(crate) const CASES: &[Case] = &[
    row("rfc5118/ipv6-good", "4.1", "Valid message with an IPv6 reference", Accept, |message| {
        assert_eq!(target(message).as_deref(), Some("[2001:db8::10]:5060"));
        assert_eq!(message.via().unwrap().host, "[2001:db8::9:1]");
        assert_eq!(message.contact().unwrap().uri.host, "[2001:db8::1]");
    }),
    row("rfc5118/ipv6-bad", "4.2", "IPv6 address without brackets", Refuse(400), unread),
    row("rfc5118/port-ambiguous", "4.3", "Port inside the brackets", Accept, |message| {
        assert_eq!(target(message).as_deref(), Some("[2001:db8::10:5070]:5060"));
    }),
    row("rfc5118/port-unambiguous", "4.4", "Port behind the brackets", Accept, |message| {
        assert_eq!(target(message).as_deref(), Some("[2001:db8::10]:5070"));
    }),
    row("rfc5118/via-received-param-with-delim", "4.5", "received with brackets", Accept, |message| {
        assert_eq!(message.via().unwrap().received(), Some("[2001:db8::9:255]"));
        assert_eq!(message.via().unwrap().branch(), Some("z9hG4bKas3-111"));
    }),
    row("rfc5118/via-received-param-no-delim", "4.5", "received without brackets", Accept, |message| {
        assert_eq!(message.via().unwrap().received(), Some("2001:db8::9:255"));
        assert_eq!(message.via().unwrap().branch(), Some("z9hG4bKas3"));
    }),
    built("rfc5118/ipv6-in-sdp", "4.6", "IPv6 addresses in SDP", |message| {
        assert!(message.body().windows(20).any(|part| part == b"c=IN IP6 2001:db8::2"));
    }),
    row("rfc5118/mult-ip-in-header", "4.7", "IPv4 and IPv6 in one header", Accept, |message| {
        let vias: Vec<_> = message.list(HeaderName::Via).map(|via| Via::parse(via).unwrap()).collect();
        let places: Vec<_> = vias.iter().map(|via| (via.host, via.port)).collect();
        assert_eq!(
            places,
            [("[2001:db8::9:1]", Some(6050)), ("192.0.2.1", None), ("[2001:db8::9:255]", None)]
        );
        assert_eq!(vias[2].received(), Some("192.0.2.200"));
    }),
    built("rfc5118/mult-ip-in-sdp", "4.8", "IPv4 and IPv6 in one SDP", |message| {
        assert_eq!(message.body().windows(7).filter(|part| part == b"c=IN IP").count(), 2);
    }),
    built("rfc5118/ipv4-mapped-ipv6", "4.9", "IPv4-mapped IPv6 addresses", |message| {
        let via = message.via().unwrap();
        assert_eq!((via.host, via.port), ("[::ffff:192.0.2.10]", Some(19823)));
        assert_eq!(message.contact().unwrap().uri.host, "[::ffff:192.0.2.2]");
    }),
    row("rfc5118/ipv6-bug-abnf-3-colons", "4.10", "IPv6 reference with three colons", Accept, |message| {
        assert_eq!(target(message).as_deref(), Some("[2001:db8::c000:201]:5060"));
        assert_eq!(message.to().unwrap().uri.to_string(), "sip:user@[2001:db8::192.0.2.1]");
    }),
    row("rfc5118/ipv6-correct-abnf-2-colons", "4.10", "IPv6 reference as it should be", Accept, |message| {
        assert_eq!(target(message).as_deref(), Some("[2001:db8::c000:201]:5060"));
    }),
];
