//! CANCEL before, after and beside everything else (RFC 3261 §9).

use sip::Event;

use crate::pair::{CALLEE, CALLER, Pair};
use crate::talk::{dial, response_of};

#[test]
fn a_cancel_waits_for_a_provisional_response() {
    let mut pair = Pair::new();
    let call = dial(&mut pair);
    let now = pair.now;
    pair.sides[CALLER].endpoint.cancel(now, call.client);
    pair.sides[CALLER].endpoint.cancel(now, call.client);
    pair.run_ms(100);
    assert_eq!(pair.count_sent(CALLER, "CANCEL"), 0);
    // The callee's 100 comes by itself after 200 ms.
    pair.run_ms(200);
    assert_eq!(pair.count_sent(CALLEE, "SIP/2.0 100"), 1);
    assert_eq!(pair.count_sent(CALLER, "CANCEL"), 1);
    assert_eq!(pair.story(CALLEE), ["CANCEL"]);
    call.answer(&mut pair, 487);
    pair.run_ms(100);
    assert_eq!(pair.story(CALLER), ["100", "487"], "the 200 of the CANCEL is nobody's business");
    pair.assert_empty();
}

#[test]
fn a_cancel_after_ringing_goes_out_at_once_and_gives_its_reason() {
    let mut pair = Pair::new();
    let call = dial(&mut pair);
    call.answer(&mut pair, 180);
    pair.run_ms(50);
    let now = pair.now;
    let reason = "SIP;cause=200;text=\"Call completed elsewhere\"";
    pair.sides[CALLER].endpoint.cancel_with(now, call.client, Some(reason.into()));
    pair.run_ms(50);
    let events = pair.take_events(CALLEE);
    let [Event::Cancelled { server, message }] = &events[..] else { panic!("{events:?}") };
    assert_eq!(*server, call.server);
    assert_eq!(message.header(sip::HeaderName::Reason), Some(reason));
    call.answer(&mut pair, 487);
    pair.run_ms(50);
    assert_eq!(pair.story(CALLER), ["180", "487"]);
    pair.assert_empty();
}

#[test]
fn a_lost_cancel_is_sent_again() {
    let mut pair = Pair::new();
    let call = dial(&mut pair);
    call.answer(&mut pair, 183);
    pair.run_ms(50);
    pair.lose("CANCEL", 2);
    let now = pair.now;
    pair.sides[CALLER].endpoint.cancel(now, call.client);
    pair.run_ms(2_000);
    assert_eq!(pair.story(CALLEE), ["CANCEL"]);
    assert_eq!(pair.count_sent(CALLER, "CANCEL"), 3);
    call.answer(&mut pair, 487);
    pair.assert_empty();
}

#[test]
fn a_cancel_that_crosses_the_200_changes_nothing() {
    let mut pair = Pair::new();
    let call = dial(&mut pair);
    call.answer(&mut pair, 180);
    pair.run_ms(50);
    call.answer(&mut pair, 200);
    let now = pair.now;
    pair.sides[CALLER].endpoint.cancel(now, call.client);
    pair.run_ms(50);
    assert!(pair.story(CALLEE).is_empty(), "too late for the callee");
    assert_eq!(pair.count_sent(CALLEE, "SIP/2.0 200"), 2, "one for the INVITE, one for the CANCEL");
    let events = pair.take_events(CALLER);
    let dialog = call.caller_dialog(&mut pair, &response_of(&events, 200));
    call.acknowledge(&mut pair, &dialog);
    pair.run_ms(50);
    assert_eq!(pair.story(CALLEE), ["ACK"]);
    pair.assert_empty();
}

#[test]
fn a_cancel_after_the_final_response_is_not_even_sent() {
    let mut pair = Pair::new();
    let call = dial(&mut pair);
    call.answer(&mut pair, 486);
    pair.run_ms(50);
    let now = pair.now;
    pair.sides[CALLER].endpoint.cancel(now, call.client);
    pair.run_ms(1_000);
    assert_eq!(pair.count_sent(CALLER, "CANCEL"), 0);
    pair.assert_empty();
    let now = pair.now;
    pair.sides[CALLER].endpoint.cancel(now, call.client);
    pair.assert_empty();
}

#[test]
fn a_callee_that_ignores_the_cancel_is_given_up() {
    let mut pair = Pair::new();
    let call = dial(&mut pair);
    call.answer(&mut pair, 180);
    pair.run_ms(50);
    pair.lose("CANCEL", usize::MAX);
    let now = pair.now;
    pair.sides[CALLER].endpoint.cancel(now, call.client);
    pair.run_ms(31_990);
    assert_eq!(pair.story(CALLER), ["180"]);
    pair.run_ms(20);
    assert_eq!(pair.story(CALLER), ["timeout"]);
    // The callee's own INVITE lives until its user ends it.
    call.answer(&mut pair, 480);
    pair.assert_empty();
}

#[test]
fn a_cancel_of_nothing_gets_481() {
    let mut pair = Pair::new();
    let call = dial(&mut pair);
    call.answer(&mut pair, 180);
    pair.run_ms(50);
    let now = pair.now;
    pair.sides[CALLER].endpoint.cancel(now, call.client);
    let cancel = pair.sides[CALLER].endpoint.poll_transmit().unwrap();
    let foreign = String::from_utf8(cancel.bytes.to_vec()).unwrap().replace("z9hG4bKtdm", "z9hG4bKxyz");
    let flow = pair.flow(CALLEE);
    let endpoint = &mut pair.sides[CALLEE].endpoint;
    for _ in 0..2 {
        endpoint.on_datagram(now, flow, foreign.clone().into());
        let answer = endpoint.poll_transmit().unwrap();
        assert!(answer.bytes.starts_with(b"SIP/2.0 481 "), "{answer:?}");
        assert!(endpoint.poll_event().is_none());
    }
    assert_eq!(endpoint.stats().retransmissions_in, 1);
    call.answer(&mut pair, 487);
    pair.assert_empty();
}
