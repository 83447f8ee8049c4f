//! What the trace keeps of what a shard sees.

use chrono::{DateTime, TimeDelta};
use domain::{CallId, EndReason, TraceLadder};
use trace::{Direction, Fate, Found, Question, Target};

use super::world::*;

fn found(world: &mut World, target: Target) -> Found {
    let until = world.now.wall + TimeDelta::hours(1);
    let question = Question { target, only_refused: false, from: DateTime::UNIX_EPOCH, until, most: 500 };
    trace::search(&[world.floor.snapshot()], &question)
}

fn of_call(world: &mut World, id: CallId) -> Found {
    found(world, Target::Call { id, call_ids: Vec::new() })
}

/// Lane to lane, with what went.
fn went(ladder: &TraceLadder) -> Vec<String> {
    ladder.steps.iter().map(|step| format!("{}→{} {}", step.from, step.to, step.label)).collect()
}

fn names(_: std::net::SocketAddr) -> Option<String> {
    None
}

#[test]
fn a_call_has_both_its_legs_in_the_trace() {
    let mut world = World::new("10");
    let (mut caller, _) = world.talk();
    world.pass(3.0);
    world.request(CALLER, &mut caller, rsip::Method::Bye, None);
    world.accept_byes();
    let id = world.cdr().id;

    let ladder = trace::ladder(&of_call(&mut world, id), names);
    let lanes: Vec<_> = ladder.lanes.iter().map(|lane| (lane.address.as_str(), lane.ours)).collect();
    assert_eq!(lanes, [(CALLER, false), ("", true), (VENDOR, false)]);
    let order = |wanted: &[&str]| {
        let went = went(&ladder);
        let mut rest = went.iter();
        for step in wanted {
            assert!(rest.any(|went| went == step), "{step} does not come in its place: {went:#?}");
        }
    };
    order(&[
        "0→1 INVITE",
        "1→2 INVITE",
        "2→1 180 Ringing",
        "1→0 180 Ringing",
        "2→1 200 OK",
        "1→0 200 OK",
        "0→1 ACK",
    ]);
    order(&["0→1 INVITE", "1→0 100 Trying", "2→1 200 OK", "1→2 ACK", "0→1 BYE", "1→2 BYE", "2→1 200 OK"]);
    assert!(ladder.steps.iter().all(|step| !step.is_repeated && step.fate.is_none()));
    assert!(ladder.steps[0].has_sdp && ladder.steps[0].text.as_ref().unwrap().contains("m=audio 30000"));
    assert!(ladder.findings.is_empty(), "{:?}", ladder.findings);
}

#[test]
fn every_gateway_that_was_tried_is_in_the_trace_of_the_call() {
    let mut world = World::new("10");
    world.invite("442071234567", Some(SDP));
    let first = world.asked(VENDOR, sip::Method::Invite);
    world.respond(VENDOR, &first, 503, None);
    let second = world.asked(SECOND_VENDOR, sip::Method::Invite);
    world.respond(SECOND_VENDOR, &second, 486, None);
    assert_eq!(world.cdr().end_reason, EndReason::CalleeBusy);

    let id = world.cdr().id;
    let ladder = trace::ladder(&of_call(&mut world, id), names);
    let far: Vec<_> = ladder.lanes.iter().map(|lane| lane.address.as_str()).collect();
    assert_eq!(far, [CALLER, "", VENDOR, SECOND_VENDOR]);
    assert!(went(&ladder).contains(&"2→1 503 Service Unavailable".to_owned()));
    assert!(went(&ladder).contains(&"3→1 486 Busy Here".to_owned()));
}

#[test]
fn two_calls_are_told_apart_and_found_by_number() {
    let mut world = World::new("10");
    world.invite("442071234567", Some(SDP));
    world.invite("441632960000", Some(SDP));
    let all = found(&mut world, Target::All);
    let calls: std::collections::HashSet<_> = all.legs.values().collect();
    assert_eq!((all.legs.len(), calls.len()), (4, 2));
    let one = found(&mut world, Target::Number("4416".to_owned()));
    assert_eq!(one.messages.len() * 2, all.messages.len());
    let overview = trace::overview(&all, 10);
    assert_eq!(overview.exchanges.len(), 2);
    assert!(
        overview.exchanges.iter().all(|e| e.call.is_some() && e.method == "INVITE" && e.caller == "4930123")
    );
    assert_eq!(found(&mut world, Target::Number("99".to_owned())).messages, []);
}

