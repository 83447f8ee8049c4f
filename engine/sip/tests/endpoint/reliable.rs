//! Provisional responses that must arrive (RFC 3262).

use rsip::Response;
use sip::{Dialog, Event, HeaderName, Message, Method, RSeq, ServerId, find_header, make_header};

use crate::pair::{CALLEE, CALLER, Pair};
use crate::talk::{Ringing, dial, response_of};

const SDP: &[u8] = b"v=0\r\n";

fn progress(pair: &mut Pair, call: &Ringing, code: u16, body: &[u8]) -> Response {
    let mut response = pair.sides[CALLEE].endpoint.reply(&call.received, code, None, Some(&call.tag));
    response.headers.push(make_header("Contact", "<sip:bob@10.0.0.2>"));
    response.body = body.to_vec();
    response
}

fn ring_reliably(pair: &mut Pair, call: &Ringing, code: u16, body: &[u8]) -> RSeq {
    let response = progress(pair, call, code, body);
    let now = pair.now;
    pair.sides[CALLEE].endpoint.respond_reliably(now, call.server, response).expect("the INVITE is open")
}

/// The caller's reliable responses since the last look, with their numbers.
fn heard(pair: &mut Pair) -> Vec<(u16, RSeq, Message)> {
    let events = pair.take_events(CALLER);
    events
        .into_iter()
        .filter_map(|event| match event {
            Event::Response { message, rseq: Some(rseq), .. } => {
                Some((message.status().unwrap(), rseq, message))
            }
            _ => None,
        })
        .collect()
}

fn confirm(pair: &mut Pair, dialog: &mut Dialog, rseq: RSeq) {
    let prack = dialog.prack(rseq, 1, Method::Invite);
    assert_eq!(find_header(&prack.headers, "RAck"), Some(format!("{rseq} 1 INVITE").as_str()));
    let (now, flow) = (pair.now, pair.flow(CALLER));
    pair.sides[CALLER].endpoint.request(now, flow, prack);
}

/// The PRACKs that the callee was told of; each is answered 200.
fn take_pracks(pair: &mut Pair) -> Vec<(ServerId, Message)> {
    let events = pair.take_events(CALLEE);
    let mut pracks = Vec::new();
    for event in events {
        let Event::Request { server, message, .. } = event else { panic!("{event:?}") };
        assert_eq!(message.method(), Some(&Method::Prack));
        let now = pair.now;
        let endpoint = &mut pair.sides[CALLEE].endpoint;
        let ok = endpoint.reply(&message, 200, None, None);
        endpoint.respond(now, server, ok);
        pracks.push((server, message));
    }
    pracks
}

#[test]
fn a_reliable_ringing_says_so_and_is_confirmed_once() {
    let mut pair = Pair::new();
    let call = dial(&mut pair);
    let rseq = ring_reliably(&mut pair, &call, 180, b"");
    assert!((1..1 << 31).contains(&rseq.0), "RFC 3262 §3");
    pair.run_ms(50);
    let heard = heard(&mut pair);
    let [(180, told, message)] = &heard[..] else { panic!("{heard:?}") };
    assert_eq!((*told, message.requires("100rel")), (rseq, true));
    let mut dialog = call.caller_dialog(&mut pair, message);
    confirm(&mut pair, &mut dialog, rseq);
    pair.run_ms(50);
    let pracks = take_pracks(&mut pair);
    assert_eq!(pracks.len(), 1);
    assert_eq!(pracks[0].1.rack().unwrap().rseq, rseq);
    call.callee_dialog(&pair).accepts(&pracks[0].1).unwrap();
    pair.run_ms(40_000);
    assert_eq!(pair.count_sent(CALLEE, "SIP/2.0 180"), 1);
    assert_eq!(pair.story(CALLER), ["200"]);
    call.answer(&mut pair, 486);
    pair.assert_empty();
}

#[test]
fn a_lost_response_comes_again_with_doubling_intervals_that_have_no_cap() {
    let mut pair = Pair::new();
    let call = dial(&mut pair);
    // Or the INVITE would come again, and with it the last response.
    call.answer(&mut pair, 100);
    pair.run_ms(50);
    pair.lose("SIP/2.0 183", usize::MAX);
    ring_reliably(&mut pair, &call, 183, SDP);
    pair.run_ms(31_950);
    let times = pair.times_sent(CALLEE, "SIP/2.0 183");
    let since: Vec<_> = times.iter().map(|at| at - times[0]).collect();
    assert_eq!(since, [0, 500, 1500, 3500, 7500, 15_500, 31_500]);
    assert!(pair.story(CALLEE).is_empty());
    pair.run_ms(100);
    assert_eq!(pair.story(CALLEE), ["no ACK"], "64·T1 after the first one");
    call.answer(&mut pair, 504);
    pair.run_ms(100);
    assert_eq!(pair.story(CALLER), ["100", "504"]);
    pair.assert_empty();
}

