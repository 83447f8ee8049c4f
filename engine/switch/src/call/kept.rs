//! What the called side asks between its answer and the caller's ACK.
//!
//! The called side has its own ACK at once, while the caller hears of the answer only when the spool has it. What the called side
//! asks in between is in order, and would be refused only because we have not finished: it waits for the caller's ACK instead.

use media::Side;
use sip::{Message, Method, ServerId};

use super::{
    Call, Desk, Moment,
    bridge::{answer, answer_later},
    pass::passes,
    stage::Stage,
};

/// Requests that wait in one call; more are refused for now.
const MOST: usize = 4;

impl Call {
    /// Whether a request of this side has to wait.
    pub(super) fn is_early_for_caller(&self, side: Side, method: Option<&Method>) -> bool {
        let answered = matches!(self.stage, Stage::Confirming(_) | Stage::Talking);
        let asks_the_caller =
            matches!(method, Some(Method::Invite | Method::Update)) || passes(method).is_some();
        side == Side::Callee && answered && !self.caller.acknowledged && asks_the_caller
    }

    pub(super) fn keep(&mut self, desk: &mut Desk, now: Moment, server: ServerId, request: &Message) {
        if self.kept.len() < MOST {
            // So that a CANCEL finds its way here.
            desk.servers.insert(server, self.id);
            self.kept.push((server, request.clone()));
        } else {
            answer_later(desk, now, server, request, 500);
        }
    }

    /// The caller has acknowledged: what has waited is done in its order.
    pub(super) fn catch_up(&mut self, desk: &mut Desk, now: Moment) {
        if self.caller.acknowledged {
            for (server, request) in std::mem::take(&mut self.kept) {
                desk.servers.remove(&server);
                self.on_accepted(desk, now, Side::Callee, server, &request);
            }
        }
    }

    /// A re-INVITE that waits is taken back; `false` when none of them is it.
    pub(super) fn on_kept_cancel(&mut self, desk: &mut Desk, now: Moment, server: ServerId) -> bool {
        let Some(place) = self.kept.iter().position(|(kept, _)| *kept == server) else { return false };
        let (_, request) = self.kept.remove(place);
        desk.servers.remove(&server);
        answer(desk, now, server, &request, 487);
        true
    }

    /// The call ends before its turn came (RFC 3261 §15.1.2).
    pub(super) fn drop_kept(&mut self, desk: &mut Desk, now: Moment) {
        for (server, request) in std::mem::take(&mut self.kept) {
            desk.servers.remove(&server);
            answer(desk, now, server, &request, 487);
        }
    }
}
