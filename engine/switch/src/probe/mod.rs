//! Asks vendors' gateways by OPTIONS whether they are there (RTE-12, OPS-3; RFC 3261 §11), on the first shard.
//!
//! | state | the check finds | becomes |
//! |---|---|---|
//! | any | an answer other than 503 | online |
//! | any | 503 from every place that answers | unavailable |
//! | waiting, silent | nobody answers (Timer F) | silent |
//! | online, unavailable, offline | nobody answers (Timer F) | offline |
//! | any | the check is switched off | unchecked |
//!
//! A gateway that is known by name is asked at its places one after the other, as a call would try them. Silence counts only
//! against a gateway that has answered since the start: many never answer OPTIONS and take calls all the same.

mod check;
mod reach;

use std::{
    collections::BTreeSet,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use domain::{GatewayTransport, RoutingGateway, RoutingGatewayId};
use hashbrown::HashMap;
use rand::RngExt;
use routing::Tables;
use sip::{Flow, InviteSpec, Method, SipUri, Transport};

pub(crate) use self::reach::Reach;
use self::{
    check::{Check, Found},
    reach::Sign,
};
use crate::{
    call::{ClientOf, Desk, Moment},
    places::Place,
    rules::RuleBook,
};

/// How often changed gateways, and those that calls complain of, are looked for.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Between the first checks of two gateways: thousands of them are not asked in one moment.
const APART: Duration = Duration::from_millis(12);
/// Questions that may wait for their answers; others wait for their turn.
const MOST_ASKED: usize = 2000;
/// A gateway that calls complain of is asked at once, but not more often than this.
const SOONEST: Duration = Duration::from_secs(5);

/// All checks.
pub(crate) struct Probes {
    checks: HashMap<RoutingGatewayId, Check>,
    agenda: BTreeSet<(Instant, RoutingGatewayId)>,
    /// Questions on their way, by key.
    asked: HashMap<u64, Asked>,
    next_key: u64,
    next_look: Instant,
    taken_up: Option<(Arc<Tables>, Arc<RuleBook>)>,
}

/// A question on its way.
struct Asked {
    gateway: RoutingGatewayId,
    /// Which of its places.
    place: usize,
    at: Instant,
    /// Another place has answered 503.
    refused: bool,
}

impl Probes {
    pub(crate) fn new(now: Instant) -> Self {
        Self {
            checks: HashMap::new(),
            agenda: BTreeSet::new(),
            asked: HashMap::new(),
            next_key: 0,
            next_look: now,
            taken_up: None,
        }
    }

    pub(crate) fn next_timer(&self) -> Instant {
        self.agenda.first().map_or(self.next_look, |(due, _)| self.next_look.min(*due))
    }

    /// Questions that wait for an answer: nothing that a stop would wait for.
    pub(crate) fn on_their_way(&self) -> usize {
        self.asked.len()
    }

    pub(crate) fn on_timer(&mut self, desk: &mut Desk, now: Moment) {
        if self.next_look <= now.steady {
            self.next_look = now.after(LOOK_EVERY);
            self.take_up(desk, now);
            self.heed_doubts(now);
        }
        while let Some((due, gateway)) = self.agenda.first().copied().filter(|(due, _)| *due <= now.steady) {
            if self.asked.len() >= MOST_ASKED {
                return self.postpone(now);
            }
            self.agenda.remove(&(due, gateway));
            self.ask(desk, now, gateway, 0, false);
        }
    }

    /// Everything that is due waits a moment more.
    fn postpone(&mut self, now: Moment) {
        let due: Vec<_> = self.agenda.iter().copied().take_while(|(due, _)| *due <= now.steady).collect();
        for (place, (was, gateway)) in (1u32..).zip(due) {
            self.agenda.remove(&(was, gateway));
            self.schedule(gateway, now.after(LOOK_EVERY + APART * place));
        }
    }

    fn schedule(&mut self, gateway: RoutingGatewayId, due: Instant) {
        if let Some(check) = self.checks.get_mut(&gateway) {
            if let Some(before) = check.due.replace(due) {
                self.agenda.remove(&(before, gateway));
            }
            self.agenda.insert((due, gateway));
        }
    }

    /// Takes up changed gateways and periods. A gateway with another address begins anew.
    fn take_up(&mut self, desk: &Desk, now: Moment) {
        let environment = &desk.environment;
        let (tables, book) = (environment.tables.load_full(), environment.rules.load_full());
        if let Some((known, read)) = &self.taken_up
            && Arc::ptr_eq(known, &tables)
            && Arc::ptr_eq(read, &book)
        {
            return;
        }
        let mut gateways: Vec<&Arc<RoutingGateway>> = tables.routing_gateways().collect();
        gateways.sort_by_key(|gateway| gateway.id);
        let mut before = std::mem::take(&mut self.checks);
        let mut fresh = 0;
        for gateway in gateways {
            let period = book.of_callee(gateway.id).options_period;
            let known = before.remove(&gateway.id).filter(|check| check.is_about(gateway));
            let is_new = known.as_ref().is_none_or(|check| check.period.is_none());
            let mut check = known.unwrap_or_else(|| Check::new(gateway.clone(), now));
            check.take_up(gateway.clone(), period, now);
            self.checks.insert(gateway.id, check);
            match period {
                None => self.forget_turn(gateway.id),
                Some(_) if is_new => {
                    self.schedule(gateway.id, now.after(APART * fresh));
                    fresh += 1;
                }
                Some(period) => self.bring_forward(gateway.id, now.after(period)),
            }
        }
        let checks = &self.checks;
        self.asked
            .retain(|key, asked| checks.get(&asked.gateway).is_some_and(|check| check.asking == Some(*key)));
        self.agenda.retain(|(_, gateway)| checks.contains_key(gateway));
        environment.reach.enter(checks.iter().map(|(id, check)| (*id, check.sign.clone())).collect());
        self.taken_up = Some((tables, book));
    }

    fn forget_turn(&mut self, gateway: RoutingGatewayId) {
        if let Some(due) = self.checks.get_mut(&gateway).and_then(|check| check.due.take()) {
            self.agenda.remove(&(due, gateway));
        }
    }

    fn bring_forward(&mut self, gateway: RoutingGatewayId, to: Instant) {
        if self.checks.get(&gateway).and_then(|check| check.due).is_some_and(|due| due > to) {
            self.schedule(gateway, to);
        }
    }

    fn heed_doubts(&mut self, now: Moment) {
        let doubted = self.checks.iter().filter(|(_, check)| {
            let doubted = check.sign.take_doubt();
            doubted && check.asked_at.is_none_or(|at| at + SOONEST <= now.steady)
        });
        let doubted: Vec<_> = doubted.map(|(id, _)| *id).collect();
        for gateway in doubted {
            self.bring_forward(gateway, now.steady);
        }
    }

    /// Asks a gateway at one of its places, or concludes when there is no further one.
    fn ask(&mut self, desk: &mut Desk, now: Moment, id: RoutingGatewayId, place: usize, refused: bool) {
        let Some(check) = self.checks.get_mut(&id) else { return };
        check.due = None;
        let Some(flow) = way(desk, &check.gateway, place) else {
            if place == 0 {
                check.flow = None;
            }
            let found = if refused { Found::Refusal } else { Found::Nobody };
            return self.conclude(desk, now, id, found);
        };
        let key = self.next_key;
        self.next_key += 1;
        (check.asking, check.asked_at, check.flow) = (Some(key), Some(now.steady), Some(flow));
        let request = options(desk, &check.gateway, &flow);
        self.asked.insert(key, Asked { gateway: id, place, at: now.steady, refused });
        let client = desk.endpoint.request(now.steady, flow, request);
        desk.clients.insert(client, ClientOf::Probe(key));
    }

    /// A final answer.
    pub(crate) fn on_response(&mut self, desk: &mut Desk, now: Moment, key: u64, code: u16) {
        let Some(asked) = self.take(key) else { return };
        if code == 503 {
            return self.ask(desk, now, asked.gateway, asked.place + 1, true);
        }
        let found = Found::Answer { code, round_trip: now.steady.saturating_duration_since(asked.at) };
        self.conclude(desk, now, asked.gateway, found);
    }

    /// Nobody answered, or there was no connection to be had: the next place, if the gateway has one.
    pub(crate) fn on_silence(&mut self, desk: &mut Desk, now: Moment, key: u64) {
        let Some(asked) = self.take(key) else { return };
        self.ask(desk, now, asked.gateway, asked.place + 1, asked.refused);
    }

    fn take(&mut self, key: u64) -> Option<Asked> {
        let asked = self.asked.remove(&key)?;
        let check = self.checks.get_mut(&asked.gateway).filter(|check| check.asking == Some(key))?;
        check.asking = None;
        Some(asked)
    }

    fn conclude(&mut self, desk: &mut Desk, now: Moment, id: RoutingGatewayId, found: Found) {
        let Some(check) = self.checks.get_mut(&id) else { return };
        if let Some(happened) = check.conclude(now, found) {
            desk.environment.tell(now, happened);
        }
        if check.sign.status().state.is_away() && check.gateway.settings.address.name().is_some() {
            desk.environment.places.complain();
        }
        if let Some(period) = check.period {
            // One tenth to either side, so that those which were asked together drift apart.
            let next = period.mul_f64(rand::rng().random_range(0.9..=1.1));
            self.schedule(id, now.after(next));
        }
    }
}

/// How OPTIONS travels to a place of a gateway: as a short call would.
fn way(desk: &Desk, gateway: &RoutingGateway, place: usize) -> Option<Flow> {
    let environment = &desk.environment;
    let (remote, found): (SocketAddr, _) = match environment.places.of(gateway, place)? {
        Place::Written(address) => (address, None),
        Place::Found(destination) => (destination.address, Some(destination.transport)),
    };
    let transport = match gateway.settings.transport {
        GatewayTransport::Auto => found.unwrap_or(Transport::Udp),
        GatewayTransport::Udp => Transport::Udp,
        GatewayTransport::Tcp => Transport::Tcp,
        GatewayTransport::Tls => Transport::Tls,
    };
    let listener = environment.listeners.towards(transport, remote, gateway.settings.local)?;
    Some(Flow { transport, local: listener.local, remote })
}

fn options(desk: &mut Desk, gateway: &RoutingGateway, flow: &Flow) -> rsip::Request {
    let (uri, to_host) = match gateway.settings.address.name() {
        Some(name) => (SipUri::sip("", &name.host, name.port), name.to_string()),
        None => (SipUri::sip("", &host(flow.remote), Some(flow.remote.port())), flow.remote.to_string()),
    };
    let spec = InviteSpec {
        uri,
        from_display: None,
        from_user: String::new(),
        from_host: flow.local.to_string(),
        to_user: String::new(),
        to_host,
        user_phone: false,
        contact: desk.contact(flow).to_owned(),
        max_forwards: 70,
        headers: vec![("Accept".to_owned(), "application/sdp".to_owned())],
        body: None,
    };
    sip::build_request(&mut desk.endpoint, &Method::Options, &spec).expect("OPTIONS is a known method")
}

fn host(address: SocketAddr) -> String {
    match address {
        SocketAddr::V4(four) => four.ip().to_string(),
        SocketAddr::V6(six) => format!("[{}]", six.ip()),
    }
}