#[test]
fn it_is_repeated_on_a_reliable_transport_as_well() {
    let mut pair = Pair::over(sip::Transport::Tcp);
    let call = dial(&mut pair);
    ring_reliably(&mut pair, &call, 183, SDP);
    pair.run_ms(2_000);
    assert_eq!(pair.count_sent(CALLEE, "SIP/2.0 183"), 3);
    assert_eq!(heard(&mut pair).len(), 1, "copies are no news");
    call.answer(&mut pair, 486);
    pair.assert_empty();
}

#[test]
fn a_lost_prack_costs_a_repeat_and_nothing_else() {
    let mut pair = Pair::new();
    let call = dial(&mut pair);
    let rseq = ring_reliably(&mut pair, &call, 183, SDP);
    pair.run_ms(50);
    let first = heard(&mut pair).remove(0).2;
    pair.lose("PRACK", 2);
    let mut dialog = call.caller_dialog(&mut pair, &first);
    confirm(&mut pair, &mut dialog, rseq);
    pair.run_ms(3_000);
    assert_eq!(pair.count_sent(CALLER, "PRACK"), 3, "timer E until the 200");
    assert_eq!(take_pracks(&mut pair).len(), 1);
    assert!(heard(&mut pair).is_empty());
    pair.run_ms(20_000);
    assert_eq!(pair.count_sent(CALLEE, "SIP/2.0 183"), 3);
    call.answer(&mut pair, 486);
    pair.assert_empty();
}

#[test]
fn the_second_waits_for_the_prack_of_the_first() {
    let mut pair = Pair::new();
    let call = dial(&mut pair);
    let first = ring_reliably(&mut pair, &call, 183, SDP);
    let second = ring_reliably(&mut pair, &call, 180, b"");
    assert_eq!(Some(second), first.next());
    pair.run_ms(100);
    assert_eq!(pair.count_sent(CALLEE, "SIP/2.0 180"), 0);
    let message = heard(&mut pair).remove(0).2;
    let mut dialog = call.caller_dialog(&mut pair, &message);
    confirm(&mut pair, &mut dialog, first);
    pair.run_ms(50);
    take_pracks(&mut pair);
    let next = heard(&mut pair);
    assert_eq!((next[0].0, next[0].1), (180, second));
    confirm(&mut pair, &mut dialog, second);
    pair.run_ms(50);
    assert_eq!(take_pracks(&mut pair).len(), 1);
    call.answer(&mut pair, 486);
    pair.assert_empty();
}

#[test]
fn what_overtook_is_told_after_what_it_overtook() {
    let mut pair = Pair::new();
    let call = dial(&mut pair);
    let rseq = ring_reliably(&mut pair, &call, 183, SDP);
    pair.run_ms(50);
    let first = heard(&mut pair).remove(0).2;
    let text = String::from_utf8(first.bytes().to_vec()).unwrap();
    let numbered =
        |ahead: u32| text.replace(&format!("RSeq: {rseq}"), &format!("RSeq: {}", rseq.0 + ahead)).into();
    let (now, flow) = (pair.now, pair.flow(CALLER));
    for (ahead, told) in [(2, 0), (0, 0), (1, 1), (1, 0), (2, 1), (1, 0)] {
        pair.sides[CALLER].endpoint.on_datagram(now, flow, numbered(ahead));
        assert_eq!(heard(&mut pair).len(), told, "RSeq + {ahead}");
    }
    // Another phone counts for itself.
    let fork = String::from_utf8(numbered(7).to_vec()).unwrap().replace(&call.tag, "tdma1ffff");
    pair.sides[CALLER].endpoint.on_datagram(now, flow, fork.into());
    assert_eq!(heard(&mut pair).len(), 1);
    call.answer(&mut pair, 486);
    pair.assert_empty();
}

#[test]
fn a_200_waits_for_the_prack_of_a_session_description() {
    let mut pair = Pair::new();
    let call = dial(&mut pair);
    let rseq = ring_reliably(&mut pair, &call, 183, SDP);
    call.answer(&mut pair, 200);
    pair.run_ms(50);
    assert_eq!(pair.count_sent(CALLEE, "SIP/2.0 200"), 0, "RFC 3262 §3");
    let later = progress(&mut pair, &call, 180, b"");
    let now = pair.now;
    let endpoint = &mut pair.sides[CALLEE].endpoint;
    assert_eq!(endpoint.respond_reliably(now, call.server, later), None, "it is answered");
    let message = heard(&mut pair).remove(0).2;
    let mut dialog = call.caller_dialog(&mut pair, &message);
    confirm(&mut pair, &mut dialog, rseq);
    pair.run_ms(50);
    take_pracks(&mut pair);
    pair.run_ms(50);
    assert_eq!(pair.story(CALLER), ["200", "200"], "of the INVITE and of the PRACK");
    call.acknowledge(&mut pair, &dialog);
    pair.run_ms(50);
    assert_eq!(pair.story(CALLEE), ["ACK"]);
    pair.assert_empty();
}

