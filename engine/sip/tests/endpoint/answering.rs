//! Requests from the callee's side.

use bytes::Bytes;
use sip::{Event, HeaderName, Message, make_header};

use crate::pair::{CALLEE, CALLER, Pair};
use crate::talk::dial;

#[test]
fn a_copy_of_an_invite_gets_the_last_answer_again() {
    let mut pair = Pair::new();
    pair.lose("SIP/2.0 180", 1);
    let call = dial(&mut pair);
    call.answer(&mut pair, 180);
    pair.run_ms(1_000);
    assert_eq!(pair.count_sent(CALLER, "INVITE"), 2);
    assert_eq!(pair.count_sent(CALLEE, "SIP/2.0 180"), 2);
    assert_eq!(pair.story(CALLER), ["180"]);
    assert!(pair.story(CALLEE).is_empty());
    call.answer(&mut pair, 603);
    pair.assert_empty();
}

#[test]
fn responses_can_take_another_way() {
    let mut pair = Pair::new();
    let call = dial(&mut pair);
    let way = sip::Flow { remote: "10.0.0.1:5099".parse().unwrap(), ..pair.flow(CALLEE) };
    let now = pair.now;
    let endpoint = &mut pair.sides[CALLEE].endpoint;
    endpoint.reply_along(call.server, way);
    let busy = endpoint.reply(&call.received, 486, None, Some(&call.tag));
    endpoint.respond(now, call.server, busy);
    assert_eq!(endpoint.poll_transmit().map(|sent| sent.flow), Some(way));
    endpoint.on_timer(now + std::time::Duration::from_millis(500));
    assert_eq!(endpoint.poll_transmit().map(|sent| sent.flow), Some(way), "repeats as well");
}

#[test]
fn an_ignored_invite_meets_silence() {
    let mut pair = Pair::new();
    let call = dial(&mut pair);
    let now = pair.now;
    pair.sides[CALLEE].endpoint.ignore(now, call.server);
    pair.run_ms(40_000);
    assert!(pair.sides[CALLEE].sent.is_empty());
    assert!(pair.story(CALLEE).is_empty(), "copies are absorbed");
    assert_eq!(pair.story(CALLER), ["timeout"]);
    pair.assert_empty();
}

#[test]
fn a_request_that_the_user_never_answers_is_forgotten() {
    let mut pair = Pair::new();
    let (now, flow) = (pair.now, pair.flow(CALLER));
    let mut options = pair.invite(CALLER);
    options.method = rsip::Method::Options;
    sip::replace_header(&mut options.headers, "CSeq", "1 OPTIONS");
    pair.sides[CALLER].endpoint.request(now, flow, options);
    pair.run_ms(40_000);
    assert_eq!(pair.story(CALLEE), ["OPTIONS"]);
    assert_eq!(pair.story(CALLER), ["timeout"]);
    assert_eq!(pair.count_sent(CALLER, "OPTIONS"), 11, "E: 0.5, 1, 2, then every 4 s (RFC 3261 §17.1.2.2)");
    pair.assert_empty();
}

#[test]
fn a_second_final_response_is_not_sent() {
    let mut pair = Pair::new();
    let call = dial(&mut pair);
    call.answer(&mut pair, 486);
    call.answer(&mut pair, 200);
    call.answer(&mut pair, 180);
    pair.run_ms(100);
    assert_eq!(pair.story(CALLER), ["486"]);
    assert_eq!(pair.sides[CALLEE].endpoint.stats().unexpected, 2);
    pair.assert_empty();
    call.answer(&mut pair, 200);
    pair.assert_empty();
}

/// A peer of RFC 2543: no magic cookie, so everything else must tell its requests apart.
fn old_invite(branch: &str, cseq: &str, method: &str) -> Bytes {
    // A call of its own for each branch: the same one on two ways would be merged.
    let call = branch.len();
    Bytes::from(format!(
        "{method} sip:bob@10.0.0.2 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.1{branch}\r\nFrom: <sip:a@h>;tag=1\r\n\
         To: <sip:b@h>\r\nCall-ID: old{call}\r\nCSeq: {cseq} {method}\r\nTimestamp: 54\r\n\r\n"
    ))
}

