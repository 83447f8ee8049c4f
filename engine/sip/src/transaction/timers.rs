//! The base times of RFC 3261 §17.1.1.1 and what follows from them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::flow::Transport;

/// Base times; all timers derive from them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Timers {
    /// Estimated round trip; the first retransmission comes after it. Default 500 ms.
    pub t1: Duration,
    /// Longest interval between retransmissions. Default 4 s.
    pub t2: Duration,
    /// How long a message may live in the network. Default 5 s.
    pub t4: Duration,
}

impl Default for Timers {
    fn default() -> Self {
        Self { t1: Duration::from_millis(500), t2: Duration::from_secs(4), t4: Duration::from_secs(5) }
    }
}

/// The timers of one transaction on one transport.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    timers: Timers,
    reliable: bool,
}

impl Pace {
    pub(crate) fn new(timers: Timers, transport: Transport) -> Self {
        Self { timers, reliable: transport.is_reliable() }
    }

    /// 64·T1, the life of a transaction: B, F, H, L, M.
    pub(crate) fn life(&self) -> Duration {
        self.timers.t1 * 64
    }

    /// D and J: how long to answer retransmissions; nothing is repeated on a reliable transport.
    pub(crate) fn linger(&self) -> Duration {
        if self.reliable { Duration::ZERO } else { self.life() }
    }

    /// I and K: how long stray copies may still arrive.
    pub(crate) fn drain(&self) -> Duration {
        if self.reliable { Duration::ZERO } else { self.timers.t4 }
    }

    /// A, E and G, which only run without a reliable transport.
    pub(crate) fn backoff(&self, now: Instant, cap: Option<Duration>) -> Option<Backoff> {
        (!self.reliable).then(|| Backoff::new(now, self.timers.t1, cap))
    }

    /// The 2xx of an INVITE, repeated on every transport: later hops may be unreliable (RFC 3261 §13.3.1.4).
    pub(crate) fn success_backoff(&self, now: Instant) -> Backoff {
        Backoff::new(now, self.timers.t1, Some(self.timers.t2))
    }

    /// A reliable provisional response, repeated on every transport without a cap (RFC 3262 §3).
    pub(crate) fn endless_backoff(&self, now: Instant) -> Backoff {
        Backoff::new(now, self.timers.t1, None)
    }

    /// E once a provisional response came.
    pub(crate) fn slow_backoff(&self, now: Instant) -> Option<Backoff> {
        (!self.reliable).then(|| Backoff::new(now, self.timers.t2, Some(self.timers.t2)))
    }

    pub(crate) fn cap(&self) -> Option<Duration> {
        Some(self.timers.t2)
    }
}

/// A retransmission timer that doubles.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Backoff {
    pub(crate) at: Instant,
    interval: Duration,
    cap: Option<Duration>,
}

impl Backoff {
    fn new(now: Instant, interval: Duration, cap: Option<Duration>) -> Self {
        Self { at: now + interval, interval, cap }
    }

    pub(crate) fn is_due(&self, now: Instant) -> bool {
        now >= self.at
    }

    /// Does not fire before `until`.
    pub(crate) fn put_off(&mut self, until: Instant) {
        self.at = until;
    }

    /// Sets the next one, counted from `now`: a late timer does not fire in a burst.
    pub(crate) fn advance(&mut self, now: Instant) {
        self.interval = self.cap.map_or(self.interval * 2, |cap| cap.min(self.interval * 2));
        self.at = now + self.interval;
    }
}

/// When an INVITE is sent again.
#[derive(Debug, Clone)]
pub(crate) enum Resends {
    /// As RFC 3261 §17.1.1.2 has it.
    Doubling(Backoff),
    /// After the times of a list and then no more (`SS_SIP_RESEND_INTERVAL`).
    Listed { at: Instant, waits: Arc<[Duration]>, next: usize },
}

impl Resends {
    /// None when the list is empty.
    pub(crate) fn listed(now: Instant, waits: Arc<[Duration]>) -> Option<Self> {
        let at = now + *waits.first()?;
        Some(Self::Listed { at, waits, next: 1 })
    }

    pub(crate) fn at(&self) -> Instant {
        match self {
            Self::Doubling(backoff) => backoff.at,
            Self::Listed { at, .. } => *at,
        }
    }

    /// Sets the next one; `false` when there is none.
    pub(crate) fn advance(&mut self, now: Instant) -> bool {
        match self {
            Self::Doubling(backoff) => {
                backoff.advance(now);
                true
            }
            Self::Listed { at, waits, next } => match waits.get(*next) {
                Some(wait) => {
                    *at = now + *wait;
                    *next += 1;
                    true
                }
                None => false,
            },
        }
    }
}

/// The earlier of a retransmission and a limit.
pub(crate) fn sooner(backoff: Option<&Backoff>, limit: Instant) -> Instant {
    backoff.map_or(limit, |backoff| backoff.at.min(limit))
}
