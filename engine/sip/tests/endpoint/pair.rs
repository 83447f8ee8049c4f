//! The harness: latency, loss, copies and disorder are the wire's; every emitted message is checked on its way.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use bytes::Bytes;
use sip::{
    Endpoint, EndpointConfig, Event, Flow, InviteSpec, Mark, Message, SipUri, Timers, Transmit, Transport,
    build_invite, shard_of,
};

pub(crate) const CALLER: usize = 0;
pub(crate) const CALLEE: usize = 1;
const LATENCY: Duration = Duration::from_millis(10);

/// What the wire does to a datagram, decided by a small generator so that a seed repeats a run.
#[derive(Clone, Copy, Default)]
pub(crate) struct Weather {
    pub(crate) loss_percent: u64,
    pub(crate) copy_percent: u64,
    pub(crate) jitter_ms: u64,
}

pub(crate) struct Side {
    pub(crate) endpoint: Endpoint,
    pub(crate) address: SocketAddr,
    pub(crate) mark: Mark,
    pub(crate) events: Vec<Event>,
    /// Start lines of all it sent, with their time since the start.
    pub(crate) sent: Vec<(Duration, String)>,
}

struct Travelling {
    at: Instant,
    order: u64,
    to: usize,
    flow: Flow,
    bytes: Bytes,
}

type Filter = Box<dyn Fn(&str) -> bool>;

pub(crate) struct Pair {
    pub(crate) now: Instant,
    start: Instant,
    pub(crate) sides: [Side; 2],
    transport: Transport,
    wire: Vec<Travelling>,
    weather: Weather,
    chance: u64,
    order: u64,
    to_drop: Vec<(Filter, usize)>,
}

impl Pair {
    pub(crate) fn new() -> Self {
        Self::over(Transport::Udp)
    }

    pub(crate) fn over(transport: Transport) -> Self {
        let now = Instant::now();
        let side = |number: u8| Side {
            endpoint: Endpoint::new(EndpointConfig {
                mark: Mark(0xa0 + number),
                timers: Timers::default(),
                user_agent: "Test".into(),
                seed: Some(u64::from(number) + 1),
                ..EndpointConfig::default()
            }),
            address: SocketAddr::from(([10, 0, 0, number + 1], 5060)),
            mark: Mark(0xa0 + number),
            events: Vec::new(),
            sent: Vec::new(),
        };
        Self {
            now,
            start: now,
            sides: [side(0), side(1)],
            transport,
            wire: Vec::new(),
            weather: Weather::default(),
            chance: 1,
            order: 0,
            to_drop: Vec::new(),
        }
    }

    pub(crate) fn stormy(seed: u64, weather: Weather) -> Self {
        let mut pair = Self::new();
        pair.weather = weather;
        pair.chance = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        pair
    }

    pub(crate) fn flow(&self, from: usize) -> Flow {
        Flow {
            transport: self.transport,
            local: self.sides[from].address,
            remote: self.sides[1 - from].address,
        }
    }

    /// Loses the next `count` datagrams whose text begins with `start`.
    pub(crate) fn lose(&mut self, start: &'static str, count: usize) {
        self.to_drop.push((Box::new(move |text| text.starts_with(start)), count));
    }

    pub(crate) fn invite(&mut self, from: usize) -> rsip::Request {
        let spec = InviteSpec {
            uri: SipUri::sip("bob", "10.0.0.2", Some(5060)),
            from_display: Some("Alice".into()),
            from_user: "alice".into(),
            from_host: "tandem.example".into(),
            to_user: "bob".into(),
            to_host: "10.0.0.2".into(),
            user_phone: false,
            contact: format!("<sip:alice@{}>", self.sides[from].address),
            max_forwards: 70,
            headers: vec![("P-Asserted-Identity".into(), "<tel:+14155550199>".into())],
            body: Some(("application/sdp".into(), b"v=0\r\n".to_vec())),
        };
        build_invite(&mut self.sides[from].endpoint, &spec)
    }

    fn roll(&mut self, percent: u64) -> bool {
        self.random() % 100 < percent
    }

    fn random(&mut self) -> u64 {
        self.chance ^= self.chance << 13;
        self.chance ^= self.chance >> 7;
        self.chance ^= self.chance << 17;
        self.chance
    }

