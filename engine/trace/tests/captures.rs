//! Captures, with the collector at work in a thread of its own.

#![allow(clippy::unwrap_used, reason = "a test may")]

use std::{thread::JoinHandle, time::Duration};

use bytes::Bytes;
use chrono::{TimeDelta, Utc};
use domain::{CallId, CaptureEnd};
use sip::{Flow, Transport};
use trace::{CaptureOrder, CaptureRefused, MOST_KEPT, MOST_RUNNING, Recorder, Target, Trace};

struct Work(Trace, Option<JoinHandle<()>>);

impl Drop for Work {
    fn drop(&mut self) {
        self.0.stop();
        self.1.take().unwrap().join().unwrap();
    }
}

fn work() -> (Work, Recorder) {
    let (trace, collector) = Trace::new(1, 1 << 20);
    let recorder = Recorder::new(&trace);
    let running = std::thread::spawn(move || collector.run());
    (Work(trace, Some(running)), recorder)
}

fn order(target: Target) -> CaptureOrder {
    CaptureOrder {
        target,
        what: "a test".to_owned(),
        by: "ann".to_owned(),
        lasting: TimeDelta::hours(1),
        bytes: 1 << 20,
    }
}

fn flow(remote: &str) -> Flow {
    Flow {
        transport: Transport::Udp,
        local: "192.0.2.1:5060".parse().unwrap(),
        remote: remote.parse().unwrap(),
    }
}

fn message(call_id: &str, from: &str) -> Bytes {
    format!("OPTIONS sip:h SIP/2.0\r\nFrom: <sip:{from}@h>\r\nTo: <sip:h>\r\nCall-ID: {call_id}\r\n\r\n")
        .into()
}

/// Waits until it is so; the collector looks every few milliseconds.
fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    for _ in 0..1000 {
        if is_so() {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("{what}");
}

#[test]
fn a_capture_keeps_what_matches_and_nothing_else() {
    let (work, mut recorder) = work();
    let begun =
        work.0.capture(Utc::now(), order(Target::Address(vec!["198.51.100.0/24".parse().unwrap()]))).unwrap();
    recorder.sent(Utc::now(), flow("198.51.100.7:5060"), &message("a", "1"));
    recorder.sent(Utc::now(), flow("203.0.113.7:5060"), &message("b", "1"));
    recorder.received(Utc::now(), flow("198.51.100.8:5062"), &message("c", "1"));
    recorder.settle();
    until("two messages are captured", || work.0.captured(begun.id).unwrap().len() == 2);
    let ended = work.0.end_capture(Utc::now(), begun.id).unwrap();
    assert_eq!((ended.end, ended.messages, ended.lost), (Some(CaptureEnd::Stopped), 2, 0));
    recorder.sent(Utc::now(), flow("198.51.100.7:5060"), &message("d", "1"));
    std::thread::sleep(Duration::from_millis(50));
    assert_eq!(work.0.captured(begun.id).unwrap().len(), 2);
    assert!(work.0.end_capture(Utc::now(), begun.id).is_none());
    assert!(work.0.forget_capture(begun.id).is_some());
    assert!(work.0.captured(begun.id).is_none() && work.0.captures().is_empty());
}

#[test]
fn a_number_is_followed_to_both_legs_of_its_calls() {
    let (work, mut recorder) = work();
    let id = work.0.capture(Utc::now(), order(Target::Number("4930".to_owned()))).unwrap().id;
    let call = CallId(uuid::Uuid::from_u128(7));
    let now = Utc::now;
    recorder.received(now(), flow("198.51.100.7:5060"), &message("first", "+493012"));
    recorder.settle();
    recorder.belongs(now(), call, "first");
    recorder.belongs(now(), call, "second");
    // The other leg shows another number, and later messages of the first none at all.
    recorder.sent(now(), flow("203.0.113.1:5060"), &message("second", "anonymous"));
    recorder.sent(now(), flow("203.0.113.1:5060"), &message("other", "anonymous"));
    recorder.sent(
        now(),
        flow("198.51.100.7:5060"),
        &Bytes::from_static(b"SIP/2.0 200 OK\r\nCall-ID: first\r\n\r\n"),
    );
    until("three messages are captured", || work.0.captured(id).unwrap().len() == 3);
}

#[test]
fn a_call_is_captured_by_its_id_from_its_legs() {
    let (work, mut recorder) = work();
    let call = CallId(uuid::Uuid::from_u128(9));
    let id = work
        .0
        .capture(Utc::now(), order(Target::Call { id: call, call_ids: vec!["known".to_owned()] }))
        .unwrap()
        .id;
    recorder.sent(Utc::now(), flow("203.0.113.1:5060"), &message("known", "1"));
    recorder.belongs(Utc::now(), call, "later");
    recorder.sent(Utc::now(), flow("203.0.113.1:5060"), &message("later", "1"));
    recorder.sent(Utc::now(), flow("203.0.113.1:5060"), &message("foreign", "1"));
    until("both legs are captured", || work.0.captured(id).unwrap().len() == 2);
}

#[test]
fn a_capture_stops_by_itself_when_it_is_full_or_its_time_is_over() {
    let (work, mut recorder) = work();
    let small = CaptureOrder { bytes: 1000, ..order(Target::All) };
    let brief = CaptureOrder { lasting: TimeDelta::milliseconds(300), ..order(Target::All) };
    let full = work.0.capture(Utc::now(), small).unwrap().id;
    let over = work.0.capture(Utc::now(), brief).unwrap().id;
    for n in 0..50 {
        recorder.sent(Utc::now(), flow("203.0.113.1:5060"), &message(&n.to_string(), "1"));
    }
    let end = |id| work.0.captures().into_iter().find(|capture| capture.id == id).unwrap();
    until("the small one is full", || end(full).end == Some(CaptureEnd::Full));
    assert!(end(full).bytes <= 1000 && end(full).messages >= 3);
    until("the brief one is over", || end(over).end == Some(CaptureEnd::TimeOver));
    assert_eq!((end(over).messages, end(over).ended_at), (50, Some(end(over).ends_at)));
}

#[test]
fn captures_have_bounds() {
    let (work, _) = work();
    let begin = |order| work.0.capture(Utc::now(), order);
    let long = CaptureOrder { lasting: TimeDelta::hours(25), ..order(Target::All) };
    let large = CaptureOrder { bytes: 1 << 40, ..order(Target::All) };
    let none = CaptureOrder { lasting: TimeDelta::zero(), ..order(Target::All) };
    for order in [long, large, none] {
        assert_eq!(begin(order), Err(CaptureRefused::TooMuch));
    }
    let running: Vec<u64> = (0..MOST_RUNNING).map(|_| begin(order(Target::All)).unwrap().id).collect();
    assert_eq!(begin(order(Target::All)), Err(CaptureRefused::TooMany));
    for id in running {
        work.0.end_capture(Utc::now(), id).unwrap();
    }
    for _ in 0..2 * MOST_KEPT {
        let id = begin(order(Target::All)).unwrap().id;
        work.0.end_capture(Utc::now(), id).unwrap();
    }
    let kept: Vec<u64> = work.0.captures().into_iter().map(|capture| capture.id).collect();
    assert_eq!(kept.len(), MOST_KEPT);
    assert_eq!(kept[0], (MOST_RUNNING + 2 * MOST_KEPT) as u64);
}
