//! What a ladder says of messages: lanes, marks, digests, findings, and hostile text.

#![allow(clippy::unwrap_used, reason = "a test may")]

use chrono::{DateTime, TimeDelta};
use domain::{TraceKind, TraceLadder, TraceNotice};
use sip::{Flow, Transport};
use trace::{Direction, Fate, Found, Seen, ladder};

/// Messages one after another: who, which way, what became of it, and the text.
fn drawn(messages: &[(&str, Direction, Fate, String)]) -> TraceLadder {
    let begin = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
    let seen = |(n, (remote, direction, fate, text)): (usize, &(&str, Direction, Fate, String))| Seen {
        at: begin + TimeDelta::milliseconds(n as i64),
        direction: *direction,
        flow: Flow {
            transport: Transport::Udp,
            local: "192.0.2.1:5060".parse().unwrap(),
            remote: remote.parse().unwrap(),
        },
        fate: *fate,
        bytes: text.clone().into(),
    };
    let messages = messages.iter().enumerate().map(seen).collect();
    ladder(&Found { messages, ..Found::default() }, |remote| {
        (remote.port() == 5070).then(|| "Phone".to_owned())
    })
}

const PHONE: &str = "198.51.100.7:5070";

fn register(number: u32, more: &str) -> String {
    format!(
        "REGISTER sip:h SIP/2.0\r\nVia: SIP/2.0/UDP 198.51.100.7;branch=z9hG4bK{number}\r\nFrom: <sip:7@h>;tag=1\r\n\
         To: <sip:7@h>\r\nCall-ID: reg\r\nCSeq: {number} REGISTER\r\nContact: <sip:7@198.51.100.7>\r\n{more}\r\n"
    )
}

fn answer(number: u32, line: &str, more: &str) -> String {
    format!(
        "SIP/2.0 {line}\r\nVia: SIP/2.0/UDP 198.51.100.7;branch=z9hG4bK{number}\r\nFrom: <sip:7@h>;tag=1\r\n\
         To: <sip:7@h>;tag=2\r\nCall-ID: reg\r\nCSeq: {number} REGISTER\r\n{more}\r\n"
    )
}

const CHALLENGE: &str =
    "WWW-Authenticate: Digest realm=\"tandem\", nonce=\"abc\", algorithm=MD5, qop=\"auth\"\r\n";
const CREDENTIALS: &str = "Authorization: Digest username=\"7\", realm=\"tandem\", nonce=\"abc\", uri=\"sip:h\", \
     response=\"00112233445566778899aabbccddeeff\", algorithm=MD5, qop=auth, nc=0000000a, cnonce=\"x\"\r\n";

fn came(text: String, fate: Fate) -> (&'static str, Direction, Fate, String) {
    (PHONE, Direction::Received, fate, text)
}

fn went(text: String) -> (&'static str, Direction, Fate, String) {
    (PHONE, Direction::Sent, Fate::Handled, text)
}

fn notices(ladder: &TraceLadder) -> Vec<TraceNotice> {
    ladder.findings.iter().map(|finding| finding.what).collect()
}

#[test]
fn a_challenge_and_its_answer_are_taken_apart() {
    let ladder = drawn(&[
        came(register(1, ""), Fate::Login(registrar::Outcome::Challenged)),
        went(answer(1, "401 Unauthorized", CHALLENGE)),
        came(register(2, CREDENTIALS), Fate::Login(registrar::Outcome::Good)),
        went(answer(2, "200 OK", "")),
    ]);
    let kinds: Vec<_> = ladder.steps.iter().map(|step| step.kind).collect();
    assert_eq!(kinds, [TraceKind::Request, TraceKind::Redirection, TraceKind::Request, TraceKind::Success]);
    let part = |step: usize, name: &str| {
        let parts = &ladder.steps[step].digests[0].parts;
        parts.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    };
    assert!(ladder.steps[1].digests[0].is_challenge && !ladder.steps[2].digests[0].is_challenge);
    assert_eq!(
        (part(1, "realm"), part(1, "nonce"), part(1, "stale")),
        (Some("tandem"), Some("abc"), Some("false"))
    );
    assert_eq!((part(2, "nc"), part(2, "algorithm")), (Some("0000000a"), Some("MD5")));
    assert_eq!(ladder.steps[2].fate.as_deref(), Some("login_good"));
    assert_eq!(notices(&ladder), []);
    assert_eq!(ladder.lanes[0].name, "Phone");
}

#[test]
fn more_than_two_cycles_are_a_loop_and_the_reason_is_told() {
    let mut messages = vec![came(register(1, ""), Fate::Login(registrar::Outcome::Challenged))];
    for number in 1..5 {
        messages.push(went(answer(number, "401 Unauthorized", CHALLENGE)));
        messages.push(came(register(number + 1, CREDENTIALS), Fate::Login(registrar::Outcome::Bad)));
    }
    messages.push(went(answer(5, "403 Forbidden", "")));
    let ladder = drawn(&messages);
    assert_eq!(notices(&ladder), [TraceNotice::ChallengeLoop, TraceNotice::Login]);
    assert_eq!((ladder.findings[0].count, ladder.findings[0].whose.as_str()), (4, PHONE));
    assert_eq!((ladder.findings[1].count, ladder.findings[1].whose.as_str()), (4, "login_bad"));
}

