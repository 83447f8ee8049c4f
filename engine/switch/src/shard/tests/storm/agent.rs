//! The user agents at both ends, each call with a plan of its own.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap},
    net::SocketAddr,
    time::Instant,
};

use bytes::Bytes;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use sip::{
    ClientId, Dialog, Endpoint, EndpointConfig, Event, Flow, InviteSpec, Mark, Message, Method, ServerId,
    SipUri, Transmit, build_invite,
};

use super::super::world::*;
use super::between;

/// What the called number asks of the callee; the digit behind 44.
const BEHAVIOURS: u8 = 9;

/// What happens to one call at the caller.
#[derive(Debug)]
pub(super) struct Plan {
    invite: rsip::Request,
    client: Option<ClientId>,
    dialog: Option<Dialog>,
    final_status: Option<u16>,
    bye_sent: bool,
    over: bool,
    reinvite: Option<(ClientId, u32)>,
}

impl Plan {
    pub(super) fn was_answered(&self) -> bool {
        self.dialog.is_some()
    }

    pub(super) fn is_done(&self) -> bool {
        self.over
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Act {
    Invite(usize),
    Cancel(String),
    Hold(String),
    Bye(String),
}

/// The side that calls.
pub(super) struct Caller {
    endpoint: Endpoint,
    random: StdRng,
    agenda: BinaryHeap<Reverse<(Instant, Act)>>,
    pub(super) calls: HashMap<String, Plan>,
    clients: HashMap<ClientId, String>,
}

impl Caller {
    pub(super) fn new(seed: u64, start: Instant, calls: usize) -> Self {
        let mut random = StdRng::seed_from_u64(seed ^ 0xca11);
        let agenda =
            (0..calls).map(|n| Reverse((start + between(&mut random, 0, 20_000), Act::Invite(n)))).collect();
        let endpoint =
            Endpoint::new(EndpointConfig { mark: Mark(100), seed: Some(seed), ..Default::default() });
        Self { endpoint, random, agenda, calls: HashMap::new(), clients: HashMap::new() }
    }

    pub(super) fn next(&self) -> Option<Instant> {
        [self.endpoint.next_timer(), self.agenda.peek().map(|Reverse((at, _))| *at)]
            .into_iter()
            .flatten()
            .min()
    }

    pub(super) fn transmits(&mut self) -> Vec<Transmit> {
        std::iter::from_fn(|| self.endpoint.poll_transmit()).collect()
    }

    pub(super) fn on_datagram(&mut self, now: Instant, way: Flow, bytes: Bytes) {
        self.endpoint.on_datagram(now, way, bytes);
        self.work_off(now);
    }

    pub(super) fn on_timer(&mut self, now: Instant) {
        self.endpoint.on_timer(now);
        self.work_off(now);
        while self.agenda.peek().is_some_and(|Reverse((at, _))| *at <= now) {
            let Some(Reverse((_, act))) = self.agenda.pop() else { break };
            self.act(now, act);
            self.work_off(now);
        }
    }

    fn plan(&mut self, now: Instant, from_ms: u64, to_ms: u64, act: Act) {
        let at = now + between(&mut self.random, from_ms, to_ms);
        self.agenda.push(Reverse((at, act)));
    }

    fn act(&mut self, now: Instant, act: Act) {
        let way = flow(at(CALLER), at(SWITCH));
        match act {
            Act::Invite(number) => {
                let called = format!("44{}{number:06}", self.random.random_range(0..BEHAVIOURS));
                let delayed_offer = self.random.random_bool(0.15);
                let invite = build_invite(
                    &mut self.endpoint,
                    &InviteSpec {
                        uri: SipUri::sip(&called, "127.0.0.1", Some(5060)),
                        from_display: None,
                        from_user: "4930123".into(),
                        from_host: CALLER.into(),
                        to_user: called,
                        to_host: SWITCH.into(),
                        contact: format!("<sip:{CALLER}>"),
                        max_forwards: 70,
                        headers: Vec::new(),
                        body: (!delayed_offer).then(|| ("application/sdp".into(), SDP.into())),
                    },
                );
                let call_id = sip::find_header(&invite.headers, "Call-ID").unwrap_or_default().to_owned();
                let client = self.endpoint.request(now, way, invite.clone());
                self.clients.insert(client, call_id.clone());
                if self.random.random_bool(0.25) {
                    self.plan(now, 0, 4_000, Act::Cancel(call_id.clone()));
                }
                let plan = Plan {
                    invite,
                    client: Some(client),
                    dialog: None,
                    final_status: None,
                    bye_sent: false,
                    over: false,
                    reinvite: None,
                };
                self.calls.insert(call_id, plan);
            }
            Act::Cancel(call_id) => {
                if let Some(client) = self.calls[&call_id].client {
                    self.endpoint.cancel(now, client);
                }
            }
            Act::Hold(call_id) => {
                let Some(plan) = self.calls.get_mut(&call_id).filter(|plan| !plan.bye_sent && !plan.over)
                else {
                    return;
                };
                let Some(dialog) = &mut plan.dialog else { return };
                let mut request = dialog.request(rsip::Method::Invite);
                request.headers.push(sip::make_header("Content-Type", "application/sdp"));
                request.body = SDP.into();
                let client = self.endpoint.request(now, way, request);
                plan.reinvite = Some((client, dialog.local_cseq));
                self.clients.insert(client, call_id);
            }
            Act::Bye(call_id) => {
                let Some(plan) = self.calls.get_mut(&call_id).filter(|plan| !plan.bye_sent && !plan.over)
                else {
                    return;
                };
                let Some(dialog) = &mut plan.dialog else { return };
                plan.bye_sent = true;
                plan.over = true;
                let bye = dialog.request(rsip::Method::Bye);
                self.endpoint.request(now, way, bye);
            }
        }
    }

    fn work_off(&mut self, now: Instant) {
        while let Some(event) = self.endpoint.poll_event() {
            match event {
                Event::Response { client, message, .. } => self.on_response(now, client, &message),
                Event::ClientTimeout { client } => {
                    let Some(call_id) = self.clients.get(&client) else { continue };
                    let plan = self.calls.get_mut(call_id).expect("a plan for each client");
                    if plan.client == Some(client) {
                        plan.over = true;
                    }
                }
                Event::Request { server, message, .. } => self.on_request(now, server, &message),
                _ => {}
            }
        }
    }

    fn on_response(&mut self, now: Instant, client: ClientId, response: &Message) {
        let Some(call_id) = self.clients.get(&client).cloned() else { return };
        let plan = self.calls.get_mut(&call_id).expect("a plan for each client");
        let (code, way) = (response.status().unwrap_or(0), flow(at(CALLER), at(SWITCH)));
        if code < 200 {
            return;
        }
        if let Some((reinvite, cseq)) = plan.reinvite.filter(|(reinvite, _)| *reinvite == client) {
            if code < 300
                && let Some(dialog) = &plan.dialog
            {
                self.endpoint.acknowledge(now, reinvite, way, dialog.ack(cseq));
            }
            return;
        }
        assert!(plan.final_status.is_none() || code >= 200, "a second final answer");
        plan.final_status = Some(code);
        if code >= 300 {
            plan.over = true;
            return;
        }
        let dialog = Dialog::uac(&plan.invite, response, way).expect("a dialog by the switch's 200");
        let mut ack = dialog.ack(1);
        if plan.invite.body.is_empty() {
            ack.headers.push(sip::make_header("Content-Type", "application/sdp"));
            ack.body = SDP.into();
        }
        self.endpoint.acknowledge(now, client, way, ack);
        plan.dialog = Some(dialog);
        if self.random.random_bool(0.3) {
            self.plan(now, 0, 5_000, Act::Hold(call_id.clone()));
        }
        self.plan(now, 100, 90_000, Act::Bye(call_id));
    }

    fn on_request(&mut self, now: Instant, server: ServerId, request: &Message) {
        let plan = self.calls.get_mut(request.call_id());
        let known = plan.is_some();
        let mut body = None;
        if let Some(plan) = plan {
            match request.method() {
                Some(Method::Bye) => plan.over = true,
                Some(Method::Invite) if plan.over => {}
                Some(Method::Invite) => body = Some(SDP),
                _ => {}
            }
        }
        let mut response = sip::reply(request, if known { 200 } else { 481 }, None, None);
        response.headers.push(sip::make_header("Contact", format!("<sip:{CALLER}>")));
        if let Some(body) = body {
            response.headers.push(sip::make_header("Content-Type", "application/sdp"));
            response.body = body.into();
        }
        self.endpoint.respond(now, server, response);
    }
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Deed {
    Respond(u64, u16, bool),
    Bye(u64),
    Hold(u64),
}

struct Called {
    server: ServerId,
    invite: Message,
    tag: String,
    dialog: Option<Dialog>,
    over: bool,
}

/// A side that is called.
pub(super) struct Callee {
    address: &'static str,
    endpoint: Endpoint,
    random: StdRng,
    agenda: BinaryHeap<Reverse<(Instant, Deed)>>,
    calls: HashMap<u64, Called>,
    count: u64,
    reinvites: HashMap<ClientId, (u64, u32)>,
}

impl Callee {
    pub(super) fn new(seed: u64, address: &'static str) -> Self {
        let number = at(address).port();
        Self {
            address,
            endpoint: Endpoint::new(EndpointConfig {
                mark: Mark((number % 100) as u8 + 100),
                seed: Some(seed ^ u64::from(number)),
                ..Default::default()
            }),
            random: StdRng::seed_from_u64(seed ^ u64::from(number) << 16),
            agenda: BinaryHeap::new(),
            calls: HashMap::new(),
            count: 0,
            reinvites: HashMap::new(),
        }
    }

    pub(super) fn is_at(&self, address: SocketAddr) -> bool {
        at(self.address) == address
    }

    pub(super) fn next(&self) -> Option<Instant> {
        [self.endpoint.next_timer(), self.agenda.peek().map(|Reverse((at, _))| *at)]
            .into_iter()
            .flatten()
            .min()
    }

    pub(super) fn transmits(&mut self) -> Vec<Transmit> {
        std::iter::from_fn(|| self.endpoint.poll_transmit()).collect()
    }

    pub(super) fn assert_done(&self) {
        for called in self.calls.values() {
            assert!(called.over, "{} is not over for the callee", called.invite.call_id());
        }
    }

    pub(super) fn on_datagram(&mut self, now: Instant, way: Flow, bytes: Bytes) {
        self.endpoint.on_datagram(now, way, bytes);
        self.work_off(now);
    }

    pub(super) fn on_timer(&mut self, now: Instant) {
        self.endpoint.on_timer(now);
        self.work_off(now);
        while self.agenda.peek().is_some_and(|Reverse((at, _))| *at <= now) {
            let Some(Reverse((_, deed))) = self.agenda.pop() else { break };
            self.act(now, deed);
            self.work_off(now);
        }
    }

    fn plan(&mut self, now: Instant, from_ms: u64, to_ms: u64, deed: Deed) {
        let at = now + between(&mut self.random, from_ms, to_ms);
        self.agenda.push(Reverse((at, deed)));
    }

    fn act(&mut self, now: Instant, deed: Deed) {
        let way = flow(at(self.address), at(SWITCH));
        match deed {
            Deed::Respond(number, code, body) => {
                let Some(called) = self.calls.get_mut(&number).filter(|called| !called.over) else { return };
                let mut response = sip::reply(&called.invite, code, None, Some(&called.tag));
                response.headers.push(sip::make_header("Contact", format!("<sip:{}>", self.address)));
                if body {
                    response.headers.push(sip::make_header("Content-Type", "application/sdp"));
                    response.body = SDP.into();
                }
                if (200..300).contains(&code) {
                    called.dialog =
                        Dialog::uas(&called.invite, &called.tag, way, &format!("<sip:{}>", self.address))
                            .ok();
                } else if code >= 300 {
                    called.over = true;
                }
                let server = called.server;
                self.endpoint.respond(now, server, response);
            }
            Deed::Bye(number) => {
                let Some(called) = self.calls.get_mut(&number).filter(|called| !called.over) else { return };
                if let Some(dialog) = &mut called.dialog {
                    called.over = true;
                    let bye = dialog.request(rsip::Method::Bye);
                    self.endpoint.request(now, way, bye);
                }
            }
            Deed::Hold(number) => {
                let Some(called) = self.calls.get_mut(&number).filter(|called| !called.over) else { return };
                if let Some(dialog) = &mut called.dialog {
                    let mut request = dialog.request(rsip::Method::Invite);
                    request.headers.push(sip::make_header("Content-Type", "application/sdp"));
                    request.body = SDP.into();
                    let cseq = dialog.local_cseq;
                    let client = self.endpoint.request(now, way, request);
                    self.reinvites.insert(client, (number, cseq));
                }
            }
        }
    }

    fn work_off(&mut self, now: Instant) {
        let way = flow(at(self.address), at(SWITCH));
        while let Some(event) = self.endpoint.poll_event() {
            match event {
                Event::Request { server, message, .. } => self.on_request(now, server, message),
                Event::Cancelled { server, .. } => {
                    let found = self
                        .calls
                        .values_mut()
                        .find(|called| called.server == server && called.dialog.is_none());
                    if let Some(called) = found {
                        called.over = true;
                        let response = sip::reply(&called.invite, 487, None, Some(&called.tag));
                        self.endpoint.respond(now, server, response);
                    }
                }
                // RFC 3261 §13.3.1.4: the callee ends what nobody acknowledges.
                Event::AckMissing { server } => {
                    let found = self
                        .calls
                        .iter()
                        .find(|(_, called)| called.server == server)
                        .map(|(number, _)| *number);
                    if let Some(number) = found {
                        self.act(now, Deed::Bye(number));
                    }
                }
                Event::Response { client, message, .. } => {
                    let code = message.status().unwrap_or(0);
                    if let Some((number, cseq)) =
                        self.reinvites.get(&client).copied().filter(|_| (200..300).contains(&code))
                    {
                        let dialog = self.calls[&number].dialog.as_ref().expect("a re-INVITE has a dialog");
                        self.endpoint.acknowledge(now, client, way, dialog.ack(cseq));
                    }
                }
                _ => {}
            }
        }
    }

    fn on_request(&mut self, now: Instant, server: ServerId, request: Message) {
        if request.to_tag().is_some() {
            return self.on_inside(now, server, &request);
        }
        self.count += 1;
        let number = self.count;
        let behaviour = request.request_uri().as_bytes().get("sip:44".len()).map_or(0, |digit| digit - b'0');
        let offered = !request.body().is_empty();
        let tag = self.endpoint.new_tag();
        self.calls.insert(number, Called { server, invite: request, tag, dialog: None, over: false });
        let first = self.address == VENDOR;
        match behaviour {
            0 | 1 => {
                self.plan(now, 0, 500, Deed::Respond(number, 180, false));
                self.plan(now, 500, 5_000, Deed::Respond(number, 200, true));
            }
            2 => self.plan(now, 0, 3_000, Deed::Respond(number, 486, false)),
            3 if first => self.plan(now, 0, 3_000, Deed::Respond(number, 503, false)),
            4 => {
                self.plan(now, 0, 500, Deed::Respond(number, 183, offered));
                self.plan(now, 500, 8_000, Deed::Respond(number, 200, true));
            }
            // Rings until the caller cancels or the switch gives up. When every 180 was lost no CANCEL may come (RFC 3261
            // §9.1), and the callee itself ends it, as phones do.
            5 => {
                self.plan(now, 0, 500, Deed::Respond(number, 180, false));
                self.plan(now, 180_000, 180_000, Deed::Respond(number, 480, false));
            }
            6 => {
                self.plan(now, 0, 1_000, Deed::Respond(number, 200, true));
                self.plan(now, 2_000, 20_000, Deed::Bye(number));
            }
            7 => {
                self.plan(now, 0, 1_000, Deed::Respond(number, 200, true));
                self.plan(now, 1_500, 6_000, Deed::Hold(number));
                self.plan(now, 8_000, 40_000, Deed::Bye(number));
            }
            // At once, so that everything crosses everything.
            _ => self.plan(now, 0, 0, Deed::Respond(number, 200, true)),
        }
    }

    fn on_inside(&mut self, now: Instant, server: ServerId, request: &Message) {
        let found = self.calls.values_mut().find(|called| request.to_tag() == Some(called.tag.as_str()));
        let over = found.as_ref().is_none_or(|called| called.over);
        let bye = request.method() == Some(&Method::Bye);
        if let Some(called) = found
            && bye
        {
            called.over = true;
        }
        let mut response = sip::reply(request, if over && !bye { 481 } else { 200 }, None, None);
        response.headers.push(sip::make_header("Contact", format!("<sip:{}>", self.address)));
        if !bye && !over {
            response.headers.push(sip::make_header("Content-Type", "application/sdp"));
            response.body = SDP.into();
        }
        self.endpoint.respond(now, server, response);
    }
}
