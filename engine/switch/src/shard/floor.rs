//! A shard's logic, without I/O: which call an event belongs to.

use std::{
    net::SocketAddr,
    sync::{Arc, atomic::Ordering},
    time::Instant,
};

use bytes::Bytes;
use domain::{CallId, EndReason, LiveCall, OutboundView, RegistrationId};
use hashbrown::HashMap;
use sip::{
    ClientId, Endpoint, EndpointConfig, Event, Flow, Mark, Message, Method, RSeq, ServerId, Timers, Transmit,
};

use sip::guard::{Guard, GuardLimits};

use crate::{
    call::{self, Call, CallEvent, ClientOf, Desk, Moment, Output},
    environment::Environment,
    outbound::Outbound,
    phone::{self, Heartbeat},
    probe::Probes,
};

/// The shard that does what one does for all.
const FIRST: Mark = Mark(0);

/// The calls of one shard.
pub(super) struct Floor {
    pub(super) desk: Desk,
    /// Boxed, because half of a table that has just grown is empty.
    pub(super) calls: HashMap<CallId, Box<Call>>,
    guard: Guard,
    stopping: bool,
    /// What one shard does for all.
    chores: Option<Chores>,
}

struct Chores {
    outbound: Outbound,
    heartbeat: Heartbeat,
    probes: Probes,
}

impl Floor {
    pub(super) fn new(mark: Mark, user_agent: &str, environment: Arc<Environment>) -> Self {
        let endpoint = Endpoint::new(EndpointConfig {
            mark,
            timers: Timers::default(),
            user_agent: user_agent.to_owned(),
            ..EndpointConfig::default()
        });
        Self {
            desk: Desk::new(endpoint, environment),
            calls: HashMap::new(),
            guard: Guard::new(Instant::now(), GuardLimits::default()),
            stopping: false,
            chores: (mark == FIRST).then(|| Chores {
                outbound: Outbound::new(Instant::now()),
                heartbeat: Heartbeat::new(Instant::now()),
                probes: Probes::new(Instant::now()),
            }),
        }
    }

    /// A message, from the network or from another shard that the network gave it to.
    pub(super) fn on_message(&mut self, now: Moment, flow: Flow, bytes: Bytes) {
        self.desk.recorder.received(now.wall, flow, &bytes);
        let environment = &self.desk.environment;
        let trusted =
            environment.tables.load().is_gateway(flow.remote) || environment.places.has(flow.remote.ip());
        if let Err(why) = self.guard.admit(now.steady, flow.remote.ip(), trusted, &bytes) {
            self.desk.environment.counters.refused[why as usize].fetch_add(1, Ordering::Relaxed);
            self.desk.recorder.explain(trace::Fate::Guarded(why));
            return;
        }
        let strays = self.desk.strays();
        self.desk.endpoint.on_datagram(now.steady, flow, bytes);
        self.desk.note_stray(strays);
        self.work_off(now);
        if let Some(source) = self.desk.recognised.take() {
            self.guard.recognise(source);
        }
    }

    /// A connection has broken, or could not be opened: what was asked over it counts as refused (RFC 3261 §8.1.3.1).
    pub(super) fn on_flow_failed(&mut self, now: Moment, flow: Flow) {
        let gone = self.desk.environment.registrar.connection_closed(now.since_epoch(), flow);
        self.desk.outputs.extend(gone.into_iter().map(Output::Phone));
        for client in self.desk.endpoint.on_flow_failed(now.steady, flow) {
            let Some(of) = self.desk.clients.remove(&client) else { continue };
            match (&of, &mut self.chores) {
                (ClientOf::Register(key), Some(chores)) => {
                    chores.outbound.on_unreachable(&mut self.desk, now, *key);
                }
                (ClientOf::Probe(key), Some(chores)) => chores.probes.on_silence(&mut self.desk, now, *key),
                _ => {}
            }
            if let Some(call) = of.call() {
                self.pass(now, call, CallEvent::FlowFailed(client, of));
            }
        }
        for call in self.desk.streams.remove(&flow).into_iter().flatten() {
            if let Some(call) = self.calls.get_mut(&call) {
                call.on_stream_gone();
            }
        }
        self.work_off(now);
    }

    pub(super) fn on_timer(&mut self, now: Moment) {
        self.desk.recorder.settle();
        self.desk.endpoint.on_timer(now.steady);
        self.work_off(now);
        while let Some((at, call)) = self.desk.due(now) {
            self.pass(now, call, CallEvent::Wake(at));
        }
        if let Some(chores) = &mut self.chores {
            chores.outbound.on_timer(&mut self.desk, now);
            chores.heartbeat.on_timer(&mut self.desk, now);
            if !self.stopping {
                chores.probes.on_timer(&mut self.desk, now);
            }
        }
        self.work_off(now);
    }

    pub(super) fn on_recorded(&mut self, now: Moment, call: CallId) {
        self.pass(now, call, CallEvent::Recorded);
    }

