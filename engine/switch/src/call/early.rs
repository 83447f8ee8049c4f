//! Requests before the answer, in the early dialogs that 18x responses open (RFC 3261 §12.1).
//!
//! A new offer may come once the first one is answered on both sides, which before the 2xx only reliable responses can do
//! (RFC 3262 §5, RFC 3311 §5.1):
//!
//! | Offer in UPDATE from | before the caller's PRACK, or without | before ours to the callee, or without | after both |
//! |---|---|---|---|
//! | the caller | 500 with Retry-After | 500 with Retry-After | passed on |
//! | the callee the caller hears | 500 with Retry-After | – | passed on |
//! | another phone of a fork | 500 with Retry-After | 500 with Retry-After | 500 with Retry-After |

use media::Side;
use sip::{Dialog, Message, RSeq, ServerId};

use super::{
    Call, Desk, Moment,
    bridge::answer_later,
    leg::{CalleeLeg, CallerLeg, EarlyAnswer, Fork},
};

impl Call {
    /// The dialog that a request names: before the answer a gateway may have one for each phone that it lets ring.
    pub(super) fn dialog_of(&mut self, side: Side, request: &Message) -> Option<&mut Dialog> {
        if side == Side::Caller {
            return self.caller.dialog.as_mut();
        }
        self.turn_to_tag(request.to_tag());
        let CalleeLeg { dialog, forks, .. } = self.callee.as_mut()?;
        dialog.as_mut().or_else(|| {
            let tag = request.from_tag()?;
            forks.iter_mut().find(|fork| fork.tag == tag)?.dialog.as_mut()
        })
    }

    pub(super) fn on_early_update(
        &mut self,
        desk: &mut Desk,
        now: Moment,
        side: Side,
        server: ServerId,
        request: &Message,
    ) {
        if request.body().is_empty() {
            // A new Contact, which the dialog has taken over.
            self.on_refresh_request(desk, now, side, server, request);
        } else if self.first_exchange_is_over(side, request) {
            self.on_reoffer(desk, now, side, server, request);
        } else {
            answer_later(desk, now, server, request, 500);
        }
    }

    fn first_exchange_is_over(&mut self, side: Side, request: &Message) -> bool {
        let Some(fork) = self.callee.as_mut().and_then(|leg| heard(&mut leg.forks)) else { return false };
        let heard = side == Side::Caller || request.from_tag() == Some(fork.tag.as_str());
        heard && fork.confirmed && matches!(self.caller.early_answer, EarlyAnswer::Confirmed)
    }

    /// The caller confirms a reliable response, which may have been the one with the answer.
    pub(super) fn note_confirmed(&mut self, prack: &Message) {
        let CallerLeg { early_answer, .. } = &mut self.caller;
        if let (EarlyAnswer::Sent(sent), Some(rack)) = (&early_answer, prack.rack())
            && rack.rseq == *sent
        {
            *early_answer = EarlyAnswer::Confirmed;
        }
    }

    /// A reliable response with a description has gone to the caller.
    pub(super) fn note_sent_reliably(&mut self, rseq: RSeq) {
        if matches!(self.caller.early_answer, EarlyAnswer::None) {
            self.caller.early_answer = EarlyAnswer::Sent(rseq);
        }
    }

    /// What a phone has described in an exchange after the first: its answer to the INVITE may have none.
    pub(super) fn note_described(&mut self, description: &[u8]) {
        if let Some(fork) = self.callee.as_mut().and_then(|leg| heard(&mut leg.forks)) {
            fork.described = Some(description.to_vec());
        }
    }
}

/// The phone that the caller hears: the one that described a session last, or else the newest one.
pub(super) fn heard(forks: &mut [Fork]) -> Option<&mut Fork> {
    let at = forks.iter().rposition(|fork| fork.described.is_some()).or(forks.len().checked_sub(1))?;
    forks.get_mut(at)
}
