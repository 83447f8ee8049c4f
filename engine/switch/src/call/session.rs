//! Session timers (RFC 4028), one on each leg: whoever refreshes on one says nothing about the other.

use std::time::Duration;

use domain::EndReason;
use media::Side;
use sip::{
    Agreed, Message, Method, ServerId, SessionAction, SessionAsk, SessionPolicy, SessionTimer, TimerOffer,
    refresh_method, session_headers,
};

use super::{Alarm, Call, ClientOf, Desk, Moment, bridge::way, detour::Detour, leg::Progress, stage::Stage};

/// A refresh that was refused for a moment is tried again after this.
const AGAIN: Duration = Duration::from_secs(3);

/// The session with one side.
pub(crate) struct Watch {
    timer: SessionTimer,
    /// UPDATE where the side takes it, else re-INVITE.
    by: Method,
    /// A refresh of ours is under way.
    asked: Option<SessionAsk>,
}

impl Watch {
    fn new(policy: SessionPolicy, agreed: Agreed, by: Method, now: Moment) -> Self {
        let mut timer = SessionTimer::new(policy, agreed);
        timer.on_established(now.steady);
        Self { timer, by, asked: None }
    }

    /// What a request of ours within the session says.
    pub(super) fn ask(&self, policy: &SessionPolicy) -> SessionAsk {
        SessionAsk::again(&self.timer.agreed(), policy)
    }
}

impl Call {
    pub(super) fn watch_mut(&mut self, side: Side) -> Option<&mut Watch> {
        match side {
            Side::Caller => self.caller.watch.as_mut(),
            Side::Callee => self.callee.as_mut()?.watch.as_mut(),
        }
    }

    /// What is wanted of the session with one side.
    pub(super) fn policy(&self, side: Side) -> SessionPolicy {
        match (&self.callee, side) {
            (Some(leg), Side::Callee) => leg.rules.session,
            _ => self.rules.session,
        }
    }

    /// The caller has been sent the answer.
    pub(super) fn watch_caller(&mut self, desk: &mut Desk, now: Moment) {
        let policy = self.policy(Side::Caller);
        let by = refresh_method(&self.caller.invite);
        self.caller.watch = self.caller.agreed.map(|agreed| Watch::new(policy, agreed, by, now));
        self.set_session_alarm(desk, Side::Caller);
    }

    /// The callee has answered.
    pub(super) fn watch_callee(&mut self, desk: &mut Desk, now: Moment, answer: &Message) {
        let policy = self.policy(Side::Callee);
        let Some(leg) = &mut self.callee else { return };
        leg.watch =
            leg.ask.agreed(answer).map(|agreed| Watch::new(policy, agreed, refresh_method(answer), now));
        self.set_session_alarm(desk, Side::Callee);
    }

    /// The gateway wants a longer interval (RFC 4028 §7.3): it is asked again, once for each longer one.
    pub(super) fn on_interval_too_small(&mut self, desk: &mut Desk, now: Moment, response: &Message) {
        let Some(leg) = &mut self.callee else { return };
        if leg.progress != Progress::EarlyMedia && leg.ask.on_422(response) {
            self.next_ask = Some(leg.ask);
            self.detours.push_front(Detour::again(&leg.tried));
        }
        self.attempt_failed(desk, now, Some(422), EndReason::CalleeRejected);
    }

    fn set_session_alarm(&mut self, desk: &mut Desk, side: Side) {
        if let Some(at) = self.watch_mut(side).and_then(|watch| watch.timer.deadline()) {
            let alarm = if side == Side::Caller { Alarm::CallerSession } else { Alarm::CalleeSession };
            self.set_alarm(desk, at, alarm);
        }
    }

    /// The session was renewed by a request that had another purpose too.
    pub(super) fn renew(&mut self, desk: &mut Desk, now: Moment, side: Side, agreed: Option<Agreed>) {
        if let Some(watch) = self.watch_mut(side) {
            let agreed = agreed.unwrap_or(watch.timer.agreed());
            watch.timer.on_renewed(now.steady, agreed);
            self.set_session_alarm(desk, side);
        }
    }