    /// Takes events and datagrams out of both endpoints.
    fn collect(&mut self) {
        for from in [CALLER, CALLEE] {
            while let Some(event) = self.sides[from].endpoint.poll_event() {
                self.sides[from].events.push(event);
            }
            while let Some(Transmit { flow, bytes }) = self.sides[from].endpoint.poll_transmit() {
                self.check(from, &flow, &bytes);
                let text = String::from_utf8_lossy(&bytes).into_owned();
                let line = text.lines().next().unwrap_or_default().to_owned();
                self.sides[from].sent.push((self.now - self.start, line));
                if let Some((_, left)) =
                    self.to_drop.iter_mut().find(|(filter, left)| *left > 0 && filter(&text))
                {
                    *left -= 1;
                    continue;
                }
                if self.roll(self.weather.loss_percent) {
                    continue;
                }
                let copies = if self.roll(self.weather.copy_percent) { 2 } else { 1 };
                for _ in 0..copies {
                    let jitter = self.random() % (self.weather.jitter_ms + 1);
                    self.order += 1;
                    self.wire.push(Travelling {
                        at: self.now + LATENCY + Duration::from_millis(jitter),
                        order: self.order,
                        to: 1 - from,
                        flow: Flow { transport: flow.transport, local: flow.remote, remote: flow.local },
                        bytes: bytes.clone(),
                    });
                }
            }
        }
    }

    /// What is true of every message: it reads back, and a glance tells the shard that must take it.
    fn check(&self, from: usize, flow: &Flow, bytes: &Bytes) {
        let message = Message::parse(bytes.clone()).unwrap_or_else(|why| panic!("{why}: {bytes:?}"));
        assert_eq!(flow.remote, self.sides[1 - from].address, "sent along the flow");
        let there = self.sides[1 - from].mark;
        let expected = if message.is_request() { message.to_tag().map(|_| there) } else { Some(there) };
        assert_eq!(shard_of(bytes), expected, "{bytes:?}");
    }

    /// Lets everything happen that happens within `time`.
    pub(crate) fn run(&mut self, time: Duration) {
        let until = self.now + time;
        for _ in 0..1_000_000 {
            self.collect();
            let arrival = self.wire.iter().map(|packet| packet.at).min();
            let timers = self.sides.iter().filter_map(|side| side.endpoint.next_timer()).min();
            let Some(next) = arrival.into_iter().chain(timers).min().filter(|next| *next <= until) else {
                self.now = until;
                return;
            };
            self.now = self.now.max(next);
            let now = self.now;
            while let Some(at) = self.next_arrival(now) {
                let Travelling { to, flow, bytes, .. } = self.wire.swap_remove(at);
                self.sides[to].endpoint.on_datagram(now, flow, bytes);
            }
            for side in &mut self.sides {
                side.endpoint.on_timer(now);
            }
        }
        panic!("the endpoints never come to rest");
    }

    fn next_arrival(&self, now: Instant) -> Option<usize> {
        let due = self.wire.iter().enumerate().filter(|(_, packet)| packet.at <= now);
        due.min_by_key(|(_, packet)| (packet.at, packet.order)).map(|(at, _)| at)
    }

    pub(crate) fn run_ms(&mut self, ms: u64) {
        self.run(Duration::from_millis(ms));
    }

    pub(crate) fn take_events(&mut self, side: usize) -> Vec<Event> {
        self.collect();
        std::mem::take(&mut self.sides[side].events)
    }

    /// The events of a side, one word each.
    pub(crate) fn story(&mut self, side: usize) -> Vec<String> {
        self.take_events(side).iter().map(word).collect()
    }

    /// Start lines that a side sent and that begin with `start`.
    pub(crate) fn count_sent(&self, side: usize, start: &str) -> usize {
        self.sides[side].sent.iter().filter(|(_, line)| line.starts_with(start)).count()
    }

    pub(crate) fn times_sent(&self, side: usize, start: &str) -> Vec<u128> {
        let lines = self.sides[side].sent.iter().filter(|(_, line)| line.starts_with(start));
        lines.map(|(at, _)| at.as_millis()).collect()
    }

    /// After two minutes nothing may be left: no transaction, no timer.
    pub(crate) fn assert_empty(&mut self) {
        self.run(Duration::from_secs(120));
        for side in &self.sides {
            let stats = side.endpoint.stats();
            assert_eq!((stats.clients, stats.servers), (0, 0), "transactions left");
            assert_eq!(side.endpoint.next_timer(), None, "timers left");
            assert!(side.endpoint.is_idle(), "look-up entries left");
        }
    }
}

pub(crate) fn word(event: &Event) -> String {
    match event {
        Event::Request { message, .. } => message.method().unwrap().to_string(),
        Event::Ack { server: Some(_), .. } => "ACK".into(),
        Event::Ack { server: None, .. } => "stray ACK".into(),
        Event::Cancelled { .. } => "CANCEL".into(),
        Event::Response { message, .. } => message.status().unwrap().to_string(),
        Event::ClientTimeout { .. } => "timeout".into(),
        Event::AckMissing { .. } => "no ACK".into(),
        Event::Malformed { why, .. } => why.to_string(),
    }
}
