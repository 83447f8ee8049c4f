//! Requests that come a second time, on another way (RFC 3261 §8.2.2.2, §16.3).

use bytes::Bytes;
use sip::{Event, Flow, Message, Return, TooManyHops};

use crate::pair::{CALLEE, CALLER, Pair, word};
use crate::talk::dial;

fn copy(of: &Message, from: &str, to: &str) -> Bytes {
    let text = String::from_utf8(of.bytes().to_vec()).unwrap();
    assert!(text.contains(from), "{text}");
    text.replace(from, to).into()
}

/// Gives the callee a datagram; the events it causes and the statuses it is answered with.
fn feed(pair: &mut Pair, bytes: Bytes) -> (Vec<String>, Vec<u16>) {
    let (now, flow) = (pair.now, pair.flow(CALLEE));
    let flow = Flow { remote: "10.0.0.77:5060".parse().unwrap(), ..flow };
    let endpoint = &mut pair.sides[CALLEE].endpoint;
    endpoint.on_datagram(now, flow, bytes);
    let events = std::iter::from_fn(|| endpoint.poll_event()).map(|event| word(&event)).collect();
    let sent = std::iter::from_fn(|| endpoint.poll_transmit());
    (events, sent.map(|sent| Message::parse(sent.bytes).unwrap().status().unwrap()).collect())
}

#[test]
fn a_copy_on_another_way_is_refused_as_merged() {
    let mut pair = Pair::new();
    let call = dial(&mut pair);
    let branch = call.received.via().unwrap().branch().unwrap().to_owned();
    let merged = copy(&call.received, &branch, "z9hG4bKproxy2");
    for _ in 0..2 {
        assert_eq!(feed(&mut pair, merged.clone()), (vec![], vec![482]));
    }
    assert_eq!(pair.sides[CALLEE].endpoint.stats().merged, 2);
    let same_way = call.received.bytes().clone();
    assert_eq!(feed(&mut pair, same_way), (vec![], vec![]), "a retransmission is none");
    for (from, to) in [("CSeq: 1 ", "CSeq: 2 "), ("tag=", "tag=x"), ("Call-ID: ", "Call-ID: y")] {
        let other = copy(&call.received, from, to);
        let other =
            String::from_utf8(other.to_vec()).unwrap().replace(&branch, &format!("z9hG4bK{}", to.len()));
        let (events, _) = feed(&mut pair, other.into());
        assert_eq!(events, ["INVITE"], "{to} makes it another request");
    }
    call.answer(&mut pair, 486);
}

#[test]
fn after_a_challenge_the_same_cseq_may_come_again() {
    let mut pair = Pair::new();
    let call = dial(&mut pair);
    call.answer(&mut pair, 407);
    pair.run_ms(50);
    let branch = call.received.via().unwrap().branch().unwrap().to_owned();
    let (events, answers) = feed(&mut pair, copy(&call.received, &branch, "z9hG4bKagain"));
    assert_eq!((events, answers), (vec!["INVITE".to_owned()], vec![]));
}

#[test]
fn merged_requests_leave_nothing_behind() {
    let mut pair = Pair::new();
    let call = dial(&mut pair);
    let branch = call.received.via().unwrap().branch().unwrap().to_owned();
    feed(&mut pair, copy(&call.received, &branch, "z9hG4bKproxy2"));
    call.answer(&mut pair, 486);
    pair.assert_empty();
}

#[test]
fn a_request_of_ours_that_comes_back_is_a_loop_or_a_spiral() {
    let mut pair = Pair::new();
    let call = dial(&mut pair);
    let ours = [pair.sides[CALLER].address];
    // A proxy sends it back to us.
    let back = copy(&call.received, "Via: ", "Via: SIP/2.0/UDP 10.0.0.9;branch=z9hG4bKp, ");
    let returned = Message::parse(back).unwrap();
    let caller = &pair.sides[CALLER].endpoint;
    assert_eq!(caller.returned(&returned), Some(Return::Loop(call.client)));
    assert_eq!(returned.visits(&ours), 1);
    let elsewhere = Message::parse(copy(&returned, "INVITE sip:bob@", "INVITE sip:carol@")).unwrap();
    assert_eq!(caller.returned(&elsewhere), Some(Return::Spiral(call.client)));
    // To the callee it is somebody else's.
    assert_eq!(pair.sides[CALLEE].endpoint.returned(&returned), None);
    assert_eq!(returned.visits(&["10.0.0.1:5070".parse().unwrap()]), 0);
    let foreign = Message::parse(copy(&call.received, "z9hG4bKtdm", "z9hG4bKxyz")).unwrap();
    assert_eq!((pair.sides[CALLER].endpoint.returned(&foreign), foreign.visits(&ours)), (None, 0));
    call.answer(&mut pair, 486);
    pair.assert_empty();
}

#[test]
fn hops_are_counted_down_and_end() {
    let mut pair = Pair::new();
    let call = dial(&mut pair);
    let with = |hops: &str| {
        let text = copy(&call.received, "Max-Forwards: 70\r\n", hops);
        Message::parse(text).unwrap().onward_hops()
    };
    assert_eq!(with("Max-Forwards: 70\r\n"), Ok(69));
    assert_eq!(with("Max-Forwards: 1\r\n"), Ok(0));
    assert_eq!(with("Max-Forwards: 0\r\n"), Err(TooManyHops));
    assert_eq!(with("Max-Forwards: 255\r\n"), Ok(70));
    assert_eq!(with(""), Ok(70));
    call.answer(&mut pair, 486);
    let events = pair.take_events(CALLEE);
    assert!(events.iter().all(|event| !matches!(event, Event::Request { .. })));
    pair.assert_empty();
}
