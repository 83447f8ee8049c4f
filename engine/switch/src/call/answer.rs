//! The answer: both legs become a conversation.

use std::sync::atomic::Ordering;

use domain::{EndReason, ReleaseSide};
use media::Side;
use sip::{Dialog, Message};

use crate::rules::CHECKPOINT_EVERY;

use super::{
    Alarm, Call, Desk, Moment, Output,
    leg::CalleeLeg,
    setup::is_sdp,
    stage::{Answered, Stage},
};
use crate::spool::Record;

impl Call {
    /// The callee has answered. It is acknowledged, and the answer is written down before the caller is told: a process that is
    /// killed in between has a record of every call that it let begin.
    pub(super) fn on_answer(&mut self, desk: &mut Desk, now: Moment, response: &Message) {
        let Some(leg) = &mut self.callee else { return };
        let forks = std::mem::take(&mut leg.forks);
        // RFC 3261 §13.2.1: the answer belongs into the 2xx, whatever an unreliable 18x has said before. One that has none means
        // what the same phone has described; from a phone that nothing was heard of, what was described last.
        let tag = response.to_tag().unwrap_or_default();
        let same = forks.iter().find(|fork| fork.tag == tag && fork.described.is_some());
        let described = same.or_else(|| forks.iter().rfind(|fork| fork.described.is_some()));
        let described = described.and_then(|fork| fork.described.clone());
        let early = forks.into_iter().find(|fork| fork.tag == tag).and_then(|fork| fork.dialog);
        let Ok(mut dialog) = answered_dialog(leg, early, response) else {
            // Without a readable Contact the answer can be neither acknowledged nor hung up.
            desk.clients.remove(&leg.client);
            return self.attempt_failed(desk, now, None, EndReason::SignallingLost);
        };
        let body = response.body();
        let answer = match &mut self.talk {
            Some(talk) if !body.is_empty() && is_sdp(response) => talk.pass(Side::Callee, body).map(Some),
            Some(talk) => Ok(described.and_then(|described| talk.pass(Side::Callee, &described).ok())),
            None => Ok(None),
        };
        let offered = !self.caller.invite.body().is_empty();
        // Without an offer of the caller's the answer holds one, and the caller's ACK will bring the answer to it.
        leg.ack_owed = !offered;
        if offered || answer.is_err() {
            let ack = dialog.ack(response.cseq().0);
            desk.endpoint.acknowledge(now.steady, leg.client, leg.flow, ack);
        }
        let Ok(answer) = answer else {
            // The callee believes that it talks: it is told otherwise.
            let bye = dialog.request(rsip::Method::Bye);
            desk.endpoint.request(now.steady, leg.flow, bye);
            return self.attempt_failed(desk, now, Some(488), EndReason::MediaRefused);
        };
        leg.dialog = Some(dialog);
        self.answered_elsewhere(desk, now);
        let Some(leg) = &mut self.callee else { return };
        leg.post_dial_delay_ms.get_or_insert(now.millis_since(leg.started.steady));
        self.answered = Some(Answered { at: self.started.wall_at(now.steady), steady: now.steady });
        let window = self.rules.advance.seconds();
        self.payers_mut().for_each(|payer| payer.begin(window));
        desk.environment.counters.answered.fetch_add(1, Ordering::Relaxed);
        self.stage = Stage::Confirming(answer);
        self.checkpoint(desk, now, Some(self.id));
        self.watch_money(desk, now);
        self.watch_duration(desk, now);
        self.watch_callee(desk, now, response);
        self.set_alarm(desk, now.after(CHECKPOINT_EVERY), Alarm::Checkpoint);
    }

    /// The answer is in the spool, or cannot be: the call goes on all the same, for the record is made again at its end.
    pub(crate) fn on_recorded(&mut self, desk: &mut Desk, now: Moment) {
        let Stage::Confirming(body) = &mut self.stage else { return };
        let body = body.take();
        self.stage = Stage::Talking;
        self.watch_caller(desk, now);
        self.tell_caller(desk, now, 200, body);
    }

