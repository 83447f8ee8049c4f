//! Registrations of ours at other servers, on the first shard (REG-6, REG-7).
//!
//! [`registrar::outbound`] decides what is sent and when; here it gets a transaction, an address and the time.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use domain::{Configuration, Happened, OutboundState, OutboundView, RegistrationId};
use hashbrown::HashMap;
use registrar::outbound::{Registration, RegistrationState, Registrations, Sending};
use sip::{Flow, Message, SipUri, Transport};

use crate::call::{ClientOf, Desk, Moment, Output};

/// How often a changed configuration is looked for; the watch itself does not know this shard.
const LOOK_EVERY: Duration = Duration::from_secs(1);

pub(crate) struct Outbound {
    registrations: Registrations,
    taken_up: Arc<Configuration>,
    /// Times of the registrations are since this.
    origin: Instant,
    next_look: Instant,
    /// Requests whose server's name is being looked up.
    locating: HashMap<u64, Sending>,
    /// Requests that wait for an answer.
    trying: HashMap<u64, Try>,
    /// What others were told of each.
    told: HashMap<RegistrationId, bool>,
    stopping: bool,
}

/// A request at one of its server's places.
struct Try {
    sending: Sending,
    place: SocketAddr,
    /// Where to go when nobody is there (RFC 3263 §4.3).
    others: VecDeque<SocketAddr>,
}

impl Outbound {
    pub(crate) fn new(now: Instant) -> Self {
        Self {
            registrations: Registrations::default(),
            taken_up: Arc::default(),
            origin: now,
            next_look: now,
            locating: HashMap::new(),
            trying: HashMap::new(),
            told: HashMap::new(),
            stopping: false,
        }
    }

    pub(crate) fn next_timer(&self) -> Instant {
        let due = self.registrations.deadline().map(|due| self.origin + due);
        due.map_or(self.next_look, |due| due.min(self.next_look))
    }

    pub(crate) fn on_timer(&mut self, desk: &mut Desk, now: Moment) {
        if self.stopping {
            self.next_look = now.after(LOOK_EVERY);
            return;
        }
        if self.next_look <= now.steady {
            self.next_look = now.after(LOOK_EVERY);
            self.take_up(desk, now);
        }
        let due = self.registrations.on_timer(self.elapsed(now));
        self.send_all(desk, now, due);
    }

    fn take_up(&mut self, desk: &mut Desk, now: Moment) {
        let current = desk.environment.outbound.load_full();
        if Arc::ptr_eq(&current, &self.taken_up) {
            return;
        }
        let here = desk.environment.listeners.first().local;
        let elapsed = self.elapsed(now);
        let cancelled = self.registrations.configure(elapsed, &current, here, &mut rand::rng());
        self.told.retain(|id, _| current.registrations.iter().any(|one| one.id == *id));
        self.taken_up = current;
        self.send_all(desk, now, cancelled);
    }

    fn send_all(&mut self, desk: &mut Desk, now: Moment, sendings: Vec<Sending>) {
        for sending in sendings {
            match sending.next_hop.socket_addr() {
                Some(address) => self.send(desk, now, sending, VecDeque::from([address])),
                None => {
                    desk.outputs.push_back(Output::Locate(sending.key, sending.next_hop.clone()));
                    self.locating.insert(sending.key, sending);
                }
            }
        }
    }

    /// To the first of these places that we have a way to.
    fn send(&mut self, desk: &mut Desk, now: Moment, sending: Sending, mut places: VecDeque<SocketAddr>) {
        let transport = transport_of(&sending.next_hop);
        while let Some(place) = places.pop_front() {
            let Some(listener) = desk.environment.listeners.towards(transport, place, None) else { continue };
            let flow = Flow { transport, local: listener.local, remote: place };
            let client = desk.endpoint.request(now.steady, flow, sending.request.clone());
            desk.clients.insert(client, ClientOf::Register(sending.key));
            self.trying.insert(sending.key, Try { sending, place, others: places });
            return;
        }
        self.fail(desk, now, sending.key);
    }

    /// The places of a server that had a name, in the order in which to try them; none when it has none.
    pub(crate) fn on_located(&mut self, desk: &mut Desk, now: Moment, key: u64, places: Vec<SocketAddr>) {
        if let Some(sending) = self.locating.remove(&key) {
            self.send(desk, now, sending, places.into());
        }
    }

