//! What the gateway being asked answers.

use domain::EndReason;
use media::Side;
use sip::{Dialog, Message, Method, RSeq, session_headers};

use super::{
    Call, Desk, Moment,
    bridge::way,
    leg::{CalleeLeg, Fork, Progress, Reliability},
    setup::is_sdp,
    stage::Stage,
};
use crate::rules::RingBack;

/// Phones behind one gateway that are told apart; the reliable 18x of more are not confirmed.
const MOST_FORKS: usize = 8;

impl Call {
    /// A response to the current attempt's INVITE.
    pub(super) fn on_dial_response(
        &mut self,
        desk: &mut Desk,
        now: Moment,
        response: &Message,
        rseq: Option<RSeq>,
    ) {
        let code = response.status().unwrap_or(500);
        let asked = matches!(self.stage, Stage::Dialling | Stage::Ringing);
        if asked && matches!(code, 401 | 407) && self.answer_challenge(desk, now, response) {
            return;
        }
        match (&self.stage, code) {
            (Stage::Dialling | Stage::Ringing, 100) => self.advance(desk, now, Progress::Trying),
            (Stage::Dialling | Stage::Ringing, 101..=199) => {
                self.on_progress(desk, now, code, response, rseq)
            }
            (Stage::Dialling | Stage::Ringing, 200..=299) => self.on_answer(desk, now, response),
            (Stage::Dialling | Stage::Ringing, 422) => self.on_interval_too_small(desk, now, response),
            (Stage::Dialling | Stage::Ringing, 300..=399) => self.on_redirection(desk, now, code, response),
            (Stage::Dialling | Stage::Ringing, _) => {
                self.note_pause(desk, now, code, response);
                let reason =
                    if matches!(code, 486 | 600) { EndReason::CalleeBusy } else { EndReason::CalleeRejected };
                self.attempt_failed(desk, now, Some(code), reason);
            }
            // A second answer, from a fork behind the gateway: one call has one callee (RFC 3261 §13.2.2.4).
            (Stage::Confirming(_) | Stage::Talking, 200..=299) => self.refuse_fork(desk, now, response),
            (Stage::Confirming(_) | Stage::Talking | Stage::Over, _) => {}
        }
    }

    fn advance(&mut self, desk: &mut Desk, now: Moment, progress: Progress) {
        let Some(mut leg) = self.callee.take() else { return };
        // A late 100 says nothing that is not known.
        if progress != Progress::Trying || leg.progress == Progress::Nothing {
            leg.progress = progress;
        }
        self.wait_for(desk, now, &mut leg);
        self.callee = Some(leg);
    }

    /// 180, 183 and the like are passed on with their SDP (SIP-9, pass-through).
    fn on_progress(
        &mut self,
        desk: &mut Desk,
        now: Moment,
        code: u16,
        response: &Message,
        rseq: Option<RSeq>,
    ) {
        self.open_early_dialog(response);
        let early_media = !response.body().is_empty() && is_sdp(response);
        let body = match (&mut self.talk, early_media) {
            // A description that cannot be used early may still be usable in the answer.
            (Some(talk), true) => talk.pass(Side::Callee, response.body()).ok(),
            _ => None,
        };
        let code = match (&self.callee, &body) {
            (Some(leg), Some(_)) => leg.rules.ring_back.told(code),
            _ => code,
        };
        let progress = match (&body, code) {
            (Some(_), 180) if self.rings_with_sound() => Progress::Ringing,
            (Some(_), _) => Progress::EarlyMedia,
            (None, 180) => Progress::Ringing,
            (None, _) => Progress::Proceeding,
        };
        self.advance(desk, now, progress);
        if let Some(leg) = &mut self.callee {
            leg.committed |= body.is_some();
            leg.post_dial_delay_ms.get_or_insert(now.millis_since(leg.started.steady));
            if let Some(mut fork) = body.as_ref().and_then(|_| take_fork(leg, response)) {
                fork.described = Some(response.body().to_vec());
                fork.confirmed |= rseq.is_some();
                leg.forks.push(fork);
            }
        }
        if let Some(rseq) = rseq {
            self.confirm_progress(desk, now, response, rseq);
        }
        self.ringing_at.get_or_insert(self.started.wall_at(now.steady));
        self.stage = Stage::Ringing;
        let reliably = match self.caller.reliability {
            Reliability::Required => true,
            Reliability::Supported => rseq.is_some(),
            Reliability::Unknown => false,
        };
        let response = self.for_caller(desk, code, body);
        if reliably {
            let describes = !response.body.is_empty();
            let sent = desk.endpoint.respond_reliably(now.steady, self.caller.server, response);
            if let Some(rseq) = sent.filter(|_| describes) {
                self.note_sent_reliably(rseq);
            }
        } else {
            desk.endpoint.respond(now.steady, self.caller.server, response);
        }
    }

