//! A network that loses, copies and delays.

use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    fmt::Write,
    net::SocketAddr,
    time::{Duration, Instant},
};

use bytes::Bytes;
use rand::{RngExt, SeedableRng, rngs::StdRng};

pub(super) struct Weather {
    random: StdRng,
    loss: f64,
    copies: f64,
    slowest_ms: u64,
    under_way: BinaryHeap<Reverse<(Instant, u64)>>,
    datagrams: std::collections::HashMap<u64, (SocketAddr, SocketAddr, Bytes)>,
    count: u64,
    start: Instant,
    told: Vec<(Duration, SocketAddr, SocketAddr, Bytes, bool)>,
}

impl Weather {
    pub(super) fn new(random: &mut StdRng, start: Instant) -> Self {
        Self {
            loss: random.random_range(0.0..0.3),
            copies: random.random_range(0.0..0.2),
            slowest_ms: random.random_range(1..400),
            random: StdRng::seed_from_u64(random.random()),
            under_way: BinaryHeap::new(),
            datagrams: Default::default(),
            count: 0,
            start,
            told: Vec::new(),
        }
    }

    pub(super) fn send(&mut self, now: Instant, from: SocketAddr, to: SocketAddr, bytes: Bytes) {
        let lost = self.random.random_bool(self.loss);
        self.told.push((now - self.start, from, to, bytes.clone(), lost));
        if lost {
            return;
        }
        let copies = if self.random.random_bool(self.copies) { 2 } else { 1 };
        for _ in 0..copies {
            let at = now + Duration::from_millis(self.random.random_range(0..=self.slowest_ms));
            self.count += 1;
            self.under_way.push(Reverse((at, self.count)));
            self.datagrams.insert(self.count, (from, to, bytes.clone()));
        }
    }

    pub(super) fn next(&self) -> Option<Instant> {
        self.under_way.peek().map(|Reverse((at, _))| *at)
    }

    pub(super) fn due(&mut self, now: Instant) -> Option<(SocketAddr, SocketAddr, Bytes)> {
        if self.next()? > now {
            return None;
        }
        let Reverse((_, number)) = self.under_way.pop()?;
        self.datagrams.remove(&number)
    }

    /// Everything that was sent, a line each.
    pub(super) fn ladder(&self) -> String {
        let mut out = String::new();
        for (at, from, to, bytes, lost) in &self.told {
            let text = String::from_utf8_lossy(bytes);
            let first = text.lines().next().unwrap_or_default();
            let call = text.lines().find(|line| line.starts_with("Call-ID")).unwrap_or_default();
            let cseq = text.lines().find(|line| line.starts_with("CSeq")).unwrap_or_default();
            let mark = if *lost { "lost" } else { "" };
            let _ = writeln!(
                out,
                "{:>9.3} {} → {} {first} | {call} | {cseq} {mark}",
                at.as_secs_f64(),
                from.port(),
                to.port()
            );
        }
        out
    }
}
