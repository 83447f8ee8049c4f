//! The side that calls, each call with a plan of its own.

use std::{
    collections::{BTreeMap, HashMap},
    time::Instant,
};

use bytes::Bytes;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use sip::{
    ClientId, Dialog, Endpoint, EndpointConfig, Event, Flow, InviteSpec, Mark, Message, Method, RSeq,
    ServerId, SipUri, Transmit, build_invite,
};

use super::super::world::*;
use super::{agenda::Agenda, between, callee::BEHAVIOURS};

/// What happens to one call at the caller.
#[derive(Debug)]
pub(super) struct Plan {
    invite: rsip::Request,
    client: Option<ClientId>,
    /// Opened by a reliable 18x.
    early: Option<Dialog>,
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
    /// INFO, MESSAGE or UPDATE, before or after the answer.
    Say(String, &'static str),
    Bye(String),
}

/// What may be said within a dialog beside a re-INVITE.
pub(super) fn word(random: &mut StdRng) -> &'static str {
    ["INFO", "MESSAGE", "UPDATE"][random.random_range(0..3)]
}

/// Such a request.
pub(super) fn said(dialog: &mut Dialog, word: &str) -> rsip::Request {
    let method = match word {
        "INFO" => rsip::Method::Info,
        "MESSAGE" => rsip::Method::Message,
        _ => rsip::Method::Update,
    };
    let mut request = dialog.request(method);
    if method == rsip::Method::Update {
        request.headers.push(sip::make_header("Content-Type", "application/sdp"));
        request.body = SDP.into();
    }
    request
}

/// The side that calls.
pub(super) struct Caller {
    endpoint: Endpoint,
    random: StdRng,
    agenda: Agenda<Act>,
    pub(super) calls: HashMap<String, Plan>,
    clients: HashMap<ClientId, String>,
    /// Requests that came within dialogs, by method.
    pub(super) heard: Heard,
}

/// How many requests came, by method.
pub(super) type Heard = BTreeMap<String, usize>;

pub(super) fn note(heard: &mut Heard, request: &Message) {
    if let Some(method) = request.method() {
        *heard.entry(method.as_str().to_owned()).or_default() += 1;
    }
}

impl Caller {
    pub(super) fn new(seed: u64, start: Instant, calls: usize) -> Self {
        let mut random = StdRng::seed_from_u64(seed ^ 0xca11);
        let agenda =
            Agenda::new((0..calls).map(|n| (start + between(&mut random, 0, 20_000), Act::Invite(n))));
        let endpoint =
            Endpoint::new(EndpointConfig { mark: Mark(100), seed: Some(seed), ..Default::default() });
        Self { endpoint, random, agenda, calls: HashMap::new(), clients: HashMap::new(), heard: Heard::new() }
    }

    pub(super) fn next(&self) -> Option<Instant> {
        [self.endpoint.next_timer(), self.agenda.next()].into_iter().flatten().min()
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
        while let Some(act) = self.agenda.take(now) {
            self.act(now, act);
            self.work_off(now);
        }
    }

    fn plan(&mut self, now: Instant, from_ms: u64, to_ms: u64, act: Act) {
        let at = now + between(&mut self.random, from_ms, to_ms);
        self.agenda.add(at, act);
    }

    fn act(&mut self, now: Instant, act: Act) {
        let way = flow(at(CALLER), at(SWITCH));
        match act {
            Act::Invite(number) => {
                let called = format!("44{:02}{number:06}", self.random.random_range(0..BEHAVIOURS));
                let delayed_offer = self.random.random_bool(0.15);
                let reliable = self.random.random_bool(0.4);
                let timer = self.random.random_bool(0.5);
                let known = [("100rel", reliable), ("timer", timer)].into_iter().filter(|(_, has)| *has);
                let invite = build_invite(
                    &mut self.endpoint,
                    &InviteSpec {
                        uri: SipUri::sip(&called, "127.0.0.1", Some(5060)),
                        from_display: None,
                        from_user: "4930123".into(),
                        from_host: CALLER.into(),
                        to_user: called,
                        to_host: SWITCH.into(),
                        user_phone: false,
                        contact: format!("<sip:{CALLER}>"),
                        max_forwards: 70,
                        headers: known.map(|(option, _)| ("Supported".into(), option.into())).collect(),
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
                    early: None,
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
            Act::Say(call_id, word) => {
                let Some(plan) = self.calls.get_mut(&call_id).filter(|plan| !plan.bye_sent && !plan.over)
                else {
                    return;
                };
                if let Some(dialog) = plan.dialog.as_mut().or(plan.early.as_mut()) {
                    let request = said(dialog, word);
                    self.endpoint.request(now, way, request);
                }
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
                Event::Response { client, message, rseq: Some(rseq), .. } => {
                    self.confirm(now, client, &message, rseq);
                }
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

    /// A reliable 18x.
    fn confirm(&mut self, now: Instant, client: ClientId, response: &Message, rseq: RSeq) {
        let way = flow(at(CALLER), at(SWITCH));
        let Some(call_id) = self.clients.get(&client).cloned() else { return };
        let plan = self.calls.get_mut(&call_id).expect("a plan for each client");
        if plan.early.is_none() {
            plan.early = Dialog::uac(&plan.invite, response, way).ok();
        }
        let Some(dialog) = &mut plan.early else { return };
        let prack = dialog.prack(rseq, 1, Method::Invite);
        self.endpoint.request(now, way, prack);
        if self.random.random_bool(0.5) {
            let word = word(&mut self.random);
            self.plan(now, 0, 3_000, Act::Say(call_id, word));
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
        let dialog = match plan.early.take() {
            Some(mut dialog) => {
                dialog.confirm(response, true).expect("the switch's Contact");
                dialog
            }
            None => Dialog::uac(&plan.invite, response, way).expect("a dialog by the switch's 200"),
        };
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
        if self.random.random_bool(0.3) {
            let word = word(&mut self.random);
            self.plan(now, 0, 5_000, Act::Say(call_id.clone(), word));
        }
        self.plan(now, 100, 200_000, Act::Bye(call_id));
    }

    fn on_request(&mut self, now: Instant, server: ServerId, request: &Message) {
        note(&mut self.heard, request);
        let plan = self.calls.get_mut(request.call_id());
        let known = plan.is_some();
        let mut body = None;
        if let Some(plan) = plan {
            match request.method() {
                Some(Method::Bye) => plan.over = true,
                Some(Method::Invite | Method::Update) if plan.over => {}
                Some(Method::Invite) => body = Some(SDP),
                Some(Method::Update) if !request.body().is_empty() => body = Some(SDP),
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
