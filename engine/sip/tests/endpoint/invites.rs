//! INVITE from the caller's side: retransmission, failure, forks.

use sip::{Event, Transport, replace_header};

use crate::pair::{CALLEE, CALLER, Pair};
use crate::talk::{dial, response_of, talk};

#[test]
fn nobody_answers_and_timer_b_ends_it() {
    let mut pair = Pair::new();
    pair.lose("INVITE", usize::MAX);
    let invite = pair.invite(CALLER);
    let (now, flow) = (pair.now, pair.flow(CALLER));
    pair.sides[CALLER].endpoint.request(now, flow, invite);
    pair.run_ms(31_999);
    assert_eq!(pair.times_sent(CALLER, "INVITE"), [0, 500, 1500, 3500, 7500, 15_500, 31_500]);
    assert!(pair.story(CALLER).is_empty());
    pair.run_ms(1);
    assert_eq!(pair.story(CALLER), ["timeout"]);
    pair.assert_empty();
}

#[test]
fn a_provisional_response_stops_the_repeats_and_the_clock() {
    let mut pair = Pair::new();
    let call = dial(&mut pair);
    call.answer(&mut pair, 180);
    pair.run_ms(200_000);
    assert_eq!(pair.count_sent(CALLER, "INVITE"), 1);
    assert_eq!(pair.story(CALLER), ["180"]);
    call.answer(&mut pair, 486);
    pair.run_ms(100);
    assert_eq!(pair.story(CALLER), ["486"]);
    assert!(pair.story(CALLEE).is_empty(), "the ACK of a failure is the transaction's own");
    pair.assert_empty();
}

#[test]
fn a_failure_is_acknowledged_as_often_as_it_comes() {
    let mut pair = Pair::new();
    let call = dial(&mut pair);
    pair.lose("ACK", 2);
    call.answer(&mut pair, 404);
    pair.run_ms(10_000);
    assert_eq!(pair.story(CALLER), ["404"]);
    assert_eq!(pair.count_sent(CALLEE, "SIP/2.0 404"), 3, "timer G until the third ACK arrives");
    assert_eq!(pair.count_sent(CALLER, "ACK"), 3);
    assert!(pair.story(CALLEE).is_empty());
    pair.assert_empty();
}

#[test]
fn a_lost_200_comes_again_and_is_delivered_once() {
    let mut pair = Pair::new();
    let call = dial(&mut pair);
    pair.lose("SIP/2.0 200", 2);
    call.answer(&mut pair, 200);
    pair.run_ms(1_600);
    let events = pair.take_events(CALLER);
    assert_eq!(events.len(), 1);
    let dialog = call.caller_dialog(&mut pair, &response_of(&events, 200));
    call.acknowledge(&mut pair, &dialog);
    pair.run_ms(40_000);
    assert_eq!(pair.story(CALLEE), ["ACK"]);
    assert_eq!(pair.count_sent(CALLEE, "SIP/2.0 200"), 3);
    assert!(pair.story(CALLER).is_empty());
    pair.assert_empty();
}

#[test]
fn a_lost_ack_is_sent_again_without_the_user() {
    let mut pair = Pair::new();
    pair.lose("ACK", 3);
    let call = dial(&mut pair);
    call.answer(&mut pair, 200);
    pair.run_ms(50);
    let events = pair.take_events(CALLER);
    let dialog = call.caller_dialog(&mut pair, &response_of(&events, 200));
    call.acknowledge(&mut pair, &dialog);
    pair.run_ms(10_000);
    assert_eq!(pair.story(CALLEE), ["ACK"]);
    assert_eq!(pair.count_sent(CALLER, "ACK"), 4);
    assert!(pair.story(CALLER).is_empty(), "a repeated 2xx is no news");
    pair.assert_empty();
}

#[test]
fn a_200_that_nobody_acknowledges_is_reported() {
    let mut pair = Pair::new();
    let call = dial(&mut pair);
    call.answer(&mut pair, 200);
    let before = pair.now;
    pair.run_ms(31_900);
    assert!(pair.story(CALLEE).is_empty());
    pair.run_ms(200);
    assert_eq!(pair.story(CALLEE), ["no ACK"]);
    let start = pair.times_sent(CALLEE, "SIP/2.0 200")[0];
    let times: Vec<_> = pair.times_sent(CALLEE, "SIP/2.0 200").iter().map(|at| at - start).collect();
    assert_eq!(times[..6], [0, 500, 1500, 3500, 7500, 11_500], "T1 doubling to T2 (RFC 3261 §13.3.1.4)");
    assert!(pair.now > before);
    pair.assert_empty();
}

#[test]
fn each_fork_that_answers_is_delivered() {
    let mut pair = Pair::new();
    let call = dial(&mut pair);
    call.answer(&mut pair, 200);
    pair.run_ms(50);
    // A second phone behind a forking proxy: the same transaction, another To tag.
    let (now, flow) = (pair.now, pair.flow(CALLER));
    let tag = pair.sides[CALLEE].endpoint.new_tag();
    let mut other = pair.sides[CALLEE].endpoint.reply(&call.received, 200, None, Some(&tag));
    replace_header(&mut other.headers, "Contact", "<sip:other@10.0.0.3>");
    let bytes = sip::print_response(&other);
    pair.sides[CALLER].endpoint.on_datagram(now, flow, bytes.clone());
    pair.sides[CALLER].endpoint.on_datagram(now, flow, bytes);
    let events = pair.take_events(CALLER);
    let tags: Vec<_> = events
        .iter()
        .map(|event| match event {
            Event::Response { message, .. } => message.to_tag().unwrap().to_owned(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(tags, [call.tag.clone(), tag]);
    pair.assert_empty();
}

#[test]
fn a_reliable_transport_repeats_nothing_but_the_200_and_forgets_at_once() {
    let mut pair = Pair::over(Transport::Tcp);
    let invite = pair.invite(CALLER);
    let (now, flow) = (pair.now, pair.flow(CALLER));
    pair.sides[CALLER].endpoint.request(now, flow, invite);
    pair.run_ms(100);
    let events = pair.take_events(CALLEE);
    let [Event::Request { server, message, .. }] = &events[..] else { panic!("{events:?}") };
    let now = pair.now;
    let endpoint = &mut pair.sides[CALLEE].endpoint;
    let tag = endpoint.new_tag();
    let busy = endpoint.reply(message, 486, None, Some(&tag));
    endpoint.respond(now, *server, busy);
    pair.run_ms(50);
    for side in [CALLER, CALLEE] {
        let stats = pair.sides[side].endpoint.stats();
        assert_eq!((stats.clients, stats.servers), (0, 0), "timers D and I are zero");
    }
    let (_, mut dialog) = talk(&mut pair);
    pair.lose("BYE", 1);
    let (now, flow) = (pair.now, pair.flow(CALLER));
    pair.sides[CALLER].endpoint.request(now, flow, dialog.request(rsip::Method::Bye));
    pair.run_ms(40_000);
    assert_eq!(pair.count_sent(CALLER, "BYE"), 1, "no timer E");
    assert_eq!(pair.story(CALLER), ["timeout"]);
    pair.assert_empty();
}
