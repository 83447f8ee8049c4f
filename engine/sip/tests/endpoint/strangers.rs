//! What comes from nobody we know.

use bytes::Bytes;
use sip::{Endpoint, EndpointConfig, Event, Mark, Message};

use crate::pair::{CALLEE, CALLER, Pair, word};
use crate::talk::{dial, talk};

fn feed(pair: &mut Pair, side: usize, text: impl Into<Bytes>) -> (Vec<String>, Vec<Message>) {
    let (now, flow) = (pair.now, pair.flow(side));
    let endpoint = &mut pair.sides[side].endpoint;
    endpoint.on_datagram(now, flow, text.into());
    let events = std::iter::from_fn(|| endpoint.poll_event()).map(|event| word(&event)).collect();
    let answers = std::iter::from_fn(|| endpoint.poll_transmit());
    (events, answers.map(|transmit| Message::parse(transmit.bytes).unwrap()).collect())
}

fn options(extra: &str) -> String {
    format!(
        "OPTIONS sip:bob@10.0.0.2 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKo\r\nFrom: <sip:a@h>;tag=1\r\n\
         To: <sip:b@h>\r\nCall-ID: c\r\n{extra}\r\n\r\n"
    )
}

#[test]
fn a_faulty_request_is_refused_and_a_faulty_ack_is_not() {
    let mut pair = Pair::new();
    let short = options("CSeq: 1 OPTIONS\r\nContent-Length: 9");
    let (events, answers) = feed(&mut pair, CALLEE, short.clone());
    assert_eq!(events, ["Short Body"]);
    assert_eq!((answers[0].status(), answers[0].reason()), (Some(400), "Short Body"));
    let again = feed(&mut pair, CALLEE, short).1;
    assert_eq!(again[0].to_tag(), answers[0].to_tag(), "a retransmission gets the same tag");
    assert_eq!(Mark::of(answers[0].to_tag().unwrap()), Some(pair.sides[CALLEE].mark));
    let (_, answers) =
        feed(&mut pair, CALLEE, options("CSeq: 1 OPTIONS").replace("SIP/2.0\r\nVia", "SIP/3.0\r\nVia"));
    assert_eq!(answers[0].status(), Some(505));
    let (events, answers) = feed(&mut pair, CALLEE, options("CSeq: x ACK").replace("OPTIONS sip", "ACK sip"));
    assert_eq!((events.len(), answers.len()), (1, 0));
    let (events, answers) = feed(&mut pair, CALLEE, "GET / HTTP/1.1\r\n\r\n");
    assert_eq!((events, answers.len()), (vec!["not SIP".to_owned()], 0));
    let (events, answers) = feed(&mut pair, CALLEE, "\r\n\r\n");
    assert_eq!((events.len(), answers.len()), (0, 0), "a keep-alive");
    pair.assert_empty();
}

#[test]
fn a_response_to_nothing_is_counted_only() {
    let mut pair = Pair::new();
    let call = dial(&mut pair);
    let stray = pair.sides[CALLEE].endpoint.reply(&call.received, 200, None, Some("x"));
    let text = String::from_utf8(sip::print_response(&stray).to_vec()).unwrap();
    for changed in [
        text.replace("z9hG4bKtdma0", "z9hG4bKtdma1"),
        text.replace("z9hG4bK", "z9hG4bX"),
        text.replace("1 INVITE", "1 BYE"),
        text.replace("1 INVITE", "1 CANCEL"),
    ] {
        assert_ne!(changed, text);
        let (events, answers) = feed(&mut pair, CALLER, changed);
        assert_eq!((events.len(), answers.len()), (0, 0));
    }
    assert_eq!(pair.sides[CALLER].endpoint.stats().stray_responses, 4);
    assert_eq!(feed(&mut pair, CALLER, text).0, ["200"], "and the real one still counts");
    call.answer(&mut pair, 486);
    pair.assert_empty();
}

#[test]
fn an_ack_of_nothing_is_told_apart() {
    let mut pair = Pair::new();
    let ack = options("CSeq: 1 ACK").replace("OPTIONS sip", "ACK sip");
    assert_eq!(feed(&mut pair, CALLEE, ack).0, ["stray ACK"]);
    assert_eq!(pair.sides[CALLEE].endpoint.stats().stray_acks, 1);
    pair.assert_empty();
}

#[test]
fn an_ack_with_the_branch_of_its_invite_still_confirms_the_200() {
    let mut pair = Pair::new();
    let call = dial(&mut pair);
    call.answer(&mut pair, 200);
    let via = call.received.via().unwrap();
    let ack = format!(
        "ACK sip:bob@10.0.0.2 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.1;branch={}\r\nFrom: {}\r\nTo: <sip:bob@10.0.0.2>;tag={}\r\n\
         Call-ID: {}\r\nCSeq: 1 ACK\r\n\r\n",
        via.branch().unwrap(),
        call.received.header(sip::HeaderName::From).unwrap(),
        call.tag,
        call.received.call_id()
    );
    pair.run_ms(1);
    assert_eq!(feed(&mut pair, CALLEE, ack.clone()).0, ["ACK"]);
    assert!(feed(&mut pair, CALLEE, ack).0.is_empty(), "once is enough");
    pair.assert_empty();
}

#[test]
fn a_full_house_refuses_politely_and_still_lets_people_hang_up() {
    let mut pair = Pair::new();
    let (now, flow) = (pair.now, pair.flow(CALLEE));
    let config =
        EndpointConfig { mark: Mark(3), max_transactions: 1, seed: Some(1), ..EndpointConfig::default() };
    let mut endpoint = Endpoint::new(config);
    let invite = |branch: &str, method: &str| {
        let text = options(&format!("CSeq: 1 {method}")).replace("z9hG4bKo", branch);
        Bytes::from(text.replace("OPTIONS sip", &format!("{method} sip")))
    };
    endpoint.on_datagram(now, flow, invite("z9hG4bKfirst", "INVITE"));
    assert!(matches!(endpoint.poll_event(), Some(Event::Request { .. })));
    endpoint.on_datagram(now, flow, invite("z9hG4bKsecond", "INVITE"));
    assert!(endpoint.poll_event().is_none());
    let refused = Message::parse(endpoint.poll_transmit().unwrap().bytes).unwrap();
    assert_eq!((refused.status(), refused.header(sip::HeaderName::RetryAfter)), (Some(503), Some("5")));
    endpoint.on_datagram(now, flow, invite("z9hG4bKfirst", "CANCEL"));
    assert_eq!(Message::parse(endpoint.poll_transmit().unwrap().bytes).unwrap().status(), Some(200));
    assert!(matches!(endpoint.poll_event(), Some(Event::Cancelled { .. })));
    let request = pair.invite(CALLER);
    let client = endpoint.request(now, flow, request);
    assert!(endpoint.poll_transmit().is_none());
    assert!(matches!(endpoint.poll_event(), Some(Event::ClientTimeout { client: c }) if c == client));
    assert_eq!((endpoint.stats().refused, endpoint.stats().servers), (3, 1));
}

#[test]
fn an_ack_after_everything_ended_is_still_sent() {
    let mut pair = Pair::new();
    let (call, dialog) = talk(&mut pair);
    pair.assert_empty();
    let before = pair.count_sent(CALLER, "ACK");
    call.acknowledge(&mut pair, &dialog);
    pair.run_ms(50);
    assert_eq!(pair.count_sent(CALLER, "ACK"), before + 1);
    assert_eq!(pair.story(CALLEE), ["stray ACK"]);
    pair.assert_empty();
}
