//! Asks the gateways, one after another (RTE-5, decision 16).

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use domain::{Attempt, EndReason, GatewayTransport, ReleaseSide, SipCode};
use media::Side;
use sip::{InviteSpec, SessionAsk, SipUri, Transport, build_invite};

use super::{
    Alarm, Call, ClientOf, Desk, Destination, Moment,
    detour::Detour,
    identity::{extras, show, weight},
    leg::{CalleeLeg, Progress, Tried},
    setup::Refused,
    stage::Stage,
};

/// Methods that we take inside a dialog.
pub(crate) const ALLOW: &str =
    "INVITE, ACK, CANCEL, BYE, PRACK, OPTIONS, INFO, UPDATE, REFER, NOTIFY, MESSAGE";
/// Methods that we take outside of one.
pub(crate) const ALLOW_OUTSIDE: &str = "INVITE, ACK, CANCEL, OPTIONS, REGISTER";

impl Call {
    /// Asks the next gateway that has a free line, or refuses the call when there is none left.
    pub(super) fn dial_next(&mut self, desk: &mut Desk, now: Moment) {
        // What was tried before a phone sent the call on says nothing about where it goes now.
        let before = self.diversions.last().map_or(0, |diversion| diversion.attempts);
        let mut all_busy = self.attempts.len() == before;
        while let Some(target) = self.next_target() {
            match self.dial(desk, now, &target) {
                Ok(leg) => {
                    self.callee = Some(leg);
                    return self.ring_together(desk, now);
                }
                Err(EndReason::AllGatewayBusy) => {}
                Err(reason) => {
                    all_busy = false;
                    self.note_attempt(&target.to, now, None, None, reason);
                }
            }
        }
        let refused = match (self.attempts[before..].last(), self.last_answer) {
            (Some(last), Some(code)) => Refused { reason: last.end_reason, status: code.0 },
            (Some(last), None) => last.end_reason.into(),
            (None, _) if all_busy => EndReason::AllGatewayBusy.into(),
            (None, _) => EndReason::NoAvailableRouter.into(),
        };
        let side = if self.last_answer.is_some() { ReleaseSide::Callee } else { ReleaseSide::Switch };
        match self.divert_after(desk, now, &refused) {
            None => self.refuse(desk, now, refused, side),
            Some(Ok(())) => self.dial_next(desk, now),
            Some(Err(refused)) => self.refuse(desk, now, refused, ReleaseSide::Switch),
        }
    }