    /// Ends one call, named by the key of any of its ways; `false` when it is not here.
    pub(super) fn end(&mut self, now: Moment, call: CallId, reason: EndReason) -> bool {
        let call = if self.calls.contains_key(&call) {
            call
        } else {
            // The way of a forwarded call, which has no index: an operator may wait for the look through all of them.
            let Some(whole) = self.calls.values().find(|one| one.has_way(call)) else { return false };
            whole.id
        };
        self.pass(now, call, CallEvent::End(reason))
    }

    /// Ends every call; new ones are refused from now on.
    pub(super) fn stop(&mut self, now: Moment) {
        self.stopping = true;
        let calls: Vec<CallId> = self.calls.keys().copied().collect();
        for call in calls {
            self.pass(now, call, CallEvent::End(EndReason::SwitchStopped));
        }
        if let Some(chores) = &mut self.chores {
            chores.outbound.stop(&mut self.desk, now);
        }
    }

    /// The places of a server at which we register.
    pub(super) fn on_located(&mut self, now: Moment, key: u64, places: Vec<SocketAddr>) {
        if let Some(chores) = &mut self.chores {
            chores.outbound.on_located(&mut self.desk, now, key, places);
        }
    }

    /// Where the registrations of ours stand; none on shards that have none.
    pub(super) fn registrations(&self, now: Moment) -> Vec<OutboundView> {
        self.chores.as_ref().map(|chores| chores.outbound.view(now)).unwrap_or_default()
    }

    /// Registers at once; `false` when there is no such registration here.
    pub(super) fn register_now(&mut self, now: Moment, id: RegistrationId) -> bool {
        self.chores.as_mut().is_some_and(|chores| chores.outbound.hurry(now, id))
    }

    pub(super) fn list(&self) -> Vec<LiveCall> {
        self.calls.values().flat_map(|call| call.views()).collect()
    }

    /// The next time of calls and their messages.
    pub(super) fn next_of_calls(&self) -> Option<Instant> {
        [self.desk.endpoint.next_timer(), self.desk.next_wake()].into_iter().flatten().min()
    }

    pub(super) fn next_timer(&self) -> Option<Instant> {
        let chores = self.chores.as_ref();
        let probes = |c: &Chores| if self.stopping { None } else { Some(c.probes.next_timer()) };
        let chores = chores.and_then(|c| {
            [Some(c.outbound.next_timer()), Some(c.heartbeat.next_timer()), probes(c)]
                .into_iter()
                .flatten()
                .min()
        });
        [self.next_of_calls(), chores].into_iter().flatten().min()
    }

    pub(super) fn poll_output(&mut self) -> Option<Output> {
        self.desk.outputs.pop_front()
    }

    pub(super) fn poll_transmit(&mut self) -> Option<Transmit> {
        self.desk.endpoint.poll_transmit().or_else(|| self.desk.datagrams.pop_front())
    }

    /// Tells the trace what goes out.
    pub(super) fn note_sent(&mut self, now: Moment, transmit: &Transmit) {
        self.desk.recorder.sent(now.wall, transmit.flow, &transmit.bytes);
    }

    /// What was seen lately.
    pub(super) fn snapshot(&mut self) -> trace::Snapshot {
        self.desk.recorder.snapshot()
    }

    /// Nothing of ours waits for an answer any more.
    pub(super) fn is_quiet(&self) -> bool {
        let probes = self.chores.as_ref().map_or(0, |chores| chores.probes.on_their_way());
        self.is_withdrawn() && self.calls.is_empty() && self.desk.endpoint.stats().clients <= probes
    }

    /// No registration of ours is left to be withdrawn.
    pub(super) fn is_withdrawn(&self) -> bool {
        self.chores.as_ref().is_none_or(|chores| chores.outbound.is_idle())
    }

    fn work_off(&mut self, now: Moment) {
        while let Some(event) = self.desk.endpoint.poll_event() {
            self.on_event(now, event);
        }
    }