#[test]
fn a_200_overtakes_a_response_without_description_and_a_late_prack_is_welcome() {
    let mut pair = Pair::new();
    let call = dial(&mut pair);
    let rseq = ring_reliably(&mut pair, &call, 180, b"");
    pair.run_ms(50);
    let message = heard(&mut pair).remove(0).2;
    call.answer(&mut pair, 200);
    pair.run_ms(50);
    let answer = response_of(&pair.take_events(CALLER), 200);
    let mut dialog = call.caller_dialog(&mut pair, &message);
    dialog.confirm(&answer, true).unwrap();
    call.acknowledge(&mut pair, &dialog);
    confirm(&mut pair, &mut dialog, rseq);
    pair.run_ms(5_000);
    let words: Vec<_> = pair.take_events(CALLEE).iter().map(crate::pair::word).collect();
    assert_eq!(words, ["ACK", "PRACK"]);
    assert_eq!(pair.count_sent(CALLEE, "SIP/2.0 180"), 1, "not repeated after the final response");
    pair.assert_empty();
}

#[test]
fn a_prack_that_names_nothing_gets_481() {
    let mut pair = Pair::new();
    let call = dial(&mut pair);
    let rseq = ring_reliably(&mut pair, &call, 183, SDP);
    pair.run_ms(50);
    let message = heard(&mut pair).remove(0).2;
    let mut dialog = call.caller_dialog(&mut pair, &message);
    confirm(&mut pair, &mut dialog, RSeq(rseq.0 + 1));
    let (now, flow) = (pair.now, pair.flow(CALLER));
    for (cseq, method) in [(2, Method::Invite), (1, Method::Update)] {
        let prack = dialog.prack(rseq, cseq, method);
        pair.sides[CALLER].endpoint.request(now, flow, prack);
    }
    let mut bad = dialog.prack(rseq, 1, Method::Invite);
    sip::replace_header(&mut bad.headers, "RAck", "1 INVITE");
    pair.sides[CALLER].endpoint.request(now, flow, bad);
    pair.run_ms(50);
    assert!(take_pracks(&mut pair).is_empty());
    let mut story = pair.story(CALLER);
    story.sort();
    assert_eq!(story, ["400", "481", "481", "481"]);
    confirm(&mut pair, &mut dialog, rseq);
    pair.run_ms(50);
    assert_eq!(take_pracks(&mut pair).len(), 1);
    confirm(&mut pair, &mut dialog, rseq);
    pair.run_ms(50);
    assert_eq!(pair.story(CALLER), ["200", "481"], "it was confirmed already");
    call.answer(&mut pair, 486);
    pair.assert_empty();
}

#[test]
fn only_an_open_invite_is_answered_reliably() {
    let mut pair = Pair::new();
    let call = dial(&mut pair);
    let now = pair.now;
    for code in [100, 200, 486] {
        let response = progress(&mut pair, &call, code, b"");
        assert_eq!(pair.sides[CALLEE].endpoint.respond_reliably(now, call.server, response), None, "{code}");
    }
    let mut told = 0;
    while told < 100 {
        let response = progress(&mut pair, &call, 183, b"");
        if pair.sides[CALLEE].endpoint.respond_reliably(now, call.server, response).is_none() {
            break;
        }
        told += 1;
    }
    assert_eq!(told, 17, "one on its way and sixteen that wait");
    call.answer(&mut pair, 486);
    let late = progress(&mut pair, &call, 183, b"");
    assert_eq!(pair.sides[CALLEE].endpoint.respond_reliably(now, call.server, late), None);
    pair.run_ms(100);
    assert_eq!(pair.count_sent(CALLEE, "SIP/2.0 183"), 1);
    pair.assert_empty();
}

#[test]
fn require_lists_100rel_once_beside_the_others() {
    let mut pair = Pair::new();
    let call = dial(&mut pair);
    let mut response = progress(&mut pair, &call, 183, SDP);
    response.headers.push(make_header("Require", "timer, precondition"));
    let now = pair.now;
    pair.sides[CALLEE].endpoint.respond_reliably(now, call.server, response).unwrap();
    pair.run_ms(50);
    let message = heard(&mut pair).remove(0).2;
    let listed: Vec<_> = message.list(HeaderName::Require).collect();
    assert_eq!(listed, ["timer", "precondition", "100rel"]);
    assert!(message.supports("timer") && message.allows("INVITE").is_none());
    call.answer(&mut pair, 486);
    pair.assert_empty();
}