const STRANGER: &str = "192.0.2.66:5060";

fn from_stranger(world: &mut World, message: &str) {
    let now = world.now;
    world.floor.on_message(now, flow(at(SWITCH), at(STRANGER)), message.to_owned().into());
    while let Some(transmit) = world.floor.poll_transmit() {
        world.floor.note_sent(now, &transmit);
    }
}

#[test]
fn what_is_dropped_is_in_the_trace_with_its_reason() {
    let mut world = World::new("10");
    let headers = "Via: SIP/2.0/UDP 192.0.2.66;branch=z9hG4bKx\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:441@b>\r\n\
                   Call-ID: x\r\nContact: <sip:a@192.0.2.66>\r\nContent-Length: 0\r\n";
    from_stranger(
        &mut world,
        &format!("INVITE sip:441@127.0.0.1 SIP/2.0\r\n{headers}CSeq: 1 INVITE\r\n\r\n"),
    );
    from_stranger(&mut world, "GET / HTTP/1.1\r\n\r\n");
    from_stranger(&mut world, &format!("INVITE sip:441@127.0.0.1 SIP/2.0\r\n{headers}\r\n"));
    from_stranger(&mut world, &format!("SIP/2.0 200 OK\r\n{headers}CSeq: 1 INVITE\r\n\r\n"));
    from_stranger(&mut world, "\r\n\r\n");

    let seen = found(&mut world, Target::Address(vec!["192.0.2.66".parse().unwrap()]));
    let fates: Vec<_> =
        seen.messages.iter().filter(|m| m.direction == Direction::Received).map(|m| m.fate).collect();
    assert!(
        matches!(
            fates.as_slice(),
            [
                Fate::UnknownSource { answered: true },
                Fate::Guarded(sip::guard::Refused::NotSip),
                Fate::Malformed(sip::message::ParseError::Defect(_)),
                Fate::Stray,
            ]
        ),
        "{fates:?}"
    );
    // The refusals of the two requests are there too.
    let sent = seen.messages.iter().filter(|m| m.direction == Direction::Sent);
    assert_eq!(sent.filter(|m| m.bytes.starts_with(b"SIP/2.0 40")).count(), 2);
}

#[test]
fn a_stranger_who_gets_no_answer_is_in_the_trace_too() {
    let mut world = World::new("10");
    let mut quiet = configuration("10");
    quiet.parameters.set(domain::Parameter::SS_REPLY_UNAUTHORIZED, "Off").unwrap();
    crate::configuration::take_up(&world.floor.desk.environment, quiet);
    from_stranger(
        &mut world,
        "INVITE sip:441@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.66;branch=z9hG4bKx\r\nFrom: <sip:a@b>;tag=1\r\n\
         To: <sip:441@b>\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n",
    );
    let seen = found(&mut world, Target::Dialog("x".to_owned()));
    assert_eq!(
        seen.messages.iter().map(|m| m.fate).collect::<Vec<_>>(),
        [Fate::UnknownSource { answered: false }]
    );
}

#[test]
fn what_strangers_send_does_not_push_calls_out() {
    let mut world = World::new("10");
    world.invite("442071234567", Some(SDP));
    let before = found(&mut world, Target::Number("4420".to_owned())).messages.len();
    let junk = "x".repeat(1000);
    for _ in 0..20_000 {
        from_stranger(&mut world, &junk);
    }
    assert_eq!(found(&mut world, Target::Number("4420".to_owned())).messages.len(), before);
    let kept = found(&mut world, Target::Address(vec![STRANGER.parse().unwrap()])).messages.len();
    assert!((100..=500).contains(&kept), "{kept}");
}

#[test]
fn a_message_that_went_again_is_marked() {
    let mut world = World::new("10");
    world.agent(VENDOR).deaf = true;
    world.invite("442071234567", Some(SDP));
    world.pass(2.0);
    let all = found(&mut world, Target::All);
    let ladder = trace::ladder(&all, names);
    let again = ladder.steps.iter().filter(|step| step.is_repeated && step.label == "INVITE").count();
    assert!(again >= 1, "{:#?}", went(&ladder));
    let notices: Vec<_> = ladder.findings.iter().map(|finding| finding.what).collect();
    assert!(
        notices.contains(&domain::TraceNotice::Unanswered)
            && notices.contains(&domain::TraceNotice::Repeated)
    );
}
