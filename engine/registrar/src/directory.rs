//! The phones of one configuration, by number.

use std::net::SocketAddr;
use std::sync::Arc;

use arc_swap::{ArcSwapOption, Guard};
use domain::{
    Configuration, MappingGatewayId, Phone, PhoneId, PhoneKeys, PhoneMode, PhoneNumber, PhoneSettings,
};
use hashbrown::HashMap;

use crate::bindings::Bindings;
use crate::door::Replay;
use crate::policy::{Policy, Terms};

/// Everything that a configuration says about phones; never changed once it is in use.
#[derive(Default)]
pub(crate) struct Directory {
    pub(crate) policy: Policy,
    pub(crate) lines: Vec<Arc<Line>>,
    by_number: HashMap<PhoneNumber, u32>,
    by_id: HashMap<PhoneId, u32>,
    by_address: HashMap<SocketAddr, u32>,
    trunks: HashMap<Box<str>, Arc<Trunk>>,
}

/// A customer's trunk that is known by its password (REG-1).
pub(crate) struct Trunk {
    pub(crate) id: MappingGatewayId,
    pub(crate) keys: PhoneKeys,
    /// The same over all configurations.
    pub(crate) replay: Arc<Replay>,
}

/// One phone: what people set, and where it is registered.
pub struct Line {
    phone: Phone,
    pub(crate) keys: Option<PhoneKeys>,
    pub(crate) terms: Terms,
    /// The same over all configurations, as long as the phone keeps its number.
    pub(crate) state: Arc<State>,
}

#[derive(Default)]
pub(crate) struct State {
    pub(crate) bindings: ArcSwapOption<Bindings>,
    pub(crate) replay: Replay,
}

impl Line {
    /// Its key.
    pub fn id(&self) -> PhoneId {
        self.phone.id
    }

    /// What people set.
    pub fn settings(&self) -> &PhoneSettings {
        &self.phone.settings
    }

    /// Where it is registered at this moment, what has run out included.
    pub(crate) fn bindings(&self) -> Guard<Option<Arc<Bindings>>> {
        self.state.bindings.load()
    }
}

impl Directory {
    /// The phones of a configuration, with what `before` knew of them. Gives also those that lost their registrations, because
    /// they have another number now or do not register any more.
    pub(crate) fn build(configuration: &Configuration, before: &Self) -> (Self, Vec<Arc<Line>>) {
        let system = &configuration.parameters;
        let mut directory = Self { policy: Policy::of(system), ..Self::default() };
        let mut moved = Vec::new();
        for phone in &configuration.phones {
            let known = before.of(phone.id);
            let same = |line: &&Arc<Line>| {
                let (was, is) = (line.settings(), &phone.settings);
                was.number == is.number && matches!(is.mode, PhoneMode::Dynamic)
            };
            let kept = known.filter(same).map(|line| Arc::clone(&line.state));
            let lost = kept.is_none()
                && known.is_some_and(|line| line.bindings().as_ref().is_some_and(|b| !b.is_empty()));
            let line = Arc::new(Line {
                keys: configuration.phone_keys.get(&phone.id).cloned(),
                terms: Terms::of(&system.overlay(&phone.settings.overrides)),
                state: kept.unwrap_or_default(),
                phone: phone.clone(),
            });
            if lost {
                moved.push(Arc::clone(&line));
            }
            directory.add(line);
        }
        for gateway in configuration.mapping_gateways.iter().filter(|gateway| gateway.settings.enabled) {
            let keys = configuration.mapping_gateway_keys.get(&gateway.id);
            let Some((user, keys)) = gateway.settings.user.as_ref().zip(keys) else { continue };
            let known = before.trunk(user.as_str()).filter(|known| known.id == gateway.id);
            let replay = known.map(|known| Arc::clone(&known.replay)).unwrap_or_default();
            let trunk = Trunk { id: gateway.id, keys: keys.clone(), replay };
            directory.trunks.insert(user.as_str().into(), Arc::new(trunk));
        }
        (directory, moved)
    }

    fn add(&mut self, line: Arc<Line>) {
        let at = u32::try_from(self.lines.len()).expect("phones are fewer than 2^32");
        let settings = line.settings();
        self.by_number.insert(settings.number.clone(), at);
        self.by_id.insert(line.id(), at);
        if let (PhoneMode::Static(address), true) = (settings.mode, settings.enabled) {
            self.by_address.insert(address, at);
        }
        self.lines.push(line);
    }

    /// The trunk with this user.
    pub(crate) fn trunk(&self, user: &str) -> Option<&Arc<Trunk>> {
        self.trunks.get(user)
    }

    /// Whether nobody at all has a password or a fixed address.
    pub(crate) fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.trunks.is_empty()
    }

    /// The phone of a number, disabled ones too.
    pub(crate) fn numbered(&self, number: &str) -> Option<&Arc<Line>> {
        self.by_number.get(number).map(|at| &self.lines[*at as usize])
    }

    pub(crate) fn of(&self, id: PhoneId) -> Option<&Arc<Line>> {
        self.by_id.get(&id).map(|at| &self.lines[*at as usize])
    }

    /// The phone whose fixed address this is.
    pub(crate) fn fixed_at(&self, address: SocketAddr) -> Option<&Arc<Line>> {
        let address = SocketAddr::new(address.ip().to_canonical(), address.port());
        self.by_address.get(&address).map(|at| &self.lines[*at as usize])
    }
}