    pub(super) fn dial(
        &mut self,
        desk: &mut Desk,
        now: Moment,
        target: &Detour,
    ) -> Result<CalleeLeg, EndReason> {
        let Detour { to, number, place } = target;
        let environment = &desk.environment;
        if to.trunk().is_some_and(|gateway| {
            environment.vendor_pauses.pauses(gateway, now.steady) || environment.reach.is_away(gateway)
        }) {
            return Err(EndReason::AllGatewayBusy);
        }
        let vendor = match to {
            Destination::Trunk(gateway) => {
                let account = self.tables.account(gateway.settings.account).cloned();
                Some(account.ok_or(EndReason::NoAvailableRouter)?)
            }
            Destination::Phone(..) => None,
        };
        let no_line = if to.phone().is_some() { EndReason::CalleeBusy } else { EndReason::AllGatewayBusy };
        // Places that ring together are one call of their phone.
        let line = match &self.callee {
            Some(_) => None,
            None => Some(to.line(&desk.environment).ok_or(no_line)?),
        };
        let rules = to.rules(&self.book);
        let told = to.gateway().map(|gateway| &gateway.settings.identity);
        let caller = self.source.caller(&self.caller.invite, &self.numbers);
        let extras = told.map(|told| extras(&caller, told)).unwrap_or_default();
        let flow = self.way_to(desk, to, *place, weight(&extras)).ok_or(EndReason::GatewayUnreachable)?;
        if let Some(talk) = &mut self.talk {
            talk.meet(Side::Callee, flow.remote.into()).map_err(|_| EndReason::NoMediaPort)?;
            talk.believe(Side::Callee, rules.only_described);
        }
        let offer = self.caller.invite.body().to_vec();
        let body = match &mut self.talk {
            Some(talk) if !offer.is_empty() => {
                let offer = talk.pass(Side::Caller, &offer).map_err(|_| EndReason::MediaRefused)?;
                Some(("application/sdp".to_owned(), offer))
            }
            _ => None,
        };
        let mut headers = vec![("Allow".to_owned(), ALLOW.to_owned())];
        // A reliable 18x to an INVITE without offer would hold one and want its answer before the caller has given any.
        if body.is_some() {
            headers.push(("Supported".to_owned(), "100rel".to_owned()));
        }
        headers.extend(self.forwarding_headers(to, &rules, &flow.local.to_string()));
        let ask = self.next_ask.take().unwrap_or_else(|| SessionAsk::new(&rules.session));
        headers
            .extend(ask.headers().iter().map(sip::name_and_value).map(|(n, v)| (n.to_owned(), v.to_owned())));
        let (us, them) = (flow.local, flow.remote);
        let (mut uri, to_host) = match to {
            Destination::Trunk(gateway) => match gateway.settings.address.name() {
                // Decision 21 of the catalogue: it is called what it is called, wherever its name leads.
                Some(name) => (SipUri::sip(number, &name.host, name.port), name.to_string()),
                None => (SipUri::sip(number, &host(them.ip()), Some(them.port())), them.to_string()),
            },
            Destination::Phone(_, target) => {
                headers.extend(target.routes.iter().map(|route| ("Route".to_owned(), route.clone())));
                (target.uri.clone(), them.to_string())
            }
        };
        let caller = self.source.caller(&self.caller.invite, &self.numbers);
        let shown = show(&caller, told, &self.rules, us);
        if shown.user_phone {
            uri.mark_phone();
        }
        headers.extend(shown.headers);
        headers.extend(extras);
        let dialled = if self.rules.keeps_dialled { &self.numbers.callee_in } else { number };
        let spec = InviteSpec {
            uri,
            from_display: shown.display,
            from_user: shown.user,
            from_host: shown.host,
            to_user: dialled.clone(),
            to_host,
            user_phone: shown.user_phone,
            contact: desk.contact(&flow).to_owned(),
            max_forwards: self.caller.invite.max_forwards().unwrap_or(70).saturating_sub(1),
            headers,
            body,
        };
        let invite = build_invite(&mut desk.endpoint, &spec);
        let client = desk.endpoint.request_again_after(
            now.steady,
            flow,
            invite.clone(),
            Some(rules.resend_waits.clone()),
        );
        desk.clients.insert(client, ClientOf::Dial(self.id));
        let tried = Arc::new(Tried {
            to: to.clone(),
            cost: vendor.as_ref().and_then(|vendor| self.tables.price(vendor, number)),
            vendor,
            call_id: sip::find_header(&invite.headers, "Call-ID").unwrap_or_default().to_owned(),
            number: number.clone(),
            remote: them,
            place: *place,
        });
        self.last_tried = Some(tried.clone());
        desk.recorder.belongs(now.wall, self.id, &tried.call_id);
        let mut leg = CalleeLeg {
            tried,
            heard_before: self.talk.as_ref().map_or(0, |talk| talk.counters().callee_packets),
            rules,
            line,
            client,
            // Who may ask for credentials is sent all of it once more.
            invite: Box::new(if asks_for_credentials(to) { invite } else { only_names(&invite) }),
            flow,
            started: now,
            progress: Progress::Nothing,
            reached: [None; 5],
            deadline: now.steady,
            forks: Vec::new(),
            ask,
            watch: None,
            committed: false,
            challenges: 0,
            post_dial_delay_ms: None,
            dialog: None,
            ack_owed: false,
        };
        if let Some(tag) = leg.tag() {
            desk.tags.insert(tag.to_owned(), (self.id, Side::Callee));
        }
        self.wait_for(desk, now, &mut leg);
        Ok(leg)
    }

    /// The connection to the gateway being asked broke or never came about.
    pub(super) fn attempt_unreachable(&mut self, desk: &mut Desk, now: Moment) {
        let Some(leg) = &self.callee else { return };
        let chosen =
            matches!(&leg.tried.to, Destination::Trunk(g) if g.settings.transport == GatewayTransport::Auto);
        if leg.progress == Progress::Nothing && leg.flow.transport == Transport::Tcp && chosen {
            self.unconnectable = true;
            self.detours.push_front(Detour::again(&leg.tried));
            self.forget_attempt(desk);
            self.callee = None;
            return self.dial_next(desk, now);
        }
        self.attempt_failed(desk, now, None, EndReason::GatewayUnreachable);
    }

    /// Sets the attempt's deadline by how far it has come (SIP-5).
    pub(super) fn wait_for(&mut self, desk: &mut Desk, now: Moment, leg: &mut CalleeLeg) {
        let rules = &leg.rules;
        let reached = *leg.reached[leg.progress as usize].get_or_insert(now.steady);
        let most = match leg.progress {
            Progress::Nothing => rules.invite_timeout,
            Progress::Trying => rules.trying_timeout,
            Progress::Proceeding => rules.progress_timeout,
            Progress::Ringing => rules.ringing_timeout,
            Progress::EarlyMedia => rules.early_media_timeout,
        };
        leg.deadline = reached + most;
        if let Destination::Phone(phone, _) = &leg.tried.to {
            let forwarding = &phone.settings().forwarding;
            let patience = Duration::from_secs(u64::from(forwarding.no_answer_after));
            if forwarding.no_answer.is_some() {
                leg.deadline = leg.deadline.min(leg.started.after(patience));
            }
        }
        let others = self.callee.iter().chain(&self.beside).map(|leg| leg.deadline);
        let first = others.fold(leg.deadline, Instant::min);
        self.set_alarm(desk, first, Alarm::Attempt);
    }

