//! What carriers really send, a file each in `corpus/`; what must be refused in `corpus/refused/`.

use crate::corpus;
use bytes::Bytes;
use sip::message::Defect;
use sip::{HeaderName, Message, Method, ParseError, SipUri};

fn read(name: &str) -> Message {
    Message::parse(corpus::file(name)).unwrap_or_else(|why| panic!("{name}: {why}"))
}

#[test]
fn every_case_is_read_with_its_five_headers() {
    let cases = corpus::all("");
    assert!(cases.len() > 40);
    for (name, bytes) in cases {
        let message = Message::parse(bytes).unwrap_or_else(|why| panic!("{name}: {why}"));
        let via = message.via().unwrap_or_else(|why| panic!("{name}: {why}"));
        assert!(!via.host.is_empty(), "{name}");
        message.from().unwrap_or_else(|why| panic!("{name}: {why}"));
        message.to().unwrap_or_else(|why| panic!("{name}: {why}"));
        assert_eq!(message.call_id(), "wire-1@192.0.2.1", "{name}");
        assert_eq!(message.cseq().0, 1, "{name}");
        if name != "rfc2543-no-branch-no-tag" {
            assert_eq!(message.from_tag(), Some("ft"), "{name}");
        }
        if message.header(HeaderName::Contact).is_some_and(|contact| contact != "*") {
            assert!(message.contact().is_some(), "{name}");
        }
        if message.is_request() && name != "star-contact" {
            SipUri::parse(message.request_uri()).unwrap_or_else(|why| panic!("{name}: {why}"));
        }
    }
}

#[test]
fn every_refusal_names_its_reason() {
    use Defect::*;
    use HeaderName as H;
    let expected = [
        ("missing-blank-line", Err(Unterminated)),
        ("missing-via", Err(Missing(H::Via))),
        ("missing-from", Err(Missing(H::From))),
        ("missing-to", Err(Missing(H::To))),
        ("missing-call-id", Err(Missing(H::CallId))),
        ("missing-cseq", Err(Missing(H::CSeq))),
        ("two-froms", Err(Duplicate(H::From))),
        ("two-call-ids", Err(Duplicate(H::CallId))),
        ("two-content-lengths", Err(Duplicate(H::ContentLength))),
        ("short-body", Err(ShortBody)),
        ("negative-content-length", Err(Bad(H::ContentLength))),
        ("huge-content-length", Err(ShortBody)),
        ("cseq-overflow", Err(Bad(H::CSeq))),
        ("cseq-other-method", Err(MethodMismatch)),
        ("open-quote", Err(Bad(H::From))),
        ("open-bracket", Err(Bad(H::To))),
        ("bracketed-request-uri", Err(RequestUri)),
        ("blank-in-request-uri", Err(RequestUri)),
        ("version-seven", Err(Version)),
        ("line-without-colon", Err(HeaderLine)),
        ("via-of-another-protocol", Err(Bad(H::Via))),
        ("not-sip", Ok(ParseError::NotSip)),
        ("one-word", Ok(ParseError::NotSip)),
        ("status-out-of-range", Ok(ParseError::BadFirstLine)),
        ("too-many-headers", Ok(ParseError::TooManyHeaders)),
        ("too-many-vias", Ok(ParseError::TooManyVias)),
    ];
    let files = corpus::all("refused");
    assert_eq!(files.len(), expected.len(), "a file without an expectation, or the other way round");
    for (name, why) in expected {
        let why = why.unwrap_or_else(ParseError::Defect);
        assert_eq!(Message::parse(corpus::file(&format!("refused/{name}"))).err(), Some(why), "{name}");
    }
}

#[test]
fn compact_names_mean_the_long_ones() {
    let message = read("compact-names");
    assert_eq!(message.list(HeaderName::Supported).collect::<Vec<_>>(), ["100rel", "timer"]);
    assert_eq!(message.content_type(), Some("application/sdp"));
    assert_eq!(message.header(HeaderName::SessionExpires), Some("1800"));
}

#[test]
fn folded_lines_become_one() {
    let from = read("folded-headers").from().unwrap();
    assert_eq!((from.display.as_deref(), from.tag()), (Some("A Name"), Some("ft")));
    assert_eq!(read("folded-headers").via().unwrap().branch(), Some("z9hG4bKwire"));
}