    /// The caller's ACK of the answer.
    pub(super) fn on_ack(&mut self, desk: &mut Desk, now: Moment, ack: &Message) {
        self.caller.acknowledged = true;
        let Some(leg) = &mut self.callee else { return };
        if !std::mem::take(&mut leg.ack_owed) {
            return;
        }
        let Some(dialog) = &leg.dialog else { return };
        // The first request of the dialog was its INVITE, and each challenge answered was one more.
        let mut forwarded = dialog.ack(1 + leg.challenges);
        let answer = match &mut self.talk {
            Some(talk) if is_sdp(ack) => talk.pass(Side::Caller, ack.body()).ok(),
            _ => None,
        };
        let answered = answer.is_some();
        if let Some(answer) = answer {
            forwarded.headers.push(sip::make_header("Content-Type", "application/sdp"));
            forwarded.body = answer;
        }
        desk.endpoint.acknowledge(now.steady, leg.client, leg.flow, forwarded);
        if !answered {
            self.hang_up_both(desk, now, EndReason::MediaRefused, ReleaseSide::Switch);
        }
    }

    /// The caller never acknowledged the answer (RFC 3261 §13.3.1.4), or a reliable 18x (RFC 3262 §3).
    pub(super) fn on_ack_missing(&mut self, desk: &mut Desk, now: Moment) {
        match self.stage {
            Stage::Talking if self.caller.acknowledged => {}
            Stage::Dialling | Stage::Ringing | Stage::Confirming(_) | Stage::Talking => {
                self.end(desk, now, EndReason::AckMissing);
            }
            Stage::Over => {}
        }
    }

    /// Acknowledges another fork's answer and hangs it up.
    pub(super) fn refuse_fork(&self, desk: &mut Desk, now: Moment, response: &Message) {
        if let Some(leg) = &self.callee {
            refuse_answer(desk, now, leg.client, &leg.invite, leg.flow, response);
        }
    }

    /// Writes the call down as it stands.
    pub(super) fn checkpoint(&self, desk: &mut Desk, now: Moment, confirm: Option<domain::CallId>) {
        let ways = self.records(now, EndReason::SwitchRestarted, ReleaseSide::Switch, 200);
        let last = ways.len() - 1;
        for (way, cdr) in ways.into_iter().enumerate() {
            // The spool writes them in this order: when it has the last one, it has them all.
            let confirm = confirm.filter(|_| way == last);
            desk.outputs.push_back(Output::Record(Record::Open(Box::new(cdr)), confirm));
        }
    }

    pub(super) fn checkpoint_due(&mut self, desk: &mut Desk, now: Moment) {
        if self.answered.is_some() && self.stage != Stage::Over {
            self.checkpoint(desk, now, None);
            self.set_alarm(desk, now.after(CHECKPOINT_EVERY), Alarm::Checkpoint);
        }
    }
}

/// The dialog of the answer: the one that a reliable 18x of the same fork has opened, so that its CSeq goes on, or a new one.
fn answered_dialog(
    leg: &CalleeLeg,
    early: Option<Dialog>,
    response: &Message,
) -> Result<Dialog, sip::ParseError> {
    match early {
        Some(mut dialog) => {
            dialog.confirm(response, true)?;
            Ok(dialog)
        }
        None => Dialog::uac(&leg.invite, response, leg.flow),
    }
}

/// Ends a dialog that nobody wants: an answer to a given-up attempt, or of a further fork (RFC 3261 §13.2.2.4).
pub(crate) fn refuse_answer(
    desk: &mut Desk,
    now: Moment,
    client: sip::ClientId,
    invite: &rsip::Request,
    flow: sip::Flow,
    response: &Message,
) {
    if let Ok(mut dialog) = Dialog::uac(invite, response, flow) {
        let ack = dialog.ack(response.cseq().0);
        desk.endpoint.acknowledge(now.steady, client, flow, ack);
        let bye = dialog.request(rsip::Method::Bye);
        desk.endpoint.request(now.steady, flow, bye);
    }
}
