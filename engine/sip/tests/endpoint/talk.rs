//! Users with the manners that most tests need.

use sip::{ClientId, Dialog, Event, Message, ServerId, find_header, make_header};

use crate::pair::{CALLEE, CALLER, Pair};

/// A call that rings: INVITE is out, the callee holds it, nothing was answered.
pub(crate) struct Ringing {
    pub(crate) invite: rsip::Request,
    pub(crate) client: ClientId,
    pub(crate) server: ServerId,
    pub(crate) received: Message,
    pub(crate) tag: String,
}

pub(crate) fn dial(pair: &mut Pair) -> Ringing {
    let invite = pair.invite(CALLER);
    let flow = pair.flow(CALLER);
    let client = pair.sides[CALLER].endpoint.request(pair.now, flow, invite.clone());
    pair.run_ms(50);
    let events = pair.take_events(CALLEE);
    let [Event::Request { server, message, .. }] = &events[..] else { panic!("{events:?}") };
    let tag = pair.sides[CALLEE].endpoint.new_tag();
    Ringing { invite, client, server: *server, received: message.clone(), tag }
}

impl Ringing {
    pub(crate) fn answer(&self, pair: &mut Pair, code: u16) {
        let now = pair.now;
        let contact = format!("<sip:bob@{}>", pair.sides[CALLEE].address);
        let endpoint = &mut pair.sides[CALLEE].endpoint;
        let mut response = endpoint.reply(&self.received, code, None, Some(&self.tag));
        response.headers.push(make_header("Contact", contact));
        endpoint.respond(now, self.server, response);
    }

    /// The caller's side of the dialog, from the last response of that status it got.
    pub(crate) fn caller_dialog(&self, pair: &mut Pair, response: &Message) -> Dialog {
        Dialog::uac(&self.invite, response, pair.flow(CALLER)).unwrap()
    }

    pub(crate) fn acknowledge(&self, pair: &mut Pair, dialog: &Dialog) {
        let (now, flow) = (pair.now, pair.flow(CALLER));
        pair.sides[CALLER].endpoint.acknowledge(now, self.client, flow, dialog.ack(1));
    }

    pub(crate) fn callee_dialog(&self, pair: &Pair) -> Dialog {
        Dialog::uas(&self.received, &self.tag, pair.flow(CALLEE), "<sip:bob@10.0.0.2>").unwrap()
    }
}

/// The message of the last event with that word's status.
pub(crate) fn response_of(events: &[Event], status: u16) -> Message {
    let found = events.iter().rev().find_map(|event| match event {
        Event::Response { message, .. } if message.status() == Some(status) => Some(message.clone()),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("no {status} in {events:?}"))
}

/// A call that was answered and acknowledged.
pub(crate) fn talk(pair: &mut Pair) -> (Ringing, Dialog) {
    let call = dial(pair);
    call.answer(pair, 200);
    pair.run_ms(50);
    let events = pair.take_events(CALLER);
    let dialog = call.caller_dialog(pair, &response_of(&events, 200));
    call.acknowledge(pair, &dialog);
    pair.run_ms(50);
    assert_eq!(pair.story(CALLEE), ["ACK"]);
    (call, dialog)
}

#[test]
fn a_call_is_made_answered_and_ended() {
    let mut pair = Pair::new();
    let (call, mut dialog) = talk(&mut pair);
    let mut theirs = call.callee_dialog(&pair);
    let bye = dialog.request(rsip::Method::Bye);
    let (now, flow) = (pair.now, pair.flow(CALLER));
    pair.sides[CALLER].endpoint.request(now, flow, bye);
    pair.run_ms(50);
    let events = pair.take_events(CALLEE);
    let [Event::Request { server, message, .. }] = &events[..] else { panic!("{events:?}") };
    theirs.accepts(message).unwrap();
    let now = pair.now;
    let endpoint = &mut pair.sides[CALLEE].endpoint;
    let ok = endpoint.reply(message, 200, None, None);
    endpoint.respond(now, *server, ok);
    pair.run_ms(50);
    assert_eq!(pair.story(CALLER), ["200"]);
    assert_eq!(pair.count_sent(CALLER, "INVITE") + pair.count_sent(CALLER, "BYE"), 2);
    pair.assert_empty();
}

#[test]
fn a_lost_bye_is_sent_again() {
    let mut pair = Pair::new();
    let (_, mut dialog) = talk(&mut pair);
    pair.lose("BYE", 3);
    let (now, flow) = (pair.now, pair.flow(CALLER));
    let begun = pair.times_sent(CALLER, "ACK")[0] + 50;
    pair.sides[CALLER].endpoint.request(now, flow, dialog.request(rsip::Method::Bye));
    pair.run_ms(5_000);
    let times: Vec<_> = pair.times_sent(CALLER, "BYE").iter().map(|at| at - begun).collect();
    assert_eq!(times, [0, 500, 1500, 3500], "timer E doubles (RFC 3261 §17.1.2.2)");
    assert_eq!(pair.story(CALLEE), ["BYE"]);
}

#[test]
fn what_the_endpoint_adds_stands_once() {
    let mut pair = Pair::new();
    let call = dial(&mut pair);
    let received = &call.received;
    assert_eq!(received.max_forwards(), Some(70));
    assert_eq!(received.headers(sip::HeaderName::MaxForwards).count(), 1);
    assert_eq!(received.header(sip::HeaderName::UserAgent), Some("Test"));
    assert_eq!((received.body(), received.content_type()), (&b"v=0\r\n"[..], Some("application/sdp")));
    assert_eq!(received.call_id(), find_header(&call.invite.headers, "Call-ID").unwrap());
    assert_eq!(sip::Mark::of(received.call_id()), Some(pair.sides[CALLER].mark));
    let via = received.via().unwrap();
    assert_eq!((via.transport, via.host, via.port), ("UDP", "10.0.0.1", Some(5060)));
    assert!(via.wants_rport());
}
