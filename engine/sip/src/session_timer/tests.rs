use std::time::{Duration, Instant};

use bytes::Bytes;

use super::*;
use crate::message::Message;
use crate::method::Method;
use crate::vocabulary::name_and_value;

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn message(first: &str, headers: &str) -> Message {
    let text = format!(
        "{first}\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKx\r\nFrom: <sip:a@h>;tag=1\r\nTo: <sip:b@h>;tag=2\r\nCall-ID: c\r\n\
         CSeq: 1 INVITE\r\n{headers}\r\n"
    );
    Message::parse(Bytes::from(text)).unwrap()
}

fn offer(headers: &str) -> TimerOffer {
    TimerOffer::of(&message("INVITE sip:b@h SIP/2.0", headers))
}

fn texts(headers: &[rsip::Header]) -> Vec<String> {
    headers.iter().map(name_and_value).map(|(name, value)| format!("{name}: {value}")).collect()
}

fn ours(interval: u64) -> Agreed {
    Agreed { interval: seconds(interval), duty: Duty::Ours }
}

fn theirs(interval: u64) -> Agreed {
    Agreed { interval: seconds(interval), duty: Duty::Theirs }
}

/// Every action of a timer within `limit` seconds, with the second it comes in.
fn actions(mut timer: SessionTimer, start: Instant, limit: u64) -> Vec<(u64, SessionAction)> {
    (0..=limit).filter_map(|at| timer.next(start + seconds(at)).map(|action| (at, action))).collect()
}

#[test]
fn l1770_an_invite_with_session_expires_is_timed() {
    let timed = offer("Session-Expires: 600\r\nMin-SE: 90\r\n");
    assert!(timed.is_timer());
    assert_eq!((timed.expires.unwrap().interval, timed.min_se), (seconds(600), Some(seconds(90))));
    assert_eq!(SessionPolicy::default().answer(&timed), Ok(Some(ours(600))));
}

#[test]
fn l1781_an_invite_without_it_is_not() {
    let plain = offer("Supported: 100rel\r\n");
    assert!(!plain.is_timer());
    assert_eq!(SessionPolicy::default().answer(&plain), Ok(None));
}

#[test]
fn l1637_600_seconds_in_two_segments_are_probed_after_300() {
    let start = Instant::now();
    let mut timer = SessionTimer::new(SessionPolicy::default(), ours(600));
    assert_eq!((timer.deadline(), timer.next(start)), (None, None), "nothing before the answer");
    timer.on_established(start);
    assert_eq!(timer.deadline(), Some(start + seconds(300)));
    assert_eq!(actions(timer, start, 700), [(300, SessionAction::Refresh), (568, SessionAction::Expired)]);
    let thrice = SessionPolicy { segments: 3, ..SessionPolicy::default() };
    let mut timer = SessionTimer::new(thrice, ours(600));
    timer.on_established(start);
    assert_eq!(timer.deadline(), Some(start + seconds(200)));
}

#[test]
fn l1724_a_grace_lets_a_silent_session_live_that_much_longer() {
    let start = Instant::now();
    let policy = SessionPolicy { grace: seconds(20), ..SessionPolicy::default() };
    let mut timer = SessionTimer::new(policy, theirs(600));
    timer.on_established(start);
    assert_eq!(actions(timer, start, 700), [(588, SessionAction::Expired)]);
}

#[test]
fn an_interval_of_zero_asks_for_nothing_and_follows_a_peer_that_does() {
    let policy = SessionPolicy { interval: Duration::ZERO, ..SessionPolicy::default() };
    let asked: Vec<String> = SessionAsk::new(&policy).headers().iter().map(ToString::to_string).collect();
    assert_eq!(asked, ["Supported: timer"]);
    assert_eq!(policy.answer(&offer("Supported: timer\r\n")), Ok(None));
    let wanted = policy.answer(&offer("Supported: timer\r\nSession-Expires: 1800\r\n")).unwrap().unwrap();
    assert_eq!(wanted.interval, seconds(1800));
}

#[test]
fn a_short_interval_has_a_margin_of_a_third() {
    let start = Instant::now();
    let mut timer = SessionTimer::new(SessionPolicy::default(), ours(90));
    timer.on_established(start);
    let told = actions(timer, start, 100);
    assert_eq!(told, [(45, SessionAction::Refresh), (60, SessionAction::Expired)]);
    let mut timer = SessionTimer::new(SessionPolicy::default(), ours(96));
    timer.on_established(start);
    assert_eq!(actions(timer, start, 100).last(), Some(&(64, SessionAction::Expired)));
}

#[test]
fn a_refresh_starts_both_times_anew() {
    let start = Instant::now();
    let mut timer = SessionTimer::new(SessionPolicy::default(), ours(600));
    timer.on_established(start);
    let mut at = start;
    for _ in 0..50 {
        at += seconds(300);
        assert_eq!(timer.next(at), Some(SessionAction::Refresh));
        assert_eq!(timer.next(at), None, "once");
        timer.on_refresh(at);
    }
    assert_eq!(timer.next(at + seconds(568)), Some(SessionAction::Expired));
    timer.on_refresh(at + seconds(569));
    assert_eq!((timer.next(at + seconds(9_999)), timer.deadline()), (None, None), "over is over");
}

#[test]
fn a_refused_refresh_is_tried_again() {
    let start = Instant::now();
    let mut timer = SessionTimer::new(SessionPolicy::default(), ours(600));
    timer.on_established(start);
    assert_eq!(timer.next(start + seconds(300)), Some(SessionAction::Refresh));
    timer.on_refresh_refused(start + seconds(301), seconds(2));
    assert_eq!(timer.next(start + seconds(302)), None);
    assert_eq!(timer.next(start + seconds(303)), Some(SessionAction::Refresh));
    timer.on_refresh_refused(start + seconds(304), seconds(10_000));
    assert_eq!(timer.deadline(), Some(start + seconds(568)), "but never beyond the expiry");
}

