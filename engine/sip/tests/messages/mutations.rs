//! Fifty thousand broken messages: nothing panics, nothing hangs, nothing is left behind.

use crate::corpus;
use std::time::{Duration, Instant};

use bytes::Bytes;
use sip::guard::{FirstLine, first_line_of};
use sip::{
    Dialog, Endpoint, EndpointConfig, Event, Flow, HeaderName, Mark, Message, NameAddr, SipUri, Transmit,
    Transport, make_header, print_response, rsip, shard_of,
};

const ROUNDS: usize = 50_000;

struct Chance(u64);

impl Chance {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % below.max(1) as u64) as usize
    }
}

const SPICE: [&[u8]; 18] = [
    b"\r\n",
    b"\n",
    b"\r\n ",
    b"\"",
    b"<",
    b">",
    b";",
    b",",
    b":",
    b"@",
    b"\\",
    b"\xff",
    b"\0",
    b"%",
    b"[",
    b"]",
    b"=",
    b"99999999999999999999",
];

fn mutated(chance: &mut Chance, corpus: &[Bytes]) -> Bytes {
    let mut text = corpus[chance.next(corpus.len())].to_vec();
    for _ in 0..=chance.next(4) {
        let at = chance.next(text.len() + 1);
        let end = (at + chance.next(12)).min(text.len());
        match chance.next(7) {
            0 => text.truncate(at),
            1 => drop(text.drain(at..end)),
            2 => {
                let piece = text[at..end].to_vec();
                text.splice(at..at, piece);
            }
            3 => {
                if at < text.len() {
                    text[at] = chance.next(256) as u8;
                }
            }
            4 => {
                let other = &corpus[chance.next(corpus.len())];
                let from = chance.next(other.len());
                let to = (from + chance.next(60)).min(other.len());
                text.splice(at..end, other[from..to].iter().copied());
            }
            _ => {
                let spice = SPICE[chance.next(SPICE.len())];
                text.splice(at..at, spice.iter().copied());
            }
        }
    }
    text.into()
}

fn corpus_bytes() -> Vec<Bytes> {
    // The long one would make most rounds about itself.
    let all = corpus::all("").into_iter().chain(corpus::all("refused"));
    let all = all.chain(corpus::all("../torture/rfc4475")).chain(corpus::all("../torture/rfc5118"));
    all.map(|(_, bytes)| bytes).filter(|bytes| bytes.len() < 4_000).collect()
}

fn invite() -> rsip::Request {
    rsip::Request {
        method: rsip::Method::Invite,
        uri: SipUri::sip("b", "192.0.2.1", None).to_rsip(),
        version: rsip::Version::V2,
        headers: vec![
            make_header("From", "<sip:us@h>;tag=ours"),
            make_header("To", "<sip:b@h>"),
            make_header("Call-ID", "fire"),
            make_header("CSeq", "1 INVITE"),
        ]
        .into(),
        body: Vec::new(),
    }
}

/// Asks a message for everything it can tell; what reads as an address must print and read again.
fn question(message: &Message) {
    let _ = (
        message.via(),
        message.contact(),
        message.record_routes(),
        message.max_forwards(),
        message.content_type(),
    );
    let _ =
        (message.reason(), message.request_uri(), message.body().len(), message.call_id(), message.cseq());
    for address in [message.from(), message.to()].into_iter().flatten().chain(message.contact()) {
        let printed = address.to_string();
        let again = NameAddr::parse(&printed).unwrap_or_else(|why| panic!("{why}: {printed}"));
        assert_eq!(again.uri, address.uri, "{printed}");
        assert_eq!(again.tag(), address.tag(), "{printed}");
    }
    if let Ok(uri) = SipUri::parse(message.request_uri()) {
        assert_eq!(SipUri::parse(&uri.to_string()), Ok(uri.clone()));
        let _ = (uri.socket_addr(), uri.decoded_user(), uri.user_param("rn"));
        assert!(uri.equivalent(&uri));
    }
    for element in message.list(HeaderName::Contact).chain(message.list(HeaderName::Via)) {
        assert!(!element.is_empty());
    }
}

/// What the parser takes for SIP, the guard takes for the same.
fn first_lines_agree(bytes: &[u8], message: &Message) {
    match (first_line_of(bytes), message.method(), message.status()) {
        (FirstLine::Request(seen), Some(method), _) => assert_eq!(seen, method.as_str()),
        (FirstLine::Response(seen), _, Some(status)) => assert_eq!(seen, status),
        // The guard looks at no method beyond 64 letters.
        (FirstLine::Junk, Some(method), _) if method.as_str().len() > 64 => {}
        // Nor does it unfold a start line, which no RFC allows and the parser takes all the same.
        (FirstLine::Junk, ..) if folded_start(bytes) => {}
        (seen, ..) => panic!("{seen:?}: {bytes:?}"),
    }
}