    /// Whether sound before the answer counts as ringing of this gateway.
    fn rings_with_sound(&self) -> bool {
        self.callee.as_ref().is_some_and(|leg| leg.rules.ring_back == RingBack::Alerting)
    }

    /// Each phone that a gateway lets ring has a dialog of its own from its first 18x on.
    fn open_early_dialog(&mut self, response: &Message) {
        let Some(leg) = &mut self.callee else { return };
        let Some(tag) = response.to_tag() else { return };
        if leg.forks.len() == MOST_FORKS || leg.forks.iter().any(|fork| fork.tag == tag) {
            return;
        }
        let dialog = Dialog::uac(&leg.invite, response, leg.flow).ok();
        leg.forks.push(Fork { tag: tag.to_owned(), dialog, described: None, confirmed: false });
    }

    /// Acknowledges a reliable 18x (RFC 3262 §4).
    fn confirm_progress(&mut self, desk: &mut Desk, now: Moment, response: &Message, rseq: RSeq) {
        let Some(leg) = &mut self.callee else { return };
        let tag = response.to_tag();
        let fork = leg.forks.iter_mut().find(|fork| Some(fork.tag.as_str()) == tag);
        if let Some(dialog) = fork.and_then(|fork| fork.dialog.as_mut()) {
            let prack = dialog.prack(rseq, response.cseq().0, Method::Invite);
            let flow = way(dialog, leg.rules.request_address);
            desk.endpoint.request(now.steady, flow, prack);
        }
    }

    /// Sends a response to the caller's INVITE.
    pub(super) fn tell_caller(&self, desk: &mut Desk, now: Moment, code: u16, body: Option<Vec<u8>>) {
        let response = self.for_caller(desk, code, body);
        desk.endpoint.respond(now.steady, self.caller.server, response);
    }

    fn for_caller(&self, desk: &Desk, code: u16, body: Option<Vec<u8>>) -> rsip::Response {
        let mut response = sip::reply(&self.caller.invite, code, None, Some(&self.caller.tag));
        let headers = &mut response.headers;
        headers.push(sip::make_header("Contact", desk.contact(&self.caller.flow)));
        if code >= 200 {
            headers.push(sip::make_header("Allow", super::dial::ALLOW));
        }
        if let Some(agreed) = self.caller.agreed.filter(|_| code == 200) {
            for header in session_headers(&agreed, self.caller.offer.supported) {
                headers.push(header);
            }
        }
        if let Some(body) = body {
            headers.push(sip::make_header("Content-Type", "application/sdp"));
            response.body = body;
        }
        response
    }
}

/// The fork that a response comes from, out of the list; none when there are too many.
fn take_fork(leg: &mut CalleeLeg, response: &Message) -> Option<Fork> {
    let tag = response.to_tag()?;
    let at = leg.forks.iter().position(|fork| fork.tag == tag)?;
    Some(leg.forks.remove(at))
}
