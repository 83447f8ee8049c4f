//! RFC 4475 §3.1: what a parser must take, and what it must not.

use sip::{HeaderName, Message, Method, SipUri, Via};

use crate::case::Demand::{Accept, AcceptResponse, AcceptThen, Discard, Refuse, RefuseOrRepair};
use crate::case::{Case, Origin, row, unread};

fn vias(message: &Message) -> Vec<Via<'_>> {
    message.list(HeaderName::Via).map(|via| Via::parse(via).unwrap()).collect()
}

pub(crate) const VALID: &[Case] = &[
    row("rfc4475/wsinv", "3.1.1.1", "A short tortuous INVITE", Accept, |message| {
        assert_eq!(message.to().unwrap().tag(), Some("1918181833n"));
        assert_eq!(message.from().unwrap().display.as_deref(), Some("J Rosenberg \\\""));
        assert_eq!(message.from_tag(), Some("98asjd8"));
        assert_eq!((message.max_forwards(), message.cseq()), (Some(68), (9, Method::Invite)));
        let hosts: Vec<_> = vias(message).iter().map(|via| via.host).collect();
        assert_eq!(hosts, ["192.0.2.2", "spindle.example.com", "192.168.255.111"]);
        let branches: Vec<_> = vias(message).iter().filter_map(|via| via.branch()).collect();
        assert_eq!(branches, ["390skdjuw", "z9hG4bK9ikj8", "z9hG4bK30239"]);
        assert_eq!(message.header(HeaderName::Subject), Some(""));
        assert_eq!(message.other("UnknownHeaderWithUnusualValue"), Some(";;,,;;,;"));
        let contact = message.contact().unwrap();
        assert_eq!(contact.display.as_deref(), Some("Quoted string \"\""));
        assert_eq!(
            (contact.params.get("newparam"), contact.params.get("q")),
            (Some("newvalue"), Some("0.33"))
        );
        assert_eq!(contact.params.get("secondparam"), Some(""));
        assert_eq!(message.body().len(), 150);
    }),
    row(
        "rfc4475/intmeth",
        "3.1.1.2",
        "Wide range of valid characters",
        AcceptThen("501 or 405"),
        |message| {
            assert_eq!(message.method().unwrap().as_str(), "!interesting-Method0123456789_*+`.%indeed'~");
            assert_eq!(message.call_id(), "intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{");
            assert_eq!(message.to().unwrap().display.as_deref(), Some("BEL:\u{7} NUL:\0 DEL:\u{7f}"));
            assert_eq!(message.from_tag(), Some("_token~1'+`*%!-."));
            let param = message.from().unwrap().params.unquoted("fromParam''~+*_!.-%");
            assert_eq!(param.as_deref(), Some("работающий"));
            assert_eq!(vias(message)[0].branch(), Some("z9hG4bK-.!%66*_+`'~"));
            let uri = SipUri::parse(message.request_uri()).unwrap();
            assert_eq!(uri.host, "example.com");
            assert!(uri.user.unwrap().starts_with("1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:"));
            assert_eq!(message.other("extensionHeader-!.%*+_`'~"), Some("\u{feff}大停電"));
        },
    ),
    row("rfc4475/esc01", "3.1.1.3", "Valid use of the % escaping mechanism", Accept, |message| {
        let uri = SipUri::parse(message.request_uri()).unwrap();
        assert_eq!(
            (uri.host.as_str(), uri.decoded_user().as_deref()),
            ("example.net", Some("sips:user@example.com"))
        );
        assert_eq!(message.to().unwrap().uri.decoded_user().as_deref(), Some("user"));
        assert_eq!(message.from().unwrap().uri.decoded_user().as_deref(), Some("I have spaces"));
        let contact = message.contact().unwrap().uri;
        assert!(
            contact.equivalent(&SipUri::parse("sip:caller@host5.example.net;lr;name=value%2541").unwrap())
        );
    }),
    row("rfc4475/escnull", "3.1.1.4", "Escaped nulls in URIs", Accept, |message| {
        assert_eq!(message.to().unwrap().uri.decoded_user().as_deref(), Some("null-\0-null"));
        let contacts: Vec<_> = message.list(HeaderName::Contact).collect();
        assert_eq!(contacts, ["<sip:%00@host5.example.com>", "<sip:%00%00@host5.example.com>"]);
    }),
    row(
        "rfc4475/esc02",
        "3.1.1.5",
        "Use of % when it is not an escape",
        AcceptThen("501 or 405"),
        |message| {
            assert_eq!(message.method().unwrap().as_str(), "RE%47IST%45R");
            assert_eq!(message.to().unwrap().display.as_deref(), Some("%Z%45"));
            assert_eq!(message.list(HeaderName::Contact).count(), 2);
            assert_eq!(message.other("C%6Fntact"), Some("<sip:alias2@host2.example.com>"));
            assert_eq!(vias(message)[0].branch(), Some("z9hG4bK209%fzsnel234"));
        },
    ),
    row("rfc4475/lwsdisp", "3.1.1.6", "No LWS between display name and <", Accept, |message| {
        let from = message.from().unwrap();
        assert_eq!((from.display.as_deref(), from.uri.user.as_deref()), (Some("caller"), Some("caller")));
    }),
    row("rfc4475/longreq", "3.1.1.7", "Long values in header fields", Accept, |message| {
        assert_eq!(vias(message).len(), 34);
        assert_eq!(vias(message)[33].received(), Some("192.0.2.5"));
        assert_eq!(message.from_tag().unwrap().len(), 2 + 150 + 3);
        assert_eq!(message.to().unwrap().uri.port, Some(6000));
        assert_eq!(message.call_id().len(), "longreq.one".len() + 120 + "longcallid".len());
    }),
    row("rfc4475/dblreq", "3.1.1.8", "Extra trailing octets in a UDP datagram", Accept, |message| {
        assert_eq!((message.method(), message.body()), (Some(&Method::Register), &b""[..]));
    }),
    row("rfc4475/semiuri", "3.1.1.9", "Semicolon-separated parameters in the user part", Accept, |message| {
        let uri = SipUri::parse(message.request_uri()).unwrap();
        assert_eq!(
            (uri.user.as_deref(), uri.host.as_str()),
            (Some("user;par=u%40example.net"), "example.com")
        );
        assert!(uri.params.is_empty());
        assert_eq!(message.list(HeaderName::Accept).count(), 6);
    }),
    row("rfc4475/transports", "3.1.1.10", "Varied and unknown transport types", Accept, |message| {
        let words: Vec<_> = vias(message).iter().map(|via| via.transport).collect();
        assert_eq!(words, ["UDP", "SCTP", "TLS", "UNKNOWN", "TCP"]);
    }),
    Case {
        file: "rfc4475/mpart01",
        section: "3.1.1.11",
        title: "Multipart MIME message",
        origin: Origin::Built,
        demand: Accept,
        check: |message| {
            assert_eq!(message.content_type(), Some("multipart/mixed"));
            let binary: Vec<u8> = (0..=255).collect();
            assert!(message.body().windows(256).any(|part| part == binary));
            assert!(message.body().ends_with(b"--7a9cbec02ceef655--\r\n"));
        },
    },
    row("rfc4475/unreason", "3.1.1.12", "Unusual reason phrase", AcceptResponse, |message| {
        assert_eq!(message.status(), Some(200));
        assert_eq!(message.reason(), "= 2**3 * 5**2 но сто девяносто девять - простое");
    }),
    row("rfc4475/noreason", "3.1.1.13", "Empty reason phrase", AcceptResponse, |message| {
        assert_eq!((message.status(), message.reason()), (Some(100), ""));
    }),
];

