//! Connections: what reliable transports leave out, and what happens when they break.

use sip::{Event, Transport};

use crate::pair::{CALLEE, CALLER, Pair};
use crate::talk::{dial, talk};

fn options(pair: &mut Pair) -> rsip::Request {
    let mut options = pair.invite(CALLER);
    options.method = rsip::Method::Options;
    sip::replace_header(&mut options.headers, "CSeq", "1 OPTIONS");
    options
}

#[test]
fn every_reliable_transport_does_without_repeats_and_afterlife() {
    for transport in [Transport::Tcp, Transport::Tls, Transport::Ws, Transport::Wss] {
        let mut pair = Pair::over(transport);
        let options = options(&mut pair);
        let (now, flow) = (pair.now, pair.flow(CALLER));
        assert_eq!(flow.transport, transport);
        pair.sides[CALLER].endpoint.request(now, flow, options);
        pair.run_ms(50);
        let events = pair.take_events(CALLEE);
        let [Event::Request { server, message, .. }] = &events[..] else { panic!("{events:?}") };
        assert_eq!(message.via().unwrap().transport, transport.as_str());
        // Longer than timer E would wait.
        pair.run_ms(10_000);
        assert_eq!(pair.count_sent(CALLER, "OPTIONS"), 1, "no timer E on {transport}");
        let now = pair.now;
        let endpoint = &mut pair.sides[CALLEE].endpoint;
        let ok = endpoint.reply(message, 200, None, Some("x"));
        endpoint.respond(now, *server, ok);
        pair.run_ms(50);
        for side in [CALLER, CALLEE] {
            assert!(pair.sides[side].endpoint.stats().clients == 0, "timer K is zero on {transport}");
            assert!(pair.sides[side].endpoint.stats().servers == 0, "timer J is zero on {transport}");
        }
        pair.story(CALLER);
        pair.assert_empty();
    }
}

#[test]
fn requests_on_a_broken_connection_end_at_once() {
    let mut pair = Pair::over(Transport::Tls);
    pair.lose("INVITE", usize::MAX);
    let (now, flow) = (pair.now, pair.flow(CALLER));
    let (invite, options) = (pair.invite(CALLER), options(&mut pair));
    let endpoint = &mut pair.sides[CALLER].endpoint;
    let call = endpoint.request(now, flow, invite);
    let probe = endpoint.request(now, flow, options);
    assert_eq!(endpoint.on_flow_failed(now, flow), [call, probe]);
    assert_eq!(endpoint.on_flow_failed(now, flow), []);
    pair.run_ms(40_000);
    assert!(pair.story(CALLER).is_empty(), "nothing more is told of them");
    assert_eq!(pair.sides[CALLER].endpoint.stats().clients, 0);
}

#[test]
fn other_connections_and_answered_requests_are_not_touched() {
    let mut pair = Pair::over(Transport::Tcp);
    let (_, mut dialog) = talk(&mut pair);
    let (now, flow) = (pair.now, pair.flow(CALLER));
    let bye = pair.sides[CALLER].endpoint.request(now, flow, dialog.request(rsip::Method::Bye));
    let other = sip::Flow { local: "10.0.0.1:40000".parse().unwrap(), ..flow };
    assert_eq!(pair.sides[CALLER].endpoint.on_flow_failed(now, other), []);
    assert_eq!(pair.sides[CALLER].endpoint.on_flow_failed(now, flow), [bye], "the INVITE has its answer");
    pair.run_ms(50);
    pair.take_events(CALLEE);
    pair.assert_empty();
}

#[test]
fn a_200_is_not_repeated_into_a_broken_connection_but_its_ack_is_still_missed() {
    let mut pair = Pair::over(Transport::Tcp);
    let call = dial(&mut pair);
    call.answer(&mut pair, 200);
    pair.run_ms(700);
    let sent = pair.count_sent(CALLEE, "SIP/2.0 200");
    let (now, flow) = (pair.now, pair.flow(CALLEE));
    assert_eq!(pair.sides[CALLEE].endpoint.on_flow_failed(now, flow), []);
    pair.run_ms(40_000);
    assert_eq!(pair.count_sent(CALLEE, "SIP/2.0 200"), sent);
    assert_eq!(pair.story(CALLEE), ["no ACK"]);
    pair.take_events(CALLER);
    pair.assert_empty();
}

#[test]
fn a_cancelled_call_on_a_broken_connection_ends_once() {
    let mut pair = Pair::over(Transport::Tcp);
    let call = dial(&mut pair);
    call.answer(&mut pair, 180);
    pair.run_ms(50);
    pair.take_events(CALLER);
    let (now, flow) = (pair.now, pair.flow(CALLER));
    let endpoint = &mut pair.sides[CALLER].endpoint;
    endpoint.cancel(now, call.client);
    assert_eq!(endpoint.on_flow_failed(now, flow), [call.client], "nobody asks for the CANCEL");
    assert!(endpoint.poll_event().is_none());
    call.answer(&mut pair, 487);
    pair.run_ms(50);
    assert!(pair.story(CALLER).is_empty());
}
