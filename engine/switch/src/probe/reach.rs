//! Which vendors' gateways are there: written by the first shard, read by every call.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use arc_swap::ArcSwap;
use domain::{GatewayStatus, RoutingGatewayId};
use hashbrown::HashMap;

/// What the check has found of each gateway.
#[derive(Default)]
pub(crate) struct Reach {
    signs: ArcSwap<HashMap<RoutingGatewayId, Arc<Sign>>>,
}

/// Of one gateway.
pub(super) struct Sign {
    /// Calls pass it over.
    away: AtomicBool,
    /// A call had no answer from it: it is to be asked at once.
    doubted: AtomicBool,
    status: ArcSwap<GatewayStatus>,
}

impl Sign {
    pub(super) fn new(status: GatewayStatus) -> Self {
        Self {
            away: AtomicBool::new(status.state.is_away()),
            doubted: AtomicBool::default(),
            status: ArcSwap::from_pointee(status),
        }
    }

    pub(super) fn status(&self) -> Arc<GatewayStatus> {
        self.status.load_full()
    }

    pub(super) fn set(&self, status: GatewayStatus) {
        self.away.store(status.state.is_away(), Ordering::Relaxed);
        self.status.store(Arc::new(status));
    }

    pub(super) fn take_doubt(&self) -> bool {
        self.doubted.load(Ordering::Relaxed) && self.doubted.swap(false, Ordering::Relaxed)
    }
}

impl Reach {
    /// Whether calls pass this gateway over, because it answered before and does not now.
    pub(crate) fn is_away(&self, gateway: RoutingGatewayId) -> bool {
        self.signs.load().get(&gateway).is_some_and(|sign| sign.away.load(Ordering::Relaxed))
    }

    /// Has a gateway asked at once: a call had no answer from it.
    pub(crate) fn doubt(&self, gateway: RoutingGatewayId) {
        if let Some(sign) = self.signs.load().get(&gateway) {
            sign.doubted.store(true, Ordering::Relaxed);
        }
    }

    /// Where every gateway in use stands, by id.
    pub(crate) fn view(&self) -> Vec<GatewayStatus> {
        let signs = self.signs.load();
        let mut all: Vec<GatewayStatus> = signs.values().map(|sign| (*sign.status()).clone()).collect();
        all.sort_by_key(|status| status.gateway);
        all
    }

    pub(super) fn enter(&self, signs: HashMap<RoutingGatewayId, Arc<Sign>>) {
        self.signs.store(Arc::new(signs));
    }
}
