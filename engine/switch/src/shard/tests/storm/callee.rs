//! The sides that are called: what one does is decided by the number.

use std::{collections::HashMap, net::SocketAddr, time::Instant};

use bytes::Bytes;
use rand::{SeedableRng, rngs::StdRng};
use sip::{
    ClientId, Dialog, Endpoint, EndpointConfig, Event, Flow, HeaderName, Mark, Message, Method, ServerId,
    Transmit,
};

use super::super::world::*;
use super::{
    agenda::Agenda,
    between,
    caller::{Heard, note, said, word},
};

/// What the called number asks of the callee: the two digits behind 44.
pub(super) const BEHAVIOURS: u8 = 13;

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Deed {
    Respond(u64, u16, bool),
    /// A reliable 183 with a description, where the caller's side knows them; else a plain one.
    Confirmed(u64),
    /// A 18x of another phone behind the same gateway.
    Other(u64, u16, bool),
    Bye(u64),
    Hold(u64),
    Say(u64, &'static str),
}

struct Called {
    server: ServerId,
    invite: Message,
    tag: String,
    early: Option<Dialog>,
    dialog: Option<Dialog>,
    over: bool,
}

/// A side that is called.
pub(super) struct Callee {
    address: &'static str,
    endpoint: Endpoint,
    random: StdRng,
    agenda: Agenda<Deed>,
    calls: HashMap<u64, Called>,
    count: u64,
    reinvites: HashMap<ClientId, (u64, u32)>,
    /// Requests that came within dialogs, by method.
    pub(super) heard: Heard,
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
            agenda: Agenda::new([]),
            calls: HashMap::new(),
            count: 0,
            reinvites: HashMap::new(),
            heard: Heard::new(),
        }
    }

    pub(super) fn is_at(&self, address: SocketAddr) -> bool {
        at(self.address) == address
    }

    pub(super) fn next(&self) -> Option<Instant> {
        [self.endpoint.next_timer(), self.agenda.next()].into_iter().flatten().min()
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
        while let Some(deed) = self.agenda.take(now) {
            self.act(now, deed);
            self.work_off(now);
        }
    }

    fn plan(&mut self, now: Instant, from_ms: u64, to_ms: u64, deed: Deed) {
        let at = now + between(&mut self.random, from_ms, to_ms);
        self.agenda.add(at, deed);
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
                if (300..400).contains(&code) {
                    sip::replace_header(
                        &mut response.headers,
                        "Contact",
                        format!("<sip:44@{SECOND_VENDOR}>"),
                    );
                }
                if (200..300).contains(&code) {
                    let contact = format!("<sip:{}>", self.address);
                    let early = called.early.take();
                    called.dialog =
                        early.or_else(|| Dialog::uas(&called.invite, &called.tag, way, &contact).ok());
                } else if code >= 300 {
                    called.over = true;
                }
                let server = called.server;
                self.endpoint.respond(now, server, response);
            }
            Deed::Confirmed(number) => {
                let Some(called) = self.calls.get_mut(&number).filter(|called| !called.over) else { return };
                let contact = format!("<sip:{}>", self.address);
                let mut response = sip::reply(&called.invite, 183, None, Some(&called.tag));
                response.headers.push(sip::make_header("Contact", contact.as_str()));
                response.headers.push(sip::make_header("Content-Type", "application/sdp"));
                response.body = SDP.into();
                let known = called.invite.list(HeaderName::Supported).any(|option| option == "100rel");
                if known {
                    called.early = Dialog::uas(&called.invite, &called.tag, way, &contact).ok();
                    self.endpoint.respond_reliably(now, called.server, response);
                } else {
                    self.endpoint.respond(now, called.server, response);
                }
            }
            Deed::Other(number, code, body) => {
                let Some(called) = self.calls.get_mut(&number).filter(|called| !called.over) else { return };
                let mut response = sip::reply(&called.invite, code, None, Some(&format!("{}x", called.tag)));
                response.headers.push(sip::make_header("Contact", format!("<sip:{}>", self.address)));
                if body {
                    response.headers.push(sip::make_header("Content-Type", "application/sdp"));
                    response.body = SDP.into();
                }
                self.endpoint.respond(now, called.server, response);
            }
            Deed::Say(number, word) => {
                let Some(called) = self.calls.get_mut(&number).filter(|called| !called.over) else { return };
                if let Some(dialog) = called.dialog.as_mut().or(called.early.as_mut()) {
                    let request = said(dialog, word);
                    self.endpoint.request(now, way, request);
                }
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
                    let Some(number) = found else { continue };
                    // Or a reliable 18x was never confirmed (RFC 3262 §3).
                    match self.calls[&number].dialog {
                        Some(_) => self.act(now, Deed::Bye(number)),
                        None => self.act(now, Deed::Respond(number, 504, false)),
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
        let behaviour =
            request.request_uri().get("sip:44".len()..).and_then(|uri| uri.get(..2)?.parse::<u8>().ok());
        let offered = !request.body().is_empty();
        let tag = self.endpoint.new_tag();
        self.calls
            .insert(number, Called { server, invite: request, tag, early: None, dialog: None, over: false });
        let first = self.address == VENDOR;
        match behaviour.unwrap_or(0) {
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
            8 => {
                self.plan(now, 0, 500, Deed::Confirmed(number));
                let word = word(&mut self.random);
                self.plan(now, 300, 4_000, Deed::Say(number, word));
                self.plan(now, 500, 6_000, Deed::Respond(number, 200, true));
            }
            9 => {
                self.plan(now, 0, 500, Deed::Respond(number, 180, false));
                self.plan(now, 0, 1_000, Deed::Other(number, 180, false));
                self.plan(now, 0, 2_000, Deed::Other(number, 183, offered));
                self.plan(now, 1_000, 6_000, Deed::Respond(number, 200, true));
            }
            10 if first => self.plan(now, 0, 2_000, Deed::Respond(number, 302, false)),
            11 => {
                self.plan(now, 0, 1_000, Deed::Respond(number, 200, true));
                for _ in 0..3 {
                    let word = word(&mut self.random);
                    self.plan(now, 1_000, 9_000, Deed::Say(number, word));
                }
                self.plan(now, 2_000, 9_000, Deed::Hold(number));
            }
            // At once, so that everything crosses everything.
            _ => self.plan(now, 0, 0, Deed::Respond(number, 200, true)),
        }
    }

    fn on_inside(&mut self, now: Instant, server: ServerId, request: &Message) {
        note(&mut self.heard, request);
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
        let offers = request.method() == Some(&Method::Invite)
            || (request.method() == Some(&Method::Update) && !request.body().is_empty());
        if offers && !over {
            response.headers.push(sip::make_header("Content-Type", "application/sdp"));
            response.body = SDP.into();
        }
        self.endpoint.respond(now, server, response);
    }
}
