//! Tables, timers and memory when many transactions come and go.

use std::time::{Duration, Instant};

use bytes::Bytes;
use sip::{Endpoint, EndpointConfig, Event, Mark};

use crate::pair::{CALLEE, Pair};

fn options(number: u32) -> Bytes {
    Bytes::from(format!(
        "OPTIONS sip:b@h SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK{number}\r\nFrom: <sip:a@h>;tag=1\r\n\
         To: <sip:b@h>\r\nCall-ID: c{number}\r\nCSeq: 1 OPTIONS\r\n\r\n"
    ))
}

#[test]
fn fifty_thousand_requests_leave_nothing_behind() {
    let flow = Pair::new().flow(CALLEE);
    let mut endpoint =
        Endpoint::new(EndpointConfig { mark: Mark(1), seed: Some(9), ..EndpointConfig::default() });
    let start = Instant::now();
    let mut now = start;
    for number in 0..50_000 {
        now += Duration::from_millis(1);
        endpoint.on_timer(now);
        endpoint.on_datagram(now, flow, options(number));
        let Some(Event::Request { server, message, .. }) = endpoint.poll_event() else { panic!("{number}") };
        let ok = endpoint.reply(&message, 200, None, Some("t"));
        endpoint.respond(now, server, ok);
        assert!(endpoint.poll_transmit().is_some());
    }
    // Timer J holds what came in the last 32 s, no more.
    assert_eq!(endpoint.stats().servers, 32_000);
    endpoint.on_timer(now + Duration::from_secs(33));
    assert!(endpoint.is_idle());
    assert_eq!((endpoint.stats().servers, endpoint.next_timer()), (0, None));
}

#[test]
fn names_of_two_endpoints_never_meet() {
    let mut seen = std::collections::HashSet::new();
    for mark in [0, 1, 255] {
        let mut endpoint = Endpoint::new(EndpointConfig { mark: Mark(mark), ..EndpointConfig::default() });
        for _ in 0..1_000 {
            for name in [endpoint.new_tag(), endpoint.new_call_id()] {
                assert_eq!(Mark::of(&name), Some(Mark(mark)), "{name}");
                assert!(seen.insert(name));
            }
        }
    }
    assert_eq!(Mark::of("tdmzz1"), None);
    assert_eq!(Mark::of("tdm+1"), None);
    assert_eq!(Mark::of("xyz01"), None);
}
