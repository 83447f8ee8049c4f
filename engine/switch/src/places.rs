//! Where gateways are that are known by name (SIP-15, decision 21): found in the background, only read by calls.

use std::{
    net::{IpAddr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use arc_swap::ArcSwap;
use domain::{GatewayAddress, RoutingGateway, RoutingGatewayId};
use hashbrown::{HashMap, HashSet};
use sip::locate::Destination;

/// The addresses of the names of this moment.
#[derive(Default)]
pub(crate) struct Places {
    found: ArcSwap<Found>,
    /// A call did not reach a gateway where its name led.
    complaint: AtomicBool,
}

/// What the look-ups have found.
#[derive(Default)]
pub(crate) struct Found {
    of: HashMap<RoutingGatewayId, Whereabouts>,
    addresses: HashSet<IpAddr>,
}

/// Where a name led.
#[derive(Clone, Debug)]
pub(crate) struct Whereabouts {
    /// In the order in which to try them.
    pub(crate) places: Arc<[Destination]>,
    /// The last look-up got no answer: this is what an earlier one found.
    pub(crate) stale: bool,
}

impl Found {
    pub(crate) fn new(of: HashMap<RoutingGatewayId, Whereabouts>) -> Self {
        let places = of.values().flat_map(|found| found.places.iter());
        let addresses = places.map(|place| place.address.ip().to_canonical()).collect();
        Self { of, addresses }
    }
}

/// One place where a gateway may be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Place {
    /// As written; the gateway's transport says how.
    Written(SocketAddr),
    /// As found.
    Found(Destination),
}

impl Places {
    /// The place to try after `tried` others; none when there is no more, or the name has no address.
    pub(crate) fn of(&self, gateway: &RoutingGateway, tried: usize) -> Option<Place> {
        match &gateway.settings.address {
            GatewayAddress::At(address) => (tried == 0).then_some(Place::Written(*address)),
            GatewayAddress::Named(_) => {
                self.found.load().of.get(&gateway.id)?.places.get(tried).copied().map(Place::Found)
            }
        }
    }

    /// Every address of a gateway, as written or as found.
    pub(crate) fn addresses(&self, gateway: &RoutingGateway) -> Vec<SocketAddr> {
        match gateway.settings.address.literal() {
            Some(address) => vec![address],
            None => {
                let found = self.found.load();
                let places = found.of.get(&gateway.id).map(|found| found.places.clone());
                places.iter().flat_map(|places| places.iter()).map(|place| place.address).collect()
            }
        }
    }

    /// Whether a named gateway is at this address.
    pub(crate) fn has(&self, ip: IpAddr) -> bool {
        let found = self.found.load();
        !found.addresses.is_empty() && found.addresses.contains(&ip.to_canonical())
    }

    pub(crate) fn update(&self, found: Found) {
        self.found.store(Arc::new(found));
    }

    /// Has the names looked up again soon: one of them led where nobody answers.
    pub(crate) fn complain(&self) {
        self.complaint.store(true, Ordering::Relaxed);
    }

    /// Whether somebody has complained since the last time.
    pub(crate) fn take_complaint(&self) -> bool {
        self.complaint.swap(false, Ordering::Relaxed)
    }

    /// Where the names of all named gateways in use led.
    pub(crate) fn view(&self) -> Vec<domain::NamedGatewayView> {
        let found = self.found.load();
        let view = |(id, found): (&RoutingGatewayId, &Whereabouts)| domain::NamedGatewayView {
            gateway: *id,
            places: found.places.iter().map(|p| format!("{} {}", p.transport, p.address)).collect(),
            stale: found.stale,
        };
        found.of.iter().map(view).collect()
    }
}