pub(crate) const INVALID: &[Case] = &[
    row("rfc4475/badinv01", "3.1.2.1", "Extraneous header field separators", RefuseOrRepair(400), unread),
    row("rfc4475/clerr", "3.1.2.2", "Content-Length larger than the message", Refuse(400), unread),
    row("rfc4475/ncl", "3.1.2.3", "Negative Content-Length", Refuse(400), unread),
    row("rfc4475/scalar02", "3.1.2.4", "Request scalar fields with overlarge values", Refuse(400), unread),
    row("rfc4475/scalarlg", "3.1.2.5", "Response scalar fields with overlarge values", Discard, unread),
    row("rfc4475/quotbal", "3.1.2.6", "Unterminated quoted string in display name", Refuse(400), unread),
    row("rfc4475/ltgtruri", "3.1.2.7", "<> enclosing the Request-URI", Refuse(400), unread),
    row("rfc4475/lwsruri", "3.1.2.8", "Malformed Request-URI with LWS in it", Refuse(400), unread),
    row(
        "rfc4475/lwsstart",
        "3.1.2.9",
        "Several SP separating request line elements",
        RefuseOrRepair(400),
        |message| {
            assert_eq!(message.request_uri(), "sip:user@example.com");
        },
    ),
    row(
        "rfc4475/trws",
        "3.1.2.10",
        "SP characters at the end of the request line",
        RefuseOrRepair(400),
        |message| {
            assert_eq!(message.request_uri(), "sip:remote-target@example.com");
        },
    ),
    row(
        "rfc4475/escruri",
        "3.1.2.11",
        "Escaped headers in the Request-URI",
        RefuseOrRepair(400),
        |message| {
            // What is made of it for another leg carries no headers.
            let uri = SipUri::parse(message.request_uri()).unwrap();
            assert_eq!(uri.to_rsip().to_string(), "sip:user@example.com");
        },
    ),
    row(
        "rfc4475/baddate",
        "3.1.2.12",
        "Invalid time zone in the Date header field",
        RefuseOrRepair(400),
        |message| {
            assert_eq!(message.header(HeaderName::Date), Some("Fri, 01 Jan 2010 16:00:00 EST"));
        },
    ),
    row("rfc4475/regbadct", "3.1.2.13", "Failure to enclose a name-addr URI in <>", Refuse(400), unread),
    row("rfc4475/badaspec", "3.1.2.14", "Spaces within an addr-spec", RefuseOrRepair(400), |message| {
        assert_eq!(message.to().unwrap().uri.to_string(), "sip:t.watson@example.org");
    }),
    row(
        "rfc4475/baddn",
        "3.1.2.15",
        "Non-token characters in a display name",
        RefuseOrRepair(400),
        |message| {
            assert_eq!(message.from().unwrap().display.as_deref(), Some("Bell, Alexander"));
            assert_eq!(message.from().unwrap().uri.to_string(), "sip:a.g.bell@example.com");
        },
    ),
    row("rfc4475/badvers", "3.1.2.16", "Unknown protocol version", Refuse(505), unread),
    row("rfc4475/mismatch01", "3.1.2.17", "Start line and CSeq method mismatch", Refuse(400), unread),
    row("rfc4475/mismatch02", "3.1.2.18", "Unknown method with CSeq method mismatch", Refuse(400), unread),
    row("rfc4475/bigcode", "3.1.2.19", "Overlarge response code", Discard, unread),
];
