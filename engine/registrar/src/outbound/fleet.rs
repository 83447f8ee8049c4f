//! All registrations of ours.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use domain::{Configuration, RegistrationId};
use rand::{Rng, RngExt};
use sip::rsip::Request;
use sip::{Message, SipUri};

use super::machine::{Registration, RegistrationState};
use super::request::Plan;

/// Time between the first requests of two registrations: a start asks nobody for everything at once.
const APART: Duration = Duration::from_millis(100);

/// A request to send. Its answer, or that there was none, is told with the same key.
#[derive(Clone, Debug)]
pub struct Sending {
    /// Whose request.
    pub key: u64,
    /// Where it goes, to be located by RFC 3263.
    pub next_hop: SipUri,
    /// The request, without Via.
    pub request: Request,
}

/// Registrations by key. One that is changed is another one: the earlier one is cancelled under its own key while the new one
/// begins.
#[derive(Default)]
pub struct Registrations {
    all: BTreeMap<u64, (RegistrationId, Registration)>,
    next_key: u64,
}

impl Registrations {
    /// Takes up a configuration; cancellations to send. New ones begin soon, one after another.
    pub fn configure(
        &mut self,
        now: Duration,
        configuration: &Configuration,
        address: SocketAddr,
        chance: &mut impl Rng,
    ) -> Vec<Sending> {
        let mut wanted: BTreeMap<RegistrationId, Plan> = configuration
            .registrations
            .iter()
            .filter(|registration| registration.settings.enabled)
            .map(|registration| {
                let password = configuration.registration_passwords.get(&registration.id);
                let plan = Plan::of(&registration.settings, password, &configuration.parameters, address);
                (registration.id, plan)
            })
            .collect();
        let mut sendings = Vec::new();
        for (key, (id, registration)) in &mut self.all {
            if registration.is_ending() {
                continue;
            }
            match wanted.remove(id) {
                // Parameters reach what is sent from now on; other settings make another registration.
                Some(plan) if plan.is_same_registration(registration.plan()) => registration.adopt(now, plan),
                other => {
                    wanted.extend(other.map(|plan| (*id, plan)));
                    let next_hop = registration.plan().next_hop();
                    sendings.extend(registration.stop(now).map(|request| Sending {
                        key: *key,
                        next_hop,
                        request,
                    }));
                }
            }
        }
        for (place, (id, plan)) in (0u32..).zip(wanted) {
            let (call_id, tag) = (word(chance), word(chance));
            let start = now + APART * place;
            self.all.insert(self.next_key, (id, Registration::new(plan, call_id, tag, start)));
            self.next_key += 1;
        }
        self.forget_gone();
        sendings
    }

    /// When [`Self::on_timer`] is to be called.
    pub fn deadline(&self) -> Option<Duration> {
        let ready = self.all.values().filter(|(id, _)| !self.is_being_cancelled(*id));
        ready.filter_map(|(_, registration)| registration.deadline()).min()
    }

    /// Requests whose time has come.
    pub fn on_timer(&mut self, now: Duration) -> Vec<Sending> {
        let held: Vec<_> =
            self.all.values().map(|(id, _)| *id).filter(|id| self.is_being_cancelled(*id)).collect();
        let due = self.all.iter_mut().filter(|(_, (id, _))| !held.contains(id)).filter_map(
            |(key, (_, registration))| {
                let request = registration.on_timer(now)?;
                Some(Sending { key: *key, next_hop: registration.plan().next_hop(), request })
            },
        );
        due.collect()
    }

    /// Whether the earlier registration of the same entry is still on its way out: it may name the same contact, and its
    /// cancellation, coming late, would take the new one with it.
    fn is_being_cancelled(&self, id: RegistrationId) -> bool {
        self.all.values().any(|(other, registration)| *other == id && registration.is_ending())
    }

    /// A final answer; a request to send at once.
    pub fn on_response(
        &mut self,
        now: Duration,
        key: u64,
        message: &Message,
        chance: &mut impl Rng,
    ) -> Option<Sending> {
        let (_, registration) = self.all.get_mut(&key)?;
        let request = registration.on_response(now, message, chance);
        let sending =
            request.map(|request| Sending { key, next_hop: registration.plan().next_hop(), request });
        self.forget_gone();
        sending
    }

    /// Nobody answered.
    pub fn on_timeout(&mut self, now: Duration, key: u64) {
        self.fail(key, |registration| registration.on_timeout(now));
    }

    /// There was no way to send it.
    pub fn on_unreachable(&mut self, now: Duration, key: u64) {
        self.fail(key, |registration| registration.on_unreachable(now));
    }

    fn fail(&mut self, key: u64, how: impl FnOnce(&mut Registration)) {
        if let Some((_, registration)) = self.all.get_mut(&key) {
            how(registration);
        }
        self.forget_gone();
    }

    /// Makes one due now; `false` when there is none with this id that could be.
    pub fn hurry(&mut self, now: Duration, id: RegistrationId) -> bool {
        let mut found = false;
        for (_, registration) in self.all.values_mut().filter(|(known, _)| *known == id) {
            found |= registration.hurry(now);
        }
        found
    }

    /// Everything stops: cancellations to send. Go on handing in answers until [`Self::is_idle`], five seconds at most
    /// (decision 25), then stop the endpoint.
    pub fn stop(&mut self, now: Duration) -> Vec<Sending> {
        let cancelled = self.all.iter_mut().filter_map(|(key, (_, registration))| {
            let request = registration.stop(now)?;
            Some(Sending { key: *key, next_hop: registration.plan().next_hop(), request })
        });
        let sendings = cancelled.collect();
        self.forget_gone();
        sendings
    }

    /// Whether nothing is left to be waited for after [`Self::stop`].
    pub fn is_idle(&self) -> bool {
        self.all.is_empty()
    }

    /// Every registration, for a page: state, next try ([`Registration::deadline`]) and last failure.
    pub fn all(&self) -> impl Iterator<Item = (RegistrationId, &Registration)> {
        self.all.values().map(|(id, registration)| (*id, registration))
    }

    /// One of them by its key.
    pub fn of(&self, key: u64) -> Option<(RegistrationId, &Registration)> {
        self.all.get(&key).map(|(id, registration)| (*id, registration))
    }

    fn forget_gone(&mut self) {
        self.all.retain(|_, (_, registration)| *registration.state() != RegistrationState::Gone);
    }
}

impl Registration {
    fn is_ending(&self) -> bool {
        matches!(self.state(), RegistrationState::Cancelling | RegistrationState::Gone)
    }
}

impl Plan {
    /// Whether the other server sees the same registration; what may differ reaches what is sent from now on.
    fn is_same_registration(&self, other: &Self) -> bool {
        let mut settings = other.settings.clone();
        settings.name.clone_from(&self.settings.name);
        settings.period = self.settings.period;
        settings == self.settings && self.address == other.address
    }
}

fn word(chance: &mut impl Rng) -> String {
    format!("{:016x}{:016x}", chance.random::<u64>(), chance.random::<u64>())
}
