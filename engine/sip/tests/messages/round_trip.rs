//! What we print, we read back.

use bytes::Bytes;
use proptest::prelude::*;
use sip::{
    Endpoint, EndpointConfig, HeaderName, InviteSpec, Mark, Message, Method, NameAddr, Params, Scheme,
    SipUri, build_invite, print_request, replace_header,
};

fn host() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z][a-z0-9-]{0,12}(\\.[a-z]{2,5}){0,2}",
        any::<[u8; 4]>().prop_map(|ip| std::net::Ipv4Addr::from(ip).to_string()),
        any::<[u8; 16]>().prop_map(|ip| format!("[{}]", std::net::Ipv6Addr::from(ip))),
    ]
}

fn params() -> impl Strategy<Value = Params> {
    prop::collection::vec(("[a-z][a-z0-9-]{0,7}", prop::option::of("[A-Za-z0-9:._+%-]{1,9}")), 0..4).prop_map(
        |list| {
            let mut params = Params::new();
            for (name, value) in list {
                params.set(&name, value.as_deref());
            }
            params
        },
    )
}

fn uri() -> impl Strategy<Value = SipUri> {
    let scheme = prop_oneof![Just(Scheme::Sip), Just(Scheme::Sips)];
    (scheme, prop::option::of("[A-Za-z0-9+._;=%-]{1,16}"), host(), prop::option::of(any::<u16>()), params())
        .prop_map(|(scheme, user, host, port, params)| SipUri {
            scheme,
            user,
            host,
            port,
            params,
            headers: Vec::new(),
        })
}

proptest! {
    #[test]
    fn uris_read_back_as_they_were(uri in uri()) {
        prop_assert_eq!(SipUri::parse(&uri.to_string()), Ok(uri.clone()));
        prop_assert_eq!(uri.to_rsip().to_string(), uri.to_string());
        prop_assert!(uri.equivalent(&uri));
    }

    #[test]
    fn names_read_back_whatever_they_contain(display in "[^\r\n\0]{1,30}", uri in uri(), tag in "[a-z0-9]{1,20}") {
        let mut params = Params::new();
        params.set("tag", Some(&tag));
        let name = NameAddr { display: Some(display), uri, params };
        let printed = name.to_string();
        prop_assert_eq!(NameAddr::parse(&printed), Ok(name));
        prop_assert_eq!(sip::tag_of(&printed), Some(tag.as_str()));
    }

    #[test]
    fn an_invite_reads_back_whatever_it_carries(
        target in uri(),
        display in prop::option::of("\\PC{0,20}"),
        user in "[A-Za-z0-9+]{0,15}",
        place in host(),
        hops in any::<u8>(),
        extra in "\\PC{0,40}",
        body in prop::option::of(prop::collection::vec(any::<u8>(), 0..300)),
    ) {
        let config = EndpointConfig { mark: Mark(9), seed: Some(1), ..EndpointConfig::default() };
        let mut endpoint = Endpoint::new(config);
        let spec = InviteSpec {
            uri: target.clone(),
            from_display: display.clone(),
            from_user: user.clone(),
            from_host: place.clone(),
            to_user: user,
            to_host: place.clone(),
            user_phone: false,
            contact: format!("<sip:us@{place}>"),
            max_forwards: hops,
            headers: vec![("X-Extra".into(), extra.clone())],
            body: body.clone().map(|bytes| ("application/sdp".into(), bytes)),
        };
        let mut request = build_invite(&mut endpoint, &spec);
        replace_header(&mut request.headers, "Via", "SIP/2.0/UDP h;branch=z9hG4bKx");
        let message = Message::parse(print_request(&request));
        let message = message.map_err(|why| TestCaseError::fail(why.to_string()))?;
        prop_assert_eq!(message.method(), Some(&Method::Invite));
        prop_assert_eq!(SipUri::parse(message.request_uri()), Ok(target));
        prop_assert_eq!(message.from().unwrap().display, display);
        prop_assert_eq!(message.from().unwrap().uri.host, place);
        prop_assert_eq!(message.max_forwards(), Some(hops));
        prop_assert_eq!(message.header(HeaderName::Other), None);
        prop_assert_eq!(message.other("x-extra"), Some(extra.trim_matches([' ', '\t'])));
        prop_assert_eq!(message.body(), body.unwrap_or_default());
        prop_assert_eq!(message.cseq(), (1, Method::Invite));
    }

    #[test]
    fn any_bytes_at_all_are_met_with_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let _ = sip::shard_of(&bytes);
        let _ = Message::parse(Bytes::from(bytes));
    }
}