#[test]
fn peers_without_the_magic_cookie_are_matched_by_everything_else() {
    let mut pair = Pair::new();
    let (now, flow) = (pair.now, pair.flow(CALLEE));
    let endpoint = &mut pair.sides[CALLEE].endpoint;
    for branch in ["", ";branch=1"] {
        endpoint.on_datagram(now, flow, old_invite(branch, "1", "INVITE"));
        endpoint.on_datagram(now, flow, old_invite(branch, "1", "INVITE"));
        let Some(Event::Request { server, message, .. }) = endpoint.poll_event() else { panic!("{branch}") };
        assert!(endpoint.poll_event().is_none(), "the copy is absorbed");
        endpoint.on_datagram(now, flow, old_invite(branch, "1", "CANCEL"));
        assert!(matches!(endpoint.poll_event(), Some(Event::Cancelled { server: s, .. }) if s == server));
        let gone = endpoint.reply(&message, 487, None, Some("t"));
        endpoint.respond(now, server, gone);
        endpoint.on_datagram(now, flow, old_invite(branch, "1", "ACK"));
        assert!(endpoint.poll_event().is_none(), "the ACK belongs to the 487");
        endpoint.on_datagram(now, flow, old_invite(branch, "2", "INVITE"));
        let Some(Event::Request { server, .. }) = endpoint.poll_event() else {
            panic!("another CSeq is new")
        };
        endpoint.ignore(now, server);
        let text = String::from_utf8(old_invite(branch, "2", "INVITE").to_vec()).unwrap();
        for other in [text.replace("tag=1", "tag=2"), text.replace("Call-ID: old", "Call-ID: new")] {
            endpoint.on_datagram(now, flow, other.into());
            let Some(Event::Request { server, .. }) = endpoint.poll_event() else {
                panic!("another caller is new")
            };
            endpoint.ignore(now, server);
        }
    }
    while endpoint.poll_transmit().is_some() {}
    pair.assert_empty();
}

#[test]
fn a_response_repeats_what_it_must() {
    let mut pair = Pair::new();
    let flow = sip::Flow { remote: "10.0.0.77:4000".parse().unwrap(), ..pair.flow(CALLEE) };
    let text = "INVITE sip:bob@10.0.0.2 SIP/2.0\r\nVia: SIP/2.0/UDP 192.168.1.9:5060;rport;branch=z9hG4bKa, SIP/2.0/UDP p\r\n\
         Via: SIP/2.0/UDP q\r\nRecord-Route: <sip:p;lr>\r\nFrom: <sip:a@h>;tag=1\r\nTo: <sip:b@h>\r\nCall-ID: c\r\n\
         CSeq: 4 INVITE\r\nTimestamp: 54\r\n\r\n";
    let now = pair.now;
    let endpoint = &mut pair.sides[CALLEE].endpoint;
    endpoint.on_datagram(now, flow, Bytes::from_static(text.as_bytes()));
    let Some(Event::Request { server, message, .. }) = endpoint.poll_event() else { panic!() };
    let mut send = |code| {
        let mut response = endpoint.reply(&message, code, None, Some("mine"));
        response.headers.push(make_header("Contact", "<sip:b@10.0.0.2>"));
        endpoint.respond(now, server, response);
        let sent = endpoint.poll_transmit().unwrap();
        assert_eq!(sent.flow.remote, flow.remote, "answers take the way back (RFC 3581)");
        Message::parse(sent.bytes).unwrap()
    };
    let trying = send(100);
    assert_eq!((trying.to_tag(), trying.header(HeaderName::Timestamp)), (None, Some("54")));
    assert!(trying.record_routes().is_empty());
    let ringing = send(180);
    assert_eq!((ringing.to_tag(), ringing.record_routes()), (Some("mine"), vec!["<sip:p;lr>".to_owned()]));
    let hops: Vec<_> = ringing.list(HeaderName::Via).collect();
    assert_eq!(
        hops,
        [
            "SIP/2.0/UDP 192.168.1.9:5060;rport=4000;branch=z9hG4bKa;received=10.0.0.77",
            "SIP/2.0/UDP p",
            "SIP/2.0/UDP q"
        ]
    );
    let busy = send(486);
    assert_eq!((busy.reason(), busy.cseq().0, busy.call_id()), ("Busy Here", 4, "c"));
    assert!(busy.record_routes().is_empty());
    assert_eq!(busy.header(HeaderName::Server), Some("Test"));
}
