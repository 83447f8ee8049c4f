use std::net::{SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

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

/// Changes that the worker has not seen yet. A later one replaces an earlier one, so they never pile up.
#[derive(Debug, Default)]
pub(super) struct Orders {
    pub(super) socket: Option<UdpSocket>,
    pub(super) action: Option<FlowAction>,
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

impl Counters {
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

    pub(super) fn show_latched(&self, source: Option<SocketAddr>) {
        *self.latched.lock().unwrap_or_else(PoisonError::into_inner) = source;
    }

    pub(super) fn stats(&self, epoch: Instant) -> FlowStats {
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
