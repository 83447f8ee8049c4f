//! What all shards share.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering},
};

use arc_swap::ArcSwap;
use domain::{Configuration, Happened, Happening, MappingGatewayId, PhoneId, RoutingGatewayId};
use media::MediaPlane;
use registrar::Registrar;
use routing::Tables;
use sip::guard::Refused;
use tokio::sync::broadcast;

use crate::{
    account::{Lines, Pauses, Purses},
    call::Moment,
    listener::Listeners,
    places::Places,
    probe::Reach,
    rules::{MOST_CALLS, RuleBook},
};

/// Read by every call and never locked.
pub(crate) struct Environment {
    /// Where far ends reach us, for Contact, Via and From.
    pub(crate) listeners: Listeners,
    /// The configuration of this moment.
    pub(crate) tables: ArcSwap<Tables>,
    pub(crate) purses: Purses,
    pub(crate) customer_lines: Lines<MappingGatewayId>,
    pub(crate) vendor_lines: Lines<RoutingGatewayId>,
    pub(crate) phone_lines: Lines<PhoneId>,
    /// Who phones are and where they are.
    pub(crate) registrar: Registrar,
    /// Registrations of ours elsewhere, as they are configured; nothing else stands in it.
    pub(crate) outbound: ArcSwap<Configuration>,
    pub(crate) vendor_pauses: Pauses<RoutingGatewayId>,
    /// Where the gateways are that are known by name.
    pub(crate) places: Places,
    /// Whether they are there.
    pub(crate) reach: Reach,
    /// Suspensions have begun or ended since they were written down.
    pub(crate) suspensions_changed: AtomicBool,
    /// What others are told of.
    pub(crate) news: broadcast::Sender<Happening>,
    pub(crate) plane: MediaPlane,
    pub(crate) counters: Counters,
    /// The parameters of this moment.
    pub(crate) rules: ArcSwap<RuleBook>,
    /// What was seen lately.
    pub(crate) trace: trace::Trace,
}

/// Events that a slow listener may be behind; it misses those before.
const NEWS_KEPT: usize = 4096;

/// The channel of [`Environment::news`].
pub(crate) fn news() -> broadcast::Sender<Happening> {
    broadcast::Sender::new(NEWS_KEPT)
}

impl Environment {
    /// Tells whoever listens what has happened; never waits for anybody.
    pub(crate) fn tell(&self, now: Moment, what: Happened) {
        // Without anybody listening there is nobody to tell.
        let _ = self.news.send(Happening { at: now.wall, what });
    }
}

/// Counts for people and metrics; each is exact, together they are a moment's picture.
#[derive(Default)]
pub(crate) struct Counters {
    pub(crate) active: AtomicU32,
    pub(crate) calls: AtomicU64,
    pub(crate) answered: AtomicU64,
    pub(crate) unknown_source: AtomicU64,
    pub(crate) malformed: AtomicU64,
    /// Refused unread, by reason.
    pub(crate) refused: [AtomicU64; Refused::ALL.len()],
    /// Calls of the last whole second.
    pub(crate) per_second: AtomicU32,
}

/// One call in the count of active ones; counted out when dropped.
pub(crate) struct Counted(Arc<Environment>);

impl Counted {
    /// Counts a call in, unless the switch has all it may have.
    pub(crate) fn enter(environment: &Arc<Environment>) -> Option<Self> {
        let counters = &environment.counters;
        counters.calls.fetch_add(1, Ordering::Relaxed);
        counters
            .active
            .fetch_update(Ordering::AcqRel, Ordering::Relaxed, |n| (n < MOST_CALLS).then_some(n + 1))
            .ok()
            .map(|_| Self(environment.clone()))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.counters.active.fetch_sub(1, Ordering::AcqRel);
    }
}
