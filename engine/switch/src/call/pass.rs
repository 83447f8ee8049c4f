//! Requests that one side sends inside its dialog and that mean the other side: INFO (RFC 6086), REFER (RFC 3515) with the
//! NOTIFYs that follow it (RFC 6665), MESSAGE (RFC 3428). Each goes on in the other leg's dialog, and its answer comes back.

use domain::{EndReason, ReleaseSide};
use media::Side;
use sip::{HeaderName, Message, Method, ServerId};

use super::{
    Call, ClientOf, Desk, Moment,
    bridge::{answer, way},
};

/// What goes on with such a request beside its body; the rest says something of one leg only.
const PASSED: [HeaderName; 9] = [
    HeaderName::Event,
    HeaderName::SubscriptionState,
    HeaderName::ReferTo,
    HeaderName::ReferSub,
    HeaderName::ReferredBy,
    HeaderName::ContentDisposition,
    HeaderName::ContentEncoding,
    HeaderName::Subject,
    HeaderName::Date,
];
/// RFC 6086 §7.2.
const INFO_PACKAGE: &str = "Info-Package";
/// What comes back with the answer to one.
const RETURNED: [HeaderName; 4] =
    [HeaderName::ReferSub, HeaderName::RetryAfter, HeaderName::AllowEvents, HeaderName::Accept];
/// Transfers of one call that NOTIFYs may still name; the oldest is forgotten first.
const MOST_REFERRALS: usize = 8;

/// A REFER that was passed on. NOTIFYs name it by its CSeq number, which differs on the two legs (RFC 3515 §2.4.6).
pub(crate) struct Referral {
    /// Who sent it to us.
    from: Side,
    /// Its number there, and that of ours.
    heard: u32,
    sent: u32,
}

/// The method with which a request goes on, if it is one that does.
pub(super) fn passes(method: Option<&Method>) -> Option<rsip::Method> {
    match method? {
        Method::Info => Some(rsip::Method::Info),
        Method::Refer => Some(rsip::Method::Refer),
        Method::Notify => Some(rsip::Method::Notify),
        Method::Message => Some(rsip::Method::Message),
        _ => None,
    }
}

impl Call {
    /// Sends a request of one leg into the other.
    pub(super) fn pass_on(
        &mut self,
        desk: &mut Desk,
        now: Moment,
        from: Side,
        server: ServerId,
        request: &Message,
        method: rsip::Method,
    ) {
        if method == rsip::Method::Refer && request.list(HeaderName::ReferTo).count() != 1 {
            // RFC 3515 §2.4.2.
            return answer(desk, now, server, request, 400);
        }
        let event = self.event_for(from.other(), request);
        let to = self.request_address(from.other());
        let Some(dialog) = self.dialog_mut(from.other()) else {
            return answer(desk, now, server, request, 481);
        };
        let mut forwarded = dialog.request(method);
        let (flow, cseq) = (way(dialog, to), dialog.local_cseq);
        for name in PASSED.into_iter().filter(|name| *name != HeaderName::Event) {
            for value in request.headers(name) {
                forwarded.headers.push(sip::make_header(name.as_str(), value));
            }
        }
        if let Some(event) = event {
            forwarded.headers.push(sip::make_header("Event", event));
        }
        if let Some(package) = request.other(INFO_PACKAGE) {
            forwarded.headers.push(sip::make_header(INFO_PACKAGE, package));
        }
        if let Some(kind) = request.header(HeaderName::ContentType).filter(|_| !request.body().is_empty()) {
            forwarded.headers.push(sip::make_header("Content-Type", kind));
            forwarded.body = request.body().to_vec();
        }
        if method == rsip::Method::Refer {
            if self.referrals.len() == MOST_REFERRALS {
                self.referrals.remove(0);
            }
            self.referrals.push(Referral { from, heard: request.cseq().0, sent: cseq });
        }
        let client = desk.endpoint.request(now.steady, flow, forwarded);
        desk.clients.insert(client, ClientOf::PassedOn(self.id, server, Box::new(request.clone())));
    }

    /// The Event of a NOTIFY as the side that it goes to knows it: `refer;id=` is the number of that side's own REFER.
    fn event_for(&self, towards: Side, request: &Message) -> Option<String> {
        let event = request.header(HeaderName::Event)?;
        let renamed = event.split(';').map(|part| {
            let number = part.trim().strip_prefix("id=").and_then(|id| id.parse::<u32>().ok());
            let known = number.and_then(|number| {
                self.referrals.iter().find(|referral| referral.from == towards && referral.sent == number)
            });
            known.map_or_else(|| part.to_owned(), |referral| format!("id={}", referral.heard))
        });
        Some(renamed.collect::<Vec<_>>().join(";"))
    }

    /// The answer to a request that was passed on; none when nobody gave one and `code` says why.
    pub(super) fn on_passed_on(
        &mut self,
        desk: &mut Desk,
        now: Moment,
        server: ServerId,
        request: &Message,
        code: u16,
        response: Option<&Message>,
    ) {
        let mut told = sip::reply(request, code, None, None);
        // What REFER and NOTIFY open or renew is a dialog usage: its target is ours (RFC 6665 §8.2.1).
        if (200..300).contains(&code) && request.method() != Some(&Method::Message) {
            let flow = [Side::Caller, Side::Callee].into_iter().find_map(|side| {
                let dialog = self.dialog_mut(side)?;
                (Some(dialog.local_tag.as_str()) == request.to_tag()).then_some(dialog.flow)
            });
            if let Some(flow) = flow {
                told.headers.push(sip::make_header("Contact", desk.contact(&flow)));
            }
        }
        for name in RETURNED {
            for value in response.iter().flat_map(|response| response.headers(name)) {
                told.headers.push(sip::make_header(name.as_str(), value));
            }
        }
        desk.endpoint.respond(now.steady, server, told);
        // RFC 3261 §12.2.1.2; but a NOTIFY's 481 ends the subscription only (RFC 6665 §4.2.2).
        if matches!(code, 408 | 481) && request.method() != Some(&Method::Notify) {
            self.hang_up_both(desk, now, EndReason::SignallingLost, ReleaseSide::Switch);
        }
    }
}