#[test]
fn no_hop_of_a_joined_via_is_lost() {
    for name in ["two-vias-in-one-line", "vias-in-two-lines"] {
        let message = read(name);
        let hops: Vec<_> = message.list(HeaderName::Via).collect();
        assert_eq!(hops.len(), 2, "{name}");
        assert!(hops[1].ends_with("z9hG4bKsecond"), "{name}");
    }
}

#[test]
fn commas_in_quotes_split_nothing() {
    let contacts = read("contacts-in-one-line");
    assert_eq!(contacts.list(HeaderName::Contact).count(), 2);
    assert_eq!(contacts.contact().unwrap().display.as_deref(), Some("a, b"));
    assert_eq!(
        read("record-routes-in-one-line").record_routes(),
        ["<sip:p2.example.com;lr>", "<sip:p1.example.com;lr;x=\"1,2\">", "<sip:192.0.2.7;lr=on>"]
    );
}

#[test]
fn addresses_of_version_six_keep_their_brackets() {
    let message = read("via-ipv6");
    let via = message.via().unwrap();
    assert_eq!(
        (via.host, via.port, via.received()),
        ("[2001:db8::9:1]", Some(5070), Some("[2001:db8::9:255]"))
    );
    let uri = SipUri::parse(read("uri-ipv6").request_uri()).unwrap();
    assert_eq!(uri.socket_addr(), Some("[2001:db8::10]:5070".parse().unwrap()));
}

#[test]
fn a_display_name_cannot_pose_as_the_address() {
    let from = read("bracket-in-display-name").from().unwrap();
    assert_eq!(from.uri.to_string(), "sip:a@example.com");
    let from = read("escaped-quote-in-display-name").from().unwrap();
    assert_eq!(
        (from.display.as_deref(), from.uri.to_string().as_str()),
        (Some("A \" <b> \\"), "sip:a@example.com")
    );
}

#[test]
fn a_latin_byte_spoils_nothing_but_itself() {
    let message = read("latin1-display-name");
    assert_eq!(message.from().unwrap().display.as_deref(), Some("J\u{fffd}rgen"));
    assert_eq!(message.header(HeaderName::ContentLength), Some("0"));
    assert_eq!(read("utf8-display-name").from().unwrap().display.as_deref(), Some("Zoë 電話"));
}

#[test]
fn parameters_after_colons_and_quotes_survive() {
    let gruu = read("gruu").contact().unwrap();
    assert_eq!(gruu.uri.params.get("gr"), Some("urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"));
    let instance = read("quoted-instance").contact().unwrap();
    assert_eq!(
        instance.params.unquoted("+sip.instance").as_deref(),
        Some("<urn:uuid:00000000-0000-1000-8000-AABBCCDDEEFF>")
    );
}

#[test]
fn methods_and_statuses_that_nobody_knows_are_kept() {
    let message = read("unknown-method");
    assert_eq!(message.method(), Some(&Method::Other("FOO".into())));
    assert_eq!(read("unknown-status").status(), Some(699));
    assert_eq!(
        (read("status-without-reason").reason(), read("status-without-reason").status()),
        ("", Some(200))
    );
    assert_eq!(read("status-with-utf8-reason").reason(), "besetzt – später");
}

#[test]
fn bodies_end_where_content_length_says() {
    assert_eq!(read("datagram-longer-than-content-length").body(), b"abc");
    assert_eq!(read("no-content-length").body(), b"v=0\r\n");
    assert_eq!(read("body-with-any-bytes").body(), b"\x00\xff\r\n\r\n\x01");
}

#[test]
fn headers_without_a_variant_are_found_by_name() {
    let message = read("long-headers");
    assert_eq!(message.other("x-many-149"), Some("z"));
    assert_eq!(message.other("X-None"), None);
    assert_eq!(message.header(HeaderName::Other), None);
    assert_eq!(read("max-forwards-too-big").max_forwards(), Some(255));
    assert_eq!(read("empty-header-values").header(HeaderName::Subject), Some(""));
}

#[test]
fn blanks_are_a_keep_alive_and_64_kib_the_limit() {
    assert_eq!(Message::parse(Bytes::from_static(b"\r\n\r\n")).err(), Some(ParseError::Empty));
    assert_eq!(Message::parse(Bytes::new()).err(), Some(ParseError::Empty));
    assert_eq!(Message::parse(Bytes::from(vec![b'a'; 70_000])).err(), Some(ParseError::TooLarge));
}
