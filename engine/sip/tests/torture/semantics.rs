//! RFC 4475 §3.2 to §3.4: transactions, application-layer semantics, RFC 2543.

use sip::{HeaderName, Method, Scheme, SipUri};

use crate::case::Demand::{Accept, AcceptThen, Ignore, Refuse};
use crate::case::{Case, row, unread};

pub(crate) const CASES: &[Case] = &[
    row("rfc4475/badbranch", "3.2.1", "Missing transaction identifier", Accept, |message| {
        assert_eq!(message.via().unwrap().branch(), Some("z9hG4bK"));
    }),
    row("rfc4475/insuf", "3.3.1", "Missing required header fields", Refuse(400), unread),
    row("rfc4475/unkscm", "3.3.2", "Request-URI with unknown scheme", AcceptThen("416"), |message| {
        let uri = SipUri::parse(message.request_uri()).unwrap();
        assert_eq!(uri.scheme, Scheme::Other("nobodyknowsthisscheme".into()));
    }),
    row(
        "rfc4475/novelsc",
        "3.3.3",
        "Request-URI with known but atypical scheme",
        AcceptThen("416"),
        |message| {
            let uri = SipUri::parse(message.request_uri()).unwrap();
            assert_eq!(uri.scheme, Scheme::Other("soap.beep".into()));
            assert_eq!(uri.socket_addr(), None);
        },
    ),
    row(
        "rfc4475/unksm2",
        "3.3.4",
        "Unknown URI schemes in header fields",
        AcceptThen("416 or 400 by a registrar"),
        |message| {
            assert_eq!(message.to().unwrap().uri.scheme, Scheme::Other("isbn".into()));
            assert_eq!(message.from().unwrap().uri.to_string(), "http://www.example.com");
            assert_eq!(message.contact().unwrap().uri.to_string(), "name:John_Smith");
        },
    ),
    row("rfc4475/bext01", "3.3.5", "Proxy-Require and Require", AcceptThen("420 listing both"), |message| {
        let unknown: Vec<_> = message.list(HeaderName::Require).collect();
        assert_eq!(unknown, ["nothingSupportsThis", "nothingSupportsThisEither"]);
        assert!(message.requires("nothingsupportsthis"));
    }),
    row("rfc4475/invut", "3.3.6", "Unknown Content-Type", AcceptThen("415"), |message| {
        assert_eq!(message.content_type(), Some("application/unknownformat"));
        assert_eq!(message.body(), b"<audio>\r\n <pcmu port=\"443\"/>\r\n</audio>\r\n");
    }),
    row(
        "rfc4475/regaut01",
        "3.3.7",
        "Unknown authorization scheme",
        AcceptThen("challenge again"),
        |message| {
            assert_eq!(
                message.header(HeaderName::Authorization),
                Some("NoOneKnowsThisScheme opaque-data=here")
            );
        },
    ),
    row("rfc4475/multi01", "3.3.8", "Multiple values in single-value fields", Refuse(400), unread),
    row("rfc4475/mcl01", "3.3.9", "Multiple Content-Length values", Refuse(400), unread),
    row("rfc4475/bcast", "3.3.10", "200 OK response with broadcast Via", Ignore, |message| {
        // A user agent has no second Via to send it on to, and the first names somebody else: nobody gets it.
        assert_eq!(message.via().unwrap().host, "192.0.2.198");
        assert_eq!(message.list(HeaderName::Via).count(), 2);
    }),
    row("rfc4475/zeromf", "3.3.11", "Max-Forwards of zero", AcceptThen("483 when forwarding"), |message| {
        assert_eq!(message.max_forwards(), Some(0));
        assert!(message.onward_hops().is_err());
    }),
    row("rfc4475/cparam01", "3.3.12", "REGISTER with a Contact header parameter", Accept, |message| {
        let contact = message.contact().unwrap();
        assert!(contact.params.contains("unknownparam") && !contact.uri.params.contains("unknownparam"));
    }),
    row("rfc4475/cparam02", "3.3.13", "REGISTER with a URL parameter", Accept, |message| {
        let contact = message.contact().unwrap();
        assert!(!contact.params.contains("unknownparam") && contact.uri.params.contains("unknownparam"));
    }),
    row("rfc4475/regescrt", "3.3.14", "REGISTER with a URL escaped header", Accept, |message| {
        let contact = message.contact().unwrap();
        assert_eq!(contact.uri.headers, [("Route".to_owned(), "%3Csip:sip.example.com%3E".to_owned())]);
        assert!(contact.params.is_empty());
    }),
    row("rfc4475/sdp01", "3.3.15", "Unacceptable Accept offering", AcceptThen("406"), |message| {
        assert_eq!(message.header(HeaderName::Accept), Some("text/nobodyKnowsThis"));
    }),
    row("rfc4475/inv2543", "3.4.1", "INVITE with RFC 2543 syntax", Accept, |message| {
        assert_eq!((message.method(), message.from_tag()), (Some(&Method::Invite), None));
        assert_eq!(message.via().unwrap().branch(), None);
        assert_eq!(message.to().unwrap().params.get("user"), Some("phone"));
        assert!(message.body().starts_with(b"v=0"));
    }),
];