    fn on_event(&mut self, now: Moment, event: Event) {
        match event {
            Event::Request { server, flow, message } => self.on_request(now, server, flow, &message),
            Event::Ack { server: Some(server), message, .. } => {
                self.pass_by_server(now, server, CallEvent::Ack(server, &message));
            }
            Event::Ack { server: None, .. } => {}
            Event::Cancelled { server, .. } => {
                self.pass_by_server(now, server, CallEvent::Cancelled(server));
            }
            Event::AckMissing { server } => {
                self.pass_by_server(now, server, CallEvent::AckMissing);
            }
            Event::Response { client, message, rseq, .. } => self.on_response(now, client, &message, rseq),
            Event::ClientTimeout { client } => self.on_timeout(now, client),
            Event::Malformed { why, .. } => {
                self.desk.recorder.explain(trace::Fate::Malformed(why));
                self.desk.environment.counters.malformed.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    fn on_request(&mut self, now: Moment, server: ServerId, flow: Flow, request: &Message) {
        if let Some(tag) = request.to_tag() {
            let found = self.desk.tags.get(tag).copied();
            if let Some((call, media::Side::Caller)) = found
                && let Some(call) = self.calls.get(&call)
            {
                call.rules.answer_along(&mut self.desk.endpoint, server, flow, request);
            }
            let handled = found
                .is_some_and(|(call, side)| self.pass(now, call, CallEvent::Request(side, server, request)));
            if !handled {
                self.answer(now, server, request, 481);
            }
            return;
        }
        match request.method() {
            Some(Method::Register) => phone::register(&mut self.desk, now, server, flow, request),
            Some(Method::Invite) if self.stopping => self.answer(now, server, request, 503),
            Some(Method::Invite) => {
                if let Some(call) = call::receive(&mut self.desk, now, server, flow, request.clone()) {
                    self.calls.insert(call.id, Box::new(call));
                }
            }
            _ if !self.is_known(now, flow, request) => {
                call::refuse_stranger(&mut self.desk, now, server, request);
            }
            Some(Method::Options) => self.answer(now, server, request, 200),
            // What makes sense only within a dialog or subscription that should be here (RFC 3261 §12.2.2, RFC 6665 §4.1.3).
            Some(Method::Bye | Method::Update | Method::Info | Method::Prack | Method::Notify) => {
                self.answer(now, server, request, 481);
            }
            _ => self.answer(now, server, request, 405),
        }
    }

    /// Whether this is from a gateway's address or a phone that is registered there.
    fn is_known(&self, now: Moment, flow: Flow, request: &Message) -> bool {
        let environment = &self.desk.environment;
        environment.tables.load().is_gateway(flow.remote)
            || environment.places.has(flow.remote.ip())
            || environment.registrar.knows(now.since_epoch(), request, flow)
    }

    fn answer(&mut self, now: Moment, server: ServerId, request: &Message, code: u16) {
        let tag = self.desk.endpoint.new_tag();
        let mut response = sip::reply(request, code, None, Some(&tag));
        match code {
            200 => response.headers.push(sip::make_header("Allow", call::ALLOW)),
            405 => response.headers.push(sip::make_header("Allow", call::ALLOW_OUTSIDE)),
            _ => {}
        }
        if code == 503 {
            response.headers.push(sip::make_header("Retry-After", "30"));
        }
        self.desk.endpoint.respond(now.steady, server, response);
    }

    fn on_response(&mut self, now: Moment, client: ClientId, response: &Message, rseq: Option<RSeq>) {
        let Some(of) = self.desk.clients.get(&client).cloned() else { return };
        let code = response.status().unwrap_or(500);
        let call = match &of {
            ClientOf::GivenUp(invite, flow) => {
                if (200..300).contains(&code) {
                    call::refuse_answer(&mut self.desk, now, client, invite, *flow, response);
                }
                if code >= 200 {
                    self.desk.clients.remove(&client);
                }
                return;
            }
            ClientOf::Register(key) => {
                if code >= 200 {
                    self.desk.clients.remove(&client);
                    if let Some(chores) = &mut self.chores {
                        chores.outbound.on_response(&mut self.desk, now, *key, response);
                    }
                }
                return;
            }
            ClientOf::Probe(key) => {
                if code >= 200 {
                    self.desk.clients.remove(&client);
                    if let Some(chores) = &mut self.chores {
                        chores.probes.on_response(&mut self.desk, now, *key, code);
                    }
                }
                return;
            }
            ClientOf::Dial(call) | ClientOf::Reoffer(call) => *call,
            ClientOf::PassedOn(call, ..) | ClientOf::Refresh(call, ..) => {
                if code >= 200 {
                    self.desk.clients.remove(&client);
                }
                *call
            }
        };
        self.pass(now, call, CallEvent::Response(client, of, response, rseq));
    }

    fn on_timeout(&mut self, now: Moment, client: ClientId) {
        let Some(of) = self.desk.clients.remove(&client) else { return };
        match (&of, &mut self.chores) {
            (ClientOf::Register(key), Some(chores)) => chores.outbound.on_timeout(&mut self.desk, now, *key),
            (ClientOf::Probe(key), Some(chores)) => chores.probes.on_silence(&mut self.desk, now, *key),
            _ => {}
        }
        if let Some(call) = of.call() {
            self.pass(now, call, CallEvent::Timeout(client, of));
        }
    }

    fn pass_by_server(&mut self, now: Moment, server: ServerId, event: CallEvent<'_>) {
        if let Some(call) = self.desk.servers.get(&server).copied() {
            self.pass(now, call, event);
        }
    }

    /// Gives an event to its call, and forgets the call when that was its end; `false` when there is no such call.
    fn pass(&mut self, now: Moment, call: CallId, event: CallEvent<'_>) -> bool {
        let Some(found) = self.calls.get_mut(&call) else { return false };
        found.on(&mut self.desk, now, event);
        if found.is_over() {
            self.calls.remove(&call);
        }
        true
    }
}
