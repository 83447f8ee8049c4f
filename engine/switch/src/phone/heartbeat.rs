//! Datagrams that keep the way to phones behind address translation open (SIP-13, decision 26), from the first shard.

use std::time::Instant;

use bytes::Bytes;
use registrar::Heartbeat as Walk;
use sip::Transmit;

use crate::call::{Desk, Moment};

pub(crate) struct Heartbeat {
    walk: Walk,
    next: Instant,
}

impl Heartbeat {
    pub(crate) fn new(now: Instant) -> Self {
        Self { walk: Walk::default(), next: now }
    }

    pub(crate) fn next_timer(&self) -> Instant {
        self.next
    }

    pub(crate) fn on_timer(&mut self, desk: &mut Desk, now: Moment) {
        if self.next > now.steady {
            return;
        }
        let book = desk.environment.rules.load();
        let epoch = now.since_epoch();
        let (ways, next) = self.walk.burst(epoch, &desk.environment.registrar, &book.heartbeat);
        let bytes = Bytes::copy_from_slice(book.heartbeat.message.as_bytes());
        desk.datagrams.extend(ways.into_iter().map(|flow| Transmit { flow, bytes: bytes.clone() }));
        self.next = now.after(next.saturating_sub(epoch));
    }
}