fn folded_start(bytes: &[u8]) -> bool {
    let start = bytes.iter().position(|b| !matches!(b, b'\r' | b'\n' | b' ' | 0)).unwrap_or(0);
    let end = bytes[start..].iter().position(|&b| b == b'\n').map_or(bytes.len(), |end| start + end);
    matches!(bytes.get(end + 1), Some(b' ' | b'\t'))
}

#[test]
fn broken_messages_never_panic_and_agree_with_the_glance() {
    let corpus = corpus_bytes();
    let mut chance = Chance(0x5eed);
    let (mut read, mut refused, mut marked) = (0, 0, 0);
    let begun = Instant::now();
    for _ in 0..ROUNDS {
        let bytes = mutated(&mut chance, &corpus);
        let glance = shard_of(&bytes);
        let raw = bytes.clone();
        match Message::parse(bytes) {
            Ok(message) => {
                read += 1;
                question(&message);
                first_lines_agree(&raw, &message);
                let full = match message.is_request() {
                    true => message.to_tag().and_then(Mark::of),
                    false => message
                        .via()
                        .ok()
                        .and_then(|via| via.branch()?.strip_prefix("z9hG4bK").and_then(Mark::of)),
                };
                marked += usize::from(full.is_some());
                assert_eq!(glance, full, "{message:?}");
            }
            Err(_) => refused += 1,
        }
    }
    assert!(marked > ROUNDS / 500, "the glance has something to see: {marked}");
    assert!(
        read > ROUNDS / 10 && refused > ROUNDS / 10,
        "both sides are tried: {read} read, {refused} refused"
    );
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
}

#[test]
fn an_endpoint_under_broken_fire_stays_bounded_and_ends_empty() {
    let mut corpus = corpus_bytes();
    let own = corpus.len();
    let mut chance = Chance(0xf1e1d);
    let config =
        EndpointConfig { mark: Mark(7), max_transactions: 500, seed: Some(1), ..EndpointConfig::default() };
    let mut endpoint = Endpoint::new(config);
    let flow = Flow {
        transport: Transport::Udp,
        local: "10.0.0.1:5060".parse().unwrap(),
        remote: "192.0.2.1:5060".parse().unwrap(),
    };
    let mut now = Instant::now();
    let (mut told, mut sent) = (0, 0);
    let (mut answered, mut calls) = (0, Vec::new());
    for round in 0..ROUNDS {
        now += Duration::from_millis(5);
        endpoint.on_timer(now);
        // Calls of our own, so that broken responses find something to break.
        if round % 20 == 0 {
            let client = endpoint.request(now, flow, invite());
            calls.push(client);
            if round % 60 == 0 {
                endpoint.cancel(now, client);
            }
            corpus.truncate(own);
            while let Some(Transmit { bytes, .. }) = endpoint.poll_transmit() {
                let request = Message::parse(bytes).unwrap();
                for code in [100, 183, 200, 302, 486] {
                    corpus.push(print_response(&endpoint.reply(&request, code, None, Some("theirs"))));
                }
            }
        }
        endpoint.on_datagram(now, flow, mutated(&mut chance, &corpus));
        let recent = &corpus[own..];
        if !recent.is_empty() {
            endpoint.on_datagram(now, flow, mutated(&mut chance, recent));
        }
        while let Some(event) = endpoint.poll_event() {
            told += 1;
            answered += usize::from(matches!(event, Event::Response { .. }));
            if let Event::Request { server, message, .. } = event {
                let code = [180, 200, 486][chance.next(3)];
                let _ = Dialog::uas(&message, "tdm07x", flow, "<sip:us@10.0.0.1>");
                let response = endpoint.reply(&message, code, None, Some("tdm07x"));
                endpoint.respond(now, server, response);
                if code == 180 {
                    let response = endpoint.reply(&message, 404, None, Some("tdm07x"));
                    endpoint.respond(now, server, response);
                }
            }
        }
        while endpoint.poll_transmit().is_some() {
            sent += 1;
        }
        let stats = endpoint.stats();
        // Our own CANCELs come on top.
        assert!(stats.servers + stats.clients <= 1_000);
    }
    assert!(
        told > 1_000 && sent > 1_000 && answered > 1_000,
        "{told} told, {sent} sent, {answered} answered"
    );
    // Calls that ring and were never cancelled are the user's to end.
    for client in calls {
        endpoint.cancel(now, client);
    }
    // Seventy seconds later every timer has run out.
    for _ in 0..700 {
        now += Duration::from_millis(100);
        endpoint.on_timer(now);
        while endpoint.poll_event().is_some() {}
        while endpoint.poll_transmit().is_some() {}
    }
    assert!(endpoint.is_idle(), "{:?}", endpoint.stats());
}
