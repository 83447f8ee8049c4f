//! The end of a call: settle → record.

use domain::{EndReason, Q850, ReleaseSide};
use media::Side;

use super::{Call, Desk, Moment, Output, setup::Refused, stage::Stage};
use crate::spool::Record;

impl Call {
    /// Refuses a call that was not answered and records it.
    pub(super) fn refuse(&mut self, desk: &mut Desk, now: Moment, refused: Refused, side: ReleaseSide) {
        let Refused { reason, status } = refused;
        // A gateway's 3xx is its answer to us, unless its targets are the caller's to try.
        let targets = std::mem::take(&mut self.redirected);
        let status = match status {
            ..=399 if targets.is_empty() => 480,
            // A gateway's challenge was for us: without it the status would tell the caller to log in with nothing.
            401 | 407 => 503,
            _ => status,
        };
        let status = self.rules.told_instead(status);
        let mut response = sip::reply(&self.caller.invite, status, None, Some(&self.caller.tag));
        let cause =
            if side == ReleaseSide::Callee { Q850::of_sip(domain::SipCode(status)) } else { reason.q850() };
        let told = format!("Q.850;cause={};text=\"{reason}\"", cause.0);
        if self.rules.reason_header {
            response.headers.push(sip::make_header("Reason", told));
        }
        match status {
            300..=399 => {
                targets
                    .iter()
                    .for_each(|target| response.headers.push(sip::make_header("Contact", target.as_str())));
            }
            422 => {
                let least = self.rules.session.answer(&self.caller.offer);
                if let Err(too_small) = least {
                    response.headers.push(too_small.header());
                }
            }
            415 => response.headers.push(sip::make_header("Accept", "application/sdp")),
            420 => {
                let wanted = self.caller.invite.list(sip::HeaderName::Require);
                let wanted: Vec<&str> = wanted.filter(|option| !is_supported(option)).collect();
                response.headers.push(sip::make_header("Unsupported", wanted.join(", ")));
            }
            _ => {}
        }
        desk.endpoint.respond(now.steady, self.caller.server, response);
        self.finish(desk, now, reason, side, status);
    }

    /// The caller gives up. After the answer it is too late (RFC 3261 §9.2).
    pub(super) fn on_cancel(&mut self, desk: &mut Desk, now: Moment) {
        if matches!(self.stage, Stage::Dialling | Stage::Ringing) {
            self.abandon_attempt(desk, now, EndReason::CallerCancelled);
            self.refuse(desk, now, EndReason::CallerCancelled.into(), ReleaseSide::Caller);
        }
    }

    /// Ends the call whatever its stage, by the switch's own will.
    pub(super) fn end(&mut self, desk: &mut Desk, now: Moment, reason: EndReason) {
        match self.stage {
            Stage::Dialling | Stage::Ringing => {
                self.abandon_attempt(desk, now, reason);
                let status = if reason.sip().0 < 300 { 480 } else { reason.sip().0 };
                self.refuse(desk, now, Refused { reason, status }, ReleaseSide::Switch);
            }
            Stage::Confirming(_) | Stage::Talking => {
                self.hang_up_both(desk, now, reason, ReleaseSide::Switch)
            }
            Stage::Over => {}
        }
    }

    fn abandon_attempt(&mut self, desk: &mut Desk, now: Moment, reason: EndReason) {
        self.abandon_beside(desk, now, reason);
        self.forget_attempt(desk);
        if let Some(leg) = self.callee.take() {
            self.give_up(desk, now, &leg);
            self.note_attempt(&leg.tried.to, leg.started, leg.post_dial_delay_ms, None, reason);
        }
    }

    /// Ends an answered call towards both sides.
    pub(super) fn hang_up_both(
        &mut self,
        desk: &mut Desk,
        now: Moment,
        reason: EndReason,
        side: ReleaseSide,
    ) {
        let mut status = 200;
        match self.stage {
            Stage::Talking => self.send_bye(desk, now, Side::Caller),
            Stage::Confirming(_) => {
                status = 480;
                self.tell_caller(desk, now, status, None);
            }
            Stage::Dialling | Stage::Ringing | Stage::Over => return,
        }
        self.send_bye(desk, now, Side::Callee);
        self.finish(desk, now, reason, side, status);
    }

    /// Settles the money and records the call; the one place where a CDR is closed.
    pub(super) fn finish(
        &mut self,
        desk: &mut Desk,
        now: Moment,
        reason: EndReason,
        side: ReleaseSide,
        status: u16,
    ) {
        self.drop_reoffer(desk, now);
        self.drop_kept(desk, now);
        let ways = self.records(now, reason, side, status);
        for (payer, cdr) in self.payers_mut().zip(&ways) {
            payer.settle(cdr.customer.amount);
        }
        let closed = |cdr| Output::Record(Record::Closed(Box::new(cdr)), None);
        desk.outputs.extend(ways.into_iter().map(closed));
        desk.servers.remove(&self.caller.server);
        desk.forget_stream(self.caller.flow, self.id);
        desk.tags.remove(&self.caller.tag);
        if let Some(leg) = &self.callee {
            desk.clients.remove(&leg.client);
        }
        self.forget_attempt(desk);
        self.stage = Stage::Over;
    }
}

/// Extensions that a caller may insist on.
pub(super) fn is_supported(option: &str) -> bool {
    ["100rel", "timer"].iter().any(|known| option.eq_ignore_ascii_case(known))
}
