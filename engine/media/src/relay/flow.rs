use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use mio::net::UdpSocket;
use smallvec::SmallVec;

use super::desk::Haste;
use crate::datapath::{FlowAction, FlowId, Stream};
use crate::stats::FlowStats;

/// What the worker of a flow and everybody else share about it.
#[derive(Debug)]
pub(super) struct Flow {
    pub(super) id: FlowId,
    pub(super) worker: usize,
    pub(super) stream: Stream,
    pub(super) counters: Counters,
    /// Written by the worker only when the source changes.
    pub(super) latched: Mutex<Option<SocketAddr>>,
    pub(super) orders: Mutex<Orders>,
}

/// Actions that may wait for their worker in order; beyond, the last is replaced. A worker is woken long before.
const MOST_ACTIONS: usize = 16;

/// Actions that wait before the worker is woken for them.
const FEW_ACTIONS: usize = 4;

/// Changes that the worker has not seen yet.
#[derive(Debug, Default)]
pub(super) struct Orders {
    /// A new socket, known to the worker's epoll.
    pub(super) socket: Option<UdpSocket>,
    /// A new call begins: the latch is closed and the counters are zero before `actions`.
    pub(super) renewed: bool,
    /// Each with the moment it was given, in milliseconds of the plane's clock: a latch counts from then.
    pub(super) actions: SmallVec<[(FlowAction, u64); 1]>,
    pub(super) removed: bool,
    /// Whether the flow lies on its worker's desk.
    pub(super) queued: bool,
}

/// Written by one worker, read by anybody; alone on its cache lines.
#[derive(Debug, Default)]
#[repr(align(128))]
pub(super) struct Counters {
    pub(super) packets_in: Tally,
    pub(super) octets_in: Tally,
    pub(super) packets_out: Tally,
    pub(super) octets_out: Tally,
    pub(super) dropped_source: Tally,
    pub(super) malformed: Tally,
    pub(super) unsent: Tally,
    /// Arrival of the last accepted packet in milliseconds of the plane's clock, plus one; 0 is never.
    last_ms: AtomicU64,
    /// RTP payload type of the last accepted packet, plus one; 0 is none.
    payload_type: AtomicU64,
}

/// A counter with a single writer: no locked instruction per packet.
#[derive(Debug, Default)]
pub(super) struct Tally(AtomicU64);

impl Tally {
    #[inline]
    pub(super) fn add(&self, n: u64) {
        self.0.store(self.0.load(Relaxed).wrapping_add(n), Relaxed);
    }

    fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

impl Orders {
    /// Adds an action; `shown` says that somebody sees a source of this flow which the action may take back.
    pub(super) fn act(&mut self, action: FlowAction, now_ms: u64, shown: bool) -> Haste {
        if self.actions.len() >= MOST_ACTIONS {
            self.actions.pop();
        }
        self.actions.push((action, now_ms));
        let hurry = shown || self.actions.len() >= FEW_ACTIONS;
        if hurry { Haste::Now } else { Haste::BeforeNextPacket }
    }

    /// The call is over; the socket stays.
    pub(super) fn rest(&mut self, now_ms: u64) -> Haste {
        self.actions.clear();
        self.actions.push((FlowAction::Drop, now_ms));
        Haste::BeforeNextPacket
    }

    /// The next call on the same socket.
    pub(super) fn renew(&mut self) -> Haste {
        self.actions.clear();
        self.renewed = true;
        Haste::BeforeNextPacket
    }
}

impl Counters {
    /// Back to zero; only the worker may do this.
    pub(super) fn clear(&self) {
        let tallies = [
            &self.packets_in,
            &self.octets_in,
            &self.packets_out,
            &self.octets_out,
            &self.dropped_source,
            &self.malformed,
            &self.unsent,
        ];
        tallies.into_iter().for_each(|tally| tally.0.store(0, Relaxed));
        self.last_ms.store(0, Relaxed);
        self.payload_type.store(0, Relaxed);
    }

    #[inline]
    pub(super) fn arrived(&self, octets: usize, payload_type: Option<u8>, now_ms: u64) {
        self.packets_in.add(1);
        self.octets_in.add(octets as u64);
        self.last_ms.store(now_ms + 1, Relaxed);
        self.payload_type.store(payload_type.map_or(0, |payload_type| u64::from(payload_type) + 1), Relaxed);
    }

    #[inline]
    pub(super) fn sent(&self, octets: usize) {
        self.packets_out.add(1);
        self.octets_out.add(octets as u64);
    }
}

impl Flow {
    pub(super) fn lock_orders(&self) -> MutexGuard<'_, Orders> {
        self.orders.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes what waits for the worker. A renewed flow is cleared under the lock, so that nobody reads the counts of
    /// the call before.
    pub(super) fn take_orders(&self) -> Orders {
        let mut orders = self.lock_orders();
        if orders.renewed {
            self.counters.clear();
            self.show_latched(None);
        }
        std::mem::take(&mut *orders)
    }

    /// Whether readers see a latched source.
    pub(super) fn shows_latched(&self) -> bool {
        self.latched.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    pub(super) fn show_latched(&self, source: Option<SocketAddr>) {
        *self.latched.lock().unwrap_or_else(PoisonError::into_inner) = source;
    }

    pub(super) fn stats(&self, epoch: Instant) -> FlowStats {
        let orders = self.lock_orders();
        if orders.renewed {
            return FlowStats::default();
        }
        let counters = &self.counters;
        FlowStats {
            packets_in: counters.packets_in.get(),
            octets_in: counters.octets_in.get(),
            packets_out: counters.packets_out.get(),
            octets_out: counters.octets_out.get(),
            dropped_source: counters.dropped_source.get(),
            malformed: counters.malformed.get(),
            unsent: counters.unsent.get(),
            last_packet: counters
                .last_ms
                .load(Relaxed)
                .checked_sub(1)
                .map(|ms| epoch + Duration::from_millis(ms)),
            latched: *self.latched.lock().unwrap_or_else(PoisonError::into_inner),
            payload_type: counters
                .payload_type
                .load(Relaxed)
                .checked_sub(1)
                .and_then(|pt| u8::try_from(pt).ok()),
        }
    }
}
