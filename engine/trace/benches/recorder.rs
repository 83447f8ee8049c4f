//! What the trace costs a shard for a message: `cargo bench -p trace --bench recorder`. A call has 14 messages and costs 210 µs;
//! the budget of 3 % is 450 ns a message.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use bytes::Bytes;
use chrono::Utc;
use sip::{Flow, Transport};
use trace::{CaptureOrder, Fate, Recorder, Target, Trace};

const ROUNDS: u32 = if cfg!(debug_assertions) { 20_000 } else { 4_000_000 };

fn main() {
    let flow = Flow {
        transport: Transport::Udp,
        local: "192.0.2.1:5060".parse().expect("an address"),
        remote: "198.51.100.7:5060".parse().expect("an address"),
    };
    let invite = Bytes::from(format!(
        "INVITE sip:442079460000@192.0.2.1 SIP/2.0\r\nFrom: <sip:1@h>;tag=1\r\nTo: <sip:2@h>\r\nCall-ID: abc\r\n{}\r\n",
        "X-Filler: 0123456789\r\n".repeat(22)
    ));
    println!("{} octets a message", invite.len());
    let (trace, collector) = Trace::new(1, 64 << 20);
    measure("idle, read", &trace, |recorder| {
        recorder.received(Utc::now(), flow, black_box(&invite));
        recorder.settle();
    });
    measure("idle, sent", &trace, |recorder| recorder.sent(Utc::now(), flow, black_box(&invite)));
    measure("the clock alone", &trace, |_| {
        black_box(Utc::now());
    });
    measure("idle, refused", &trace, |recorder| {
        recorder.received(Utc::now(), flow, black_box(&invite));
        recorder.explain(Fate::UnknownSource { answered: false });
        recorder.settle();
    });

    let working = std::thread::spawn(move || collector.run());
    let order = CaptureOrder {
        target: Target::Number("99".to_owned()),
        what: "another number".to_owned(),
        by: "bench".to_owned(),
        lasting: chrono::TimeDelta::hours(1),
        bytes: 1 << 20,
    };
    trace.capture(Utc::now(), order).expect("it is the first one");
    measure("while a capture runs", &trace, |recorder| recorder.sent(Utc::now(), flow, black_box(&invite)));
    println!("lost to the capture at this pace: {}", trace.lost());
    trace.stop();
    working.join().expect("the collector ends");

    let mut recorder = Recorder::new(&trace);
    for _ in 0..150_000 {
        recorder.sent(Utc::now(), flow, &invite);
    }
    let begun = Instant::now();
    let snapshot = recorder.snapshot();
    println!("a snapshot of 64 MiB costs the shard {:?}", begun.elapsed());
    let begun = Instant::now();
    let question = trace::Question {
        target: Target::Number("12345".to_owned()),
        only_refused: false,
        from: Utc::now() - Duration::from_secs(3600),
        until: Utc::now(),
        most: 100,
    };
    let found = trace::search(&[snapshot], &question);
    println!(
        "a search through it takes {:?}, {} found, beside the shard",
        begun.elapsed(),
        found.messages.len()
    );
}

fn measure(name: &str, trace: &Trace, work: impl Fn(&mut Recorder)) {
    let mut recorder = Recorder::new(trace);
    // Memory is taken when it is first written.
    for _ in 0..ROUNDS / 8 {
        work(&mut recorder);
    }
    let begun = Instant::now();
    for _ in 0..ROUNDS {
        work(&mut recorder);
    }
    println!("{name}: {} ns", begun.elapsed().as_nanos() / u128::from(ROUNDS));
}