    /// A final answer.
    pub(crate) fn on_response(&mut self, desk: &mut Desk, now: Moment, key: u64, response: &Message) {
        if response.status() == Some(503) && self.goes_on(desk, now, key) {
            return;
        }
        let elapsed = self.elapsed(now);
        let again = self.registrations.on_response(elapsed, key, response, &mut rand::rng());
        self.tell(desk, now, key);
        if let (Some(next), Some(Try { place, mut others, .. })) = (again, self.trying.remove(&key)) {
            // What answers a challenge goes to who made it: another place would not know the nonce.
            others.push_front(place);
            self.send(desk, now, next, others);
        }
    }

    pub(crate) fn on_timeout(&mut self, desk: &mut Desk, now: Moment, key: u64) {
        if !self.goes_on(desk, now, key) {
            self.registrations.on_timeout(self.elapsed(now), key);
            self.tell(desk, now, key);
        }
    }

    pub(crate) fn on_unreachable(&mut self, desk: &mut Desk, now: Moment, key: u64) {
        if !self.goes_on(desk, now, key) {
            self.fail(desk, now, key);
        }
    }

    /// No place of the server can be reached.
    fn fail(&mut self, desk: &Desk, now: Moment, key: u64) {
        self.registrations.on_unreachable(self.elapsed(now), key);
        self.tell(desk, now, key);
    }

    /// Turns from the place that was asked to the next one of the server; `false` when there is none.
    fn goes_on(&mut self, desk: &mut Desk, now: Moment, key: u64) -> bool {
        let Some(Try { sending, others, .. }) =
            self.trying.remove(&key).filter(|asked| !asked.others.is_empty())
        else {
            return false;
        };
        self.send(desk, now, sending, others);
        true
    }

    /// Tells others when the other server has begun to know us, or does not any more.
    fn tell(&mut self, desk: &Desk, now: Moment, key: u64) {
        let Some((id, registration)) = self.registrations.of(key) else { return };
        let (up, reason) = match registration.state() {
            RegistrationState::Registered { .. } => (true, None),
            RegistrationState::Waiting { why } => (false, Some(why.to_string())),
            _ => return,
        };
        if self.told.insert(id, up) != Some(up) {
            let name = registration.plan().settings.name.to_string();
            desk.environment.tell(now, Happened::Registration { registration: id, name, up, reason });
        }
    }

    /// Begins to cancel all of them.
    pub(crate) fn stop(&mut self, desk: &mut Desk, now: Moment) {
        self.stopping = true;
        let cancelled = self.registrations.stop(self.elapsed(now));
        self.send_all(desk, now, cancelled);
    }

    pub(crate) fn is_idle(&self) -> bool {
        self.registrations.is_idle()
    }

    /// Tries one at once, whatever it waits for; `false` when there is none with this id.
    pub(crate) fn hurry(&mut self, now: Moment, id: RegistrationId) -> bool {
        self.registrations.hurry(self.elapsed(now), id)
    }

    /// Where each of them stands.
    pub(crate) fn view(&self, now: Moment) -> Vec<OutboundView> {
        let date = |at: Duration| {
            now.wall + chrono::TimeDelta::from_std(at).unwrap_or_default()
                - chrono::TimeDelta::from_std(self.elapsed(now)).unwrap_or_default()
        };
        let view = |(id, registration): (RegistrationId, &Registration)| OutboundView {
            id,
            state: match registration.state() {
                RegistrationState::Idle => OutboundState::Idle,
                RegistrationState::Asking => OutboundState::Asking,
                RegistrationState::Registered { until } => OutboundState::Registered { until: date(*until) },
                RegistrationState::Waiting { why } => OutboundState::Waiting { why: why.to_string() },
                RegistrationState::Cancelling | RegistrationState::Gone => OutboundState::Cancelling,
            },
            next: registration.deadline().map(date),
            last_failure: registration.last_failure().map(ToString::to_string),
        };
        self.registrations.all().map(view).collect()
    }

    fn elapsed(&self, now: Moment) -> Duration {
        now.steady.saturating_duration_since(self.origin)
    }
}

fn transport_of(uri: &SipUri) -> Transport {
    let tcp = uri.params.get("transport").is_some_and(|word| word.eq_ignore_ascii_case("tcp"));
    if tcp { Transport::Tcp } else { Transport::Udp }
}