    /// The time to refresh has come, or to give up.
    pub(super) fn session_due(&mut self, desk: &mut Desk, now: Moment, side: Side) {
        if self.stage != Stage::Talking {
            return;
        }
        match self.watch_mut(side).and_then(|watch| watch.timer.next(now.steady)) {
            Some(SessionAction::Refresh) => self.refresh(desk, now, side),
            Some(SessionAction::Expired) => return self.session_lost(desk, now),
            None => {}
        }
        self.set_session_alarm(desk, side);
    }

    fn refresh(&mut self, desk: &mut Desk, now: Moment, side: Side) {
        let busy = self.reoffer.is_some();
        let told = self.talk.as_ref().map(|talk| talk.told(side).to_vec()).unwrap_or_default();
        let id = self.id;
        let policy = self.policy(side);
        let Some(watch) = self.watch_mut(side) else { return };
        if busy || watch.asked.is_some() {
            return watch.timer.on_refresh_refused(now.steady, AGAIN);
        }
        let ask = watch.ask(&policy);
        watch.asked = Some(ask);
        let invite = watch.by != Method::Update;
        let to = self.request_address(side);
        let Some(dialog) = self.dialog_mut(side) else { return };
        let mut request = dialog.request(if invite { rsip::Method::Invite } else { rsip::Method::Update });
        let (flow, cseq) = (way(dialog, to), dialog.local_cseq);
        ask.headers().into_iter().for_each(|header| request.headers.push(header));
        if invite {
            request.headers.push(sip::make_header("Content-Type", "application/sdp"));
            request.body = told;
        }
        let client = desk.endpoint.request(now.steady, flow, request);
        desk.clients.insert(client, ClientOf::Refresh(id, side, cseq));
    }

    pub(super) fn on_refresh_response(
        &mut self,
        desk: &mut Desk,
        now: Moment,
        side: Side,
        client: sip::ClientId,
        cseq: u32,
        response: &Message,
    ) {
        let code = response.status().unwrap_or(500);
        if code < 200 {
            return;
        }
        let Some(watch) = self.watch_mut(side) else { return };
        let ask = watch.asked.take();
        match code {
            200..=299 => {
                let to = self.request_address(side);
                if response.cseq().1 == Method::Invite
                    && let Some(dialog) = self.dialog_mut(side)
                {
                    let _ = dialog.confirm(response, false);
                    let (ack, flow) = (dialog.ack(cseq), way(dialog, to));
                    desk.endpoint.acknowledge(now.steady, client, flow, ack);
                }
                self.renew(desk, now, side, ask.and_then(|ask| ask.agreed(response)));
            }
            408 | 481 => self.session_lost(desk, now),
            _ => {
                if matches!(code, 405 | 501) {
                    watch.by = Method::Invite;
                }
                watch.timer.on_refresh_refused(now.steady, AGAIN);
                self.set_session_alarm(desk, side);
            }
        }
    }

    /// The refresh did not get out; the next attempt may.
    pub(super) fn refresh_failed(&mut self, desk: &mut Desk, now: Moment, side: Side) {
        if let Some(watch) = self.watch_mut(side) {
            watch.asked = None;
            watch.timer.on_refresh_refused(now.steady, AGAIN);
            self.set_session_alarm(desk, side);
        }
    }

    /// One side has vanished.
    pub(super) fn session_lost(&mut self, desk: &mut Desk, now: Moment) {
        self.end(desk, now, EndReason::SessionExpired);
    }

    /// An UPDATE without description refreshes its own leg only.
    pub(super) fn on_refresh_request(
        &mut self,
        desk: &mut Desk,
        now: Moment,
        side: Side,
        server: ServerId,
        request: &Message,
    ) {
        let offer = TimerOffer::of(request);
        let mut response = match self.policy(side).answer(&offer) {
            Ok(agreed) => {
                let mut accepted = sip::reply(request, 200, None, None);
                let headers = agreed.iter().flat_map(|agreed| session_headers(agreed, offer.supported));
                headers.for_each(|header| accepted.headers.push(header));
                self.renew(desk, now, side, agreed);
                accepted
            }
            Err(too_small) => {
                let mut refused = sip::reply(request, 422, None, None);
                refused.headers.push(too_small.header());
                refused
            }
        };
        let asker = self.dialog_mut(side).map(|dialog| dialog.flow);
        if let Some(flow) = asker {
            response.headers.push(sip::make_header("Contact", desk.contact(&flow)));
        }
        desk.endpoint.respond(now.steady, server, response);
    }
}