#[test]
fn a_device_that_does_not_answer_or_cannot_is_told_apart() {
    let silent =
        drawn(&[came(register(1, ""), Fate::Handled), went(answer(1, "401 Unauthorized", CHALLENGE))]);
    assert_eq!(notices(&silent), [TraceNotice::ChallengeUnanswered]);
    let bare = drawn(&[
        came(register(1, ""), Fate::Handled),
        went(answer(1, "401 Unauthorized", CHALLENGE)),
        came(register(2, ""), Fate::Handled),
        went(answer(2, "401 Unauthorized", CHALLENGE)),
    ]);
    assert!(notices(&bare).contains(&TraceNotice::NoCredentials));
    let stale = CHALLENGE.replace("qop=", "stale=true, qop=");
    let old = drawn(&[
        came(register(1, CREDENTIALS), Fate::Login(registrar::Outcome::Stale)),
        went(answer(1, "401 Unauthorized", &stale)),
        came(register(2, CREDENTIALS), Fate::Login(registrar::Outcome::Good)),
        went(answer(2, "200 OK", "")),
    ]);
    assert!(notices(&old).contains(&TraceNotice::StaleNonce));
    assert!(!notices(&old).contains(&TraceNotice::ChallengeUnanswered));
}

#[test]
fn the_end_of_a_registration_is_seen() {
    let ladder = drawn(&[came(register(9, "Expires: 0\r\n"), Fate::Handled), went(answer(9, "200 OK", ""))]);
    assert_eq!(notices(&ladder), [TraceNotice::Unregistered]);
    assert_eq!(ladder.steps[0].marks, ["CSeq 9 REGISTER", "Expires 0"]);
}

#[test]
fn a_prack_and_what_it_confirms_carry_their_numbers() {
    let head = "From: <sip:a@h>;tag=1\r\nTo: <sip:b@h>;tag=2\r\nCall-ID: c\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKx\r\n";
    let ladder = drawn(&[
        (
            "203.0.113.9:5060",
            Direction::Received,
            Fate::Handled,
            format!("SIP/2.0 183 Session Progress\r\n{head}CSeq: 1 INVITE\r\nRSeq: 5\r\n\r\n"),
        ),
        (
            "203.0.113.9:5060",
            Direction::Sent,
            Fate::Handled,
            format!("PRACK sip:b@h SIP/2.0\r\n{head}CSeq: 2 PRACK\r\nRAck: 5 1 INVITE\r\n\r\n"),
        ),
    ]);
    // Who begins with an answer was asked.
    assert_eq!(ladder.lanes.iter().map(|lane| lane.ours).collect::<Vec<_>>(), [true, false]);
    assert_eq!(ladder.steps[0].marks, ["CSeq 1 INVITE", "RSeq 5"]);
    assert_eq!(ladder.steps[1].marks, ["CSeq 2 PRACK", "RAck 5 1 INVITE"]);
    assert_eq!((ladder.steps[0].from, ladder.steps[0].to), (1, 0));
}

#[test]
fn hostile_messages_are_shown_and_do_nothing() {
    let junk = "\u{1b}[2J<script>alert(1)</script>\u{202e}\0".to_owned();
    let long = "x".repeat(60_000);
    let mut messages = vec![
        came(junk, Fate::Guarded(sip::guard::Refused::NotSip)),
        came(register(1, &format!("Subject: {long}\r\n")), Fate::Handled),
        came(
            "INVITE sip:x SIP/2.0\r\nCSeq: none\r\n\r\n".to_owned(),
            Fate::Malformed(sip::message::ParseError::NotSip),
        ),
    ];
    for _ in 0..120 {
        messages.push(came(long.clone(), Fate::Guarded(sip::guard::Refused::TooBig)));
    }
    let ladder = drawn(&messages);
    let text = ladder.steps[0].text.as_ref().unwrap();
    assert!(text.chars().all(|c| !c.is_control() && c != '\u{202e}'), "{text:?}");
    assert!(ladder.steps[0].label.chars().count() <= 24);
    assert_eq!(ladder.steps[0].kind, TraceKind::Unreadable);
    assert!(ladder.steps[1].text.as_ref().unwrap().len() <= 16 * 1024);
    assert_eq!(ladder.steps[2].label, "INVITE");
    let shown: usize = ladder.steps.iter().filter_map(|step| step.text.as_ref()).map(String::len).sum();
    assert!(shown <= 1024 * 1024 && ladder.steps.last().unwrap().text.is_none());
    assert!(ladder.findings.len() <= 20);
}

#[test]
fn a_crowd_shares_the_last_lane() {
    let remotes: Vec<String> = (1..=20).map(|n| format!("203.0.113.{n}:5060")).collect();
    let messages: Vec<_> = remotes
        .iter()
        .map(|remote| (remote.as_str(), Direction::Received, Fate::Handled, register(1, "")))
        .collect();
    let ladder = drawn(&messages);
    assert_eq!(ladder.lanes.len(), 8);
    assert!(ladder.lanes[7].address.is_empty() && !ladder.lanes[7].ours);
    assert!(ladder.steps.iter().all(|step| step.from < 8 && step.to < 8));
    assert_eq!(ladder.steps[19].from, 7);
}
