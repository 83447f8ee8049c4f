//! Hundreds of calls through bad weather: whatever is lost, copied or overtaken, each request is told once, each call
//! ends, and nothing stays behind.

use std::collections::HashMap;

use sip::{ClientId, Dialog, Event, ServerId, make_header};

use crate::pair::{CALLEE, CALLER, Pair, Weather};

/// How a call of the storm goes.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Plan {
    AnswerAndHangUp,
    Refuse,
    CancelWhileRinging,
    CancelBesideAnswer,
}

#[derive(Default)]
struct Tally {
    finals: HashMap<ClientId, Vec<u16>>,
    timeouts: u32,
    invites: HashMap<String, u32>,
    byes: u32,
    acks: u32,
}

fn storm(seed: u64, plan: Plan, weather: Weather) -> (Pair, Tally) {
    let mut pair = Pair::stormy(seed, weather);
    let invite = pair.invite(CALLER);
    let (now, flow) = (pair.now, pair.flow(CALLER));
    let call = pair.sides[CALLER].endpoint.request(now, flow, invite.clone());
    let mut tally = Tally::default();
    let mut pending: Option<(ServerId, sip::Message, String)> = None;
    for step in 0..400 {
        pair.run_ms(400);
        for event in pair.take_events(CALLEE) {
            on_callee(&mut pair, event, &mut tally, &mut pending);
        }
        // The callee thinks for a while, then answers.
        if step == 5
            && let Some((server, message, tag)) = pending.take()
        {
            match plan {
                Plan::AnswerAndHangUp | Plan::CancelBesideAnswer => {
                    answer(&mut pair, server, &message, &tag, 200)
                }
                Plan::Refuse => answer(&mut pair, server, &message, &tag, 486),
                Plan::CancelWhileRinging => pending = Some((server, message, tag)),
            }
        }
        if (step == 3 && plan == Plan::CancelWhileRinging) || (step == 5 && plan == Plan::CancelBesideAnswer)
        {
            let now = pair.now;
            pair.sides[CALLER].endpoint.cancel(now, call);
        }
        // Nobody rings for ever.
        if step == 200
            && let Some((server, message, tag)) = pending.take()
        {
            answer(&mut pair, server, &message, &tag, 480);
        }
        for event in pair.take_events(CALLER) {
            on_caller(&mut pair, event, &invite, &mut tally);
        }
    }
    pair.assert_empty();
    (pair, tally)
}

fn answer(pair: &mut Pair, server: ServerId, message: &sip::Message, tag: &str, code: u16) {
    let now = pair.now;
    let endpoint = &mut pair.sides[CALLEE].endpoint;
    let mut response = endpoint.reply(message, code, None, Some(tag));
    response.headers.push(make_header("Contact", "<sip:bob@10.0.0.2>"));
    endpoint.respond(now, server, response);
}

fn on_callee(
    pair: &mut Pair,
    event: Event,
    tally: &mut Tally,
    pending: &mut Option<(ServerId, sip::Message, String)>,
) {
    match event {
        Event::Request { server, message, .. } => match message.method() {
            Some(sip::Method::Invite) => {
                *tally.invites.entry(message.call_id().to_owned()).or_default() += 1;
                let tag = pair.sides[CALLEE].endpoint.new_tag();
                answer(pair, server, &message, &tag, 180);
                *pending = Some((server, message, tag));
            }
            Some(sip::Method::Bye) => {
                tally.byes += 1;
                answer(pair, server, &message, "", 200);
            }
            other => panic!("{other:?}"),
        },
        Event::Cancelled { server, .. } => {
            let (waiting, message, tag) = pending.take().expect("only a ringing call is told of a CANCEL");
            assert_eq!(waiting, server);
            answer(pair, server, &message, &tag, 487);
        }
        Event::Ack { server: Some(_), .. } => tally.acks += 1,
        // Its INVITE ended before it came.
        Event::Ack { server: None, .. } => {}
        Event::AckMissing { .. } => {}
        other => panic!("{other:?}"),
    }
}

fn on_caller(pair: &mut Pair, event: Event, invite: &rsip::Request, tally: &mut Tally) {
    match event {
        Event::Response { client, message, .. } => {
            let status = message.status().unwrap();
            if status >= 200 {
                tally.finals.entry(client).or_default().push(status);
            }
            if message.cseq().1 == sip::Method::Invite && (200..300).contains(&status) {
                let (now, flow) = (pair.now, pair.flow(CALLER));
                let mut dialog = Dialog::uac(invite, &message, flow).unwrap();
                let endpoint = &mut pair.sides[CALLER].endpoint;
                endpoint.acknowledge(now, client, flow, dialog.ack(1));
                endpoint.request(now, flow, dialog.request(rsip::Method::Bye));
            }
        }
        Event::ClientTimeout { .. } => tally.timeouts += 1,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_call_ends_once_in_any_weather() {
    let mut ended = 0;
    for seed in 1..=60 {
        for plan in [Plan::AnswerAndHangUp, Plan::Refuse, Plan::CancelWhileRinging, Plan::CancelBesideAnswer]
        {
            let weather = Weather {
                loss_percent: seed % 5 * 12,
                copy_percent: seed % 3 * 25,
                jitter_ms: seed % 4 * 200,
            };
            let (_, tally) = storm(seed, plan, weather);
            for (client, finals) in &tally.finals {
                assert_eq!(
                    finals.len(),
                    1,
                    "seed {seed} {plan:?}: {client:?} ended more than once: {finals:?}"
                );
            }
            assert!(
                tally.invites.values().all(|count| *count == 1),
                "seed {seed} {plan:?}: an INVITE was told twice"
            );
            assert!(tally.byes <= 1 && tally.acks <= 1, "seed {seed} {plan:?}");
            assert!(
                !tally.finals.is_empty() || tally.timeouts > 0,
                "seed {seed} {plan:?}: a call without end"
            );
            ended += tally.finals.len();
        }
    }
    assert!(ended > 300, "most calls get through: {ended}");
}

#[test]
fn fair_weather_needs_no_repeats() {
    let (pair, tally) = storm(1, Plan::AnswerAndHangUp, Weather::default());
    assert_eq!((tally.timeouts, tally.byes, tally.acks), (0, 1, 1));
    // The user of the storm looks at its mail every 400 ms, within T1.
    for side in [CALLER, CALLEE] {
        assert_eq!(pair.sides[side].endpoint.stats().retransmissions_out, 0);
        assert_eq!(pair.sides[side].endpoint.stats().unexpected, 0);
    }
}