#[test]
fn the_duty_can_change_hands() {
    let start = Instant::now();
    let mut timer = SessionTimer::new(SessionPolicy::default(), ours(600));
    timer.on_established(start);
    timer.on_renewed(start + seconds(10), theirs(1200));
    assert_eq!(actions(timer, start, 1_300), [(10 + 1_168, SessionAction::Expired)]);
    assert_eq!(timer.agreed(), theirs(1200));
}

#[test]
fn the_callee_follows_table_2() {
    let policy = SessionPolicy::default();
    for (headers, agreed) in [
        ("Session-Expires: 300\r\n", ours(300)),
        ("Session-Expires: 300;refresher=uac\r\n", ours(300)),
        ("Supported: timer\r\nSession-Expires: 300\r\n", ours(300)),
        ("Supported: timer\r\nSession-Expires: 300;refresher=uac\r\n", theirs(300)),
        ("k: timer\r\nx: 300;REFRESHER=UAS\r\n", ours(300)),
        ("Supported: timer\r\n", ours(600)),
        ("Supported: timer\r\nMin-SE: 1000\r\n", ours(1000)),
        ("Supported: timer\r\nSession-Expires: 1800\r\n", ours(600)),
        ("Supported: timer\r\nSession-Expires: 1800\r\nMin-SE: 900\r\n", ours(900)),
        ("Session-Expires: 7\r\n", ours(90)),
        ("Session-Expires: 99999999999999999999\r\n", ours(600)),
    ] {
        assert_eq!(policy.answer(&offer(headers)), Ok(Some(agreed)), "{headers}");
    }
    assert_eq!(policy.answer(&offer("Session-Expires: soon\r\n")), Ok(None));
}

#[test]
fn the_answer_tells_what_was_agreed() {
    assert_eq!(
        texts(&session_headers(&ours(300), false)),
        ["Supported: timer", "Session-Expires: 300;refresher=uas"],
        "no Require for who does not know it"
    );
    assert_eq!(
        texts(&session_headers(&theirs(300), true)),
        ["Supported: timer", "Session-Expires: 300;refresher=uac", "Require: timer"]
    );
}

#[test]
fn too_short_an_interval_is_refused_with_422() {
    let policy = SessionPolicy { shortest: seconds(180), ..SessionPolicy::default() };
    let refused = policy.answer(&offer("Supported: timer\r\nSession-Expires: 100\r\n")).unwrap_err();
    assert_eq!(texts(&[refused.header()]), ["Min-SE: 180"]);
    assert_eq!(policy.answer(&offer("Session-Expires: 100\r\n")), Ok(Some(ours(100))));
    let sloppy = SessionPolicy { shortest: seconds(5), ..policy };
    let refused = sloppy.answer(&offer("Supported: timer\r\nSession-Expires: 60\r\n")).unwrap_err();
    assert_eq!(refused.min_se, seconds(90), "the floor of RFC 4028 §4");
}

#[test]
fn a_422_is_followed_while_it_makes_sense() {
    let mut ask = SessionAsk::new(&SessionPolicy::default());
    assert_eq!(
        texts(&ask.headers()),
        ["Supported: timer", "Session-Expires: 600;refresher=uac", "Min-SE: 90"]
    );
    let too_small = |min_se: &str| message("SIP/2.0 422 Session Interval Too Small", min_se);
    assert!(ask.on_422(&too_small("Min-SE: 1800\r\n")));
    assert_eq!(texts(&ask.headers())[1..], ["Session-Expires: 1800;refresher=uac", "Min-SE: 1800"]);
    for useless in ["", "Min-SE: 1800\r\n", "Min-SE: 90\r\n", "Min-SE: x\r\n", "Min-SE: 1000000\r\n"] {
        assert!(!ask.on_422(&too_small(useless)), "{useless}");
    }
}

#[test]
fn the_caller_reads_who_refreshes_from_the_answer() {
    let ask = SessionAsk::new(&SessionPolicy::default());
    for (headers, agreed) in [
        ("Session-Expires: 300;refresher=uac\r\nRequire: timer\r\n", Some(ours(300))),
        ("Session-Expires: 300;refresher=uas\r\n", Some(theirs(300))),
        ("Session-Expires: 300\r\n", Some(ours(300))),
        ("Session-Expires: 1;refresher=uac\r\n", Some(ours(90))),
        ("Supported: timer\r\n", None),
    ] {
        assert_eq!(ask.agreed(&message("SIP/2.0 200 OK", headers)), agreed, "{headers}");
    }
}

#[test]
fn a_request_inside_the_session_keeps_the_duty() {
    let policy = SessionPolicy::default();
    assert_eq!(
        texts(&SessionAsk::again(&theirs(300), &policy).headers())[1],
        "Session-Expires: 300;refresher=uas"
    );
    assert_eq!(
        texts(&SessionAsk::again(&ours(300), &policy).headers())[1],
        "Session-Expires: 300;refresher=uac"
    );
}

#[test]
fn update_is_used_when_it_is_allowed() {
    for (headers, method) in [
        ("Allow: INVITE, ACK, UPDATE\r\n", Method::Update),
        ("Allow: INVITE, ACK\r\nAllow: BYE\r\n", Method::Invite),
        ("", Method::Invite),
    ] {
        assert_eq!(refresh_method(&message("SIP/2.0 200 OK", headers)), method);
    }
}