    /// The attempt's time is up, if its deadline has not moved since the alarm was set.
    pub(super) fn attempt_overdue(&mut self, desk: &mut Desk, now: Moment) {
        if !matches!(self.stage, Stage::Dialling | Stage::Ringing) {
            return;
        }
        let Some(client) = self.overdue(now) else { return self.watch_attempts(desk) };
        self.turn_to(client);
        let Some(leg) = &self.callee else { return };
        let reason = match leg.progress {
            Progress::Nothing => EndReason::GatewayTimeout,
            Progress::Trying => EndReason::TryingTimeout,
            Progress::Proceeding => EndReason::ProgressTimeout,
            Progress::Ringing => EndReason::NoAnswer,
            Progress::EarlyMedia => EndReason::EarlyMediaTimeout,
        };
        self.attempt_failed(desk, now, None, reason);
        if matches!(self.stage, Stage::Dialling | Stage::Ringing) {
            self.watch_attempts(desk);
        }
    }

    /// The current attempt has ended without an answer: on to the next gateway, or the end.
    pub(super) fn attempt_failed(
        &mut self,
        desk: &mut Desk,
        now: Moment,
        code: Option<u16>,
        reason: EndReason,
    ) {
        // Who has asked for a new description of this attempt is told before its dialogs are gone.
        self.drop_reoffer(desk, now);
        self.forget_attempt(desk);
        let Some(mut leg) = self.callee.take() else { return };
        let stops = self.stops_at(&leg, code, reason);
        if code.is_none() {
            self.give_up(desk, now, &leg);
        } else {
            desk.clients.remove(&leg.client);
        }
        self.last_answer = code.map(SipCode);
        self.try_other_place(desk, &leg, code, reason);
        self.note_attempt(&leg.tried.to, leg.started, leg.post_dial_delay_ms, self.last_answer, reason);
        if self.rings_on(desk, now, &mut leg, code) {
            return;
        }
        if stops {
            self.route.clear();
        }
        // The line is free again before the next gateway is asked: it may be the same one's.
        drop(leg);
        self.dial_next(desk, now);
    }

    /// What comes in the dialogs of the current attempt finds the call no longer.
    pub(super) fn forget_attempt(&self, desk: &mut Desk) {
        if let Some(tag) = self.callee.as_ref().and_then(CalleeLeg::tag) {
            desk.tags.remove(tag);
        }
    }

    /// Whether the call ends with this failure although other gateways might take it (decision 16).
    fn stops_at(&self, leg: &CalleeLeg, code: Option<u16>, reason: EndReason) -> bool {
        let rules = &leg.rules;
        // Every attempt so far but the first was a switch; this one is not noted yet.
        let switches = u32::try_from(self.attempts.len()).unwrap_or(u32::MAX);
        !rules.switch_until_connect
            || self.rules.switch_limit.is_some_and(|limit| switches >= limit)
            || (leg.committed && rules.stop_after_sdp)
            || (rules.stop_after_rtp && self.was_heard(leg))
            || (rules.stop_after_busy && matches!(code, Some(486 | 600 | 603)))
            || code.is_some_and(|code| rules.stop_codes.contains(&code))
            || (rules.stop_after_invite_timeout && reason == EndReason::GatewayTimeout)
    }

    /// Whether sound has come from this gateway.
    fn was_heard(&self, leg: &CalleeLeg) -> bool {
        self.talk.as_ref().is_some_and(|talk| talk.counters().callee_packets > leg.heard_before)
    }

    /// Cancels an attempt. Its transaction lives on: an answer that crosses the CANCEL is acknowledged and hung up.
    pub(super) fn give_up(&self, desk: &mut Desk, now: Moment, leg: &CalleeLeg) {
        // One that has ended already, by a timeout of its own, will say nothing more.
        if let Some(of) = desk.clients.get_mut(&leg.client) {
            *of = ClientOf::GivenUp(leg.invite.clone(), leg.flow);
            desk.endpoint.cancel(now.steady, leg.client);
        }
    }

    pub(super) fn note_attempt(
        &mut self,
        to: &Destination,
        started: Moment,
        post_dial_delay_ms: Option<i64>,
        sip_code: Option<SipCode>,
        end_reason: EndReason,
    ) {
        self.attempts.push(Attempt {
            gateway: to.trunk(),
            phone: to.phone(),
            gateway_name: to.name(),
            started_at: self.started.wall_at(started.steady),
            post_dial_delay_ms,
            sip_code,
            end_reason,
        });
    }
}

fn asks_for_credentials(to: &Destination) -> bool {
    matches!(to, Destination::Trunk(gateway) if gateway.settings.user.is_some())
}

/// What the dialogs that an INVITE opens take from it; the rest would be kept as long as the call.
fn only_names(invite: &rsip::Request) -> rsip::Request {
    let named = |header: &&rsip::Header| matches!(sip::name_and_value(header).0, "From" | "Contact");
    rsip::Request {
        method: invite.method,
        uri: invite.uri.clone(),
        version: invite.version.clone(),
        headers: invite.headers.iter().filter(named).cloned().collect::<Vec<_>>().into(),
        body: Vec::new(),
    }
}

/// An address as a URI's host.
fn host(ip: std::net::IpAddr) -> String {
    match ip {
        std::net::IpAddr::V4(ip) => ip.to_string(),
        std::net::IpAddr::V6(ip) => format!("[{ip}]"),
    }
}
