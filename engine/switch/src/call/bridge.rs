//! What happens while both sides are joined: requests inside the dialogs.

use std::net::{IpAddr, SocketAddr};

use domain::{EndReason, ReleaseSide};
use media::Side;
use sip::{Dialog, Flow, Message, Method, RequestAddress, ServerId};

use super::{Call, Desk, Moment, early::heard, leg::CalleeLeg, pass::passes, stage::Stage};

impl Call {
    /// A request inside one of the call's dialogs.
    pub(super) fn on_request(
        &mut self,
        desk: &mut Desk,
        now: Moment,
        side: Side,
        server: ServerId,
        request: &Message,
    ) {
        let accepted = match self.dialog_of(side, request) {
            Some(dialog) => dialog.accepts(request).map_err(|e| e.status()),
            None => Err(481),
        };
        if let Err(status) = accepted {
            return answer(desk, now, server, request, status);
        }
        if self.is_early_for_caller(side, request.method()) {
            return self.keep(desk, now, server, request);
        }
        self.on_accepted(desk, now, side, server, request);
    }

    /// One that is in order within its dialog.
    pub(super) fn on_accepted(
        &mut self,
        desk: &mut Desk,
        now: Moment,
        side: Side,
        server: ServerId,
        request: &Message,
    ) {
        let early = matches!(self.stage, Stage::Dialling | Stage::Ringing);
        let talking = self.stage == Stage::Talking;
        match request.method() {
            Some(Method::Bye) => self.on_bye(desk, now, side, server, request),
            // An offer in it would be one too many: the exchange that it confirms is the first one (RFC 3262 §5).
            Some(Method::Prack) => {
                answer(desk, now, server, request, if request.body().is_empty() { 200 } else { 488 });
                self.note_confirmed(request);
            }
            Some(Method::Options) => answer(desk, now, server, request, 200),
            Some(Method::Update) if talking && request.body().is_empty() => {
                self.on_refresh_request(desk, now, side, server, request);
            }
            Some(Method::Update) if early => self.on_early_update(desk, now, side, server, request),
            Some(Method::Invite | Method::Update) if talking => {
                self.on_reoffer(desk, now, side, server, request)
            }
            // The first exchange of descriptions is not over yet (RFC 3311 §5.2, RFC 3261 §14.2).
            Some(Method::Invite | Method::Update) => answer_later(desk, now, server, request, 500),
            method => match passes(method) {
                Some(method) if talking || (early && self.dialog_mut(side.other()).is_some()) => {
                    self.pass_on(desk, now, side, server, request, method);
                }
                // There is nobody yet to pass it on to.
                Some(_) => answer_later(desk, now, server, request, 500),
                None => {
                    let mut refused = sip::reply(request, 405, None, None);
                    refused.headers.push(sip::make_header("Allow", super::dial::ALLOW));
                    desk.endpoint.respond(now.steady, server, refused);
                }
            },
        }
    }

    fn on_bye(&mut self, desk: &mut Desk, now: Moment, side: Side, server: ServerId, request: &Message) {
        answer(desk, now, server, request, 200);
        let released_by = match side {
            Side::Caller => ReleaseSide::Caller,
            Side::Callee => ReleaseSide::Callee,
        };
        match self.stage {
            Stage::Talking => {
                self.send_bye(desk, now, side.other());
                self.finish(desk, now, EndReason::NormalClearing, released_by, 200);
            }
            // The callee hangs up between its answer and our telling the caller of it.
            Stage::Confirming(_) => {
                self.tell_caller(desk, now, 480, None);
                self.finish(desk, now, EndReason::NormalClearing, released_by, 480);
            }
            // RFC 3261 §15: a caller may end an early dialog so.
            Stage::Dialling | Stage::Ringing => self.on_cancel(desk, now),
            Stage::Over => {}
        }
    }

    /// One side's dialog, once it is there. Before the answer that of the phone which the caller hears.
    pub(super) fn dialog_mut(&mut self, side: Side) -> Option<&mut Dialog> {
        match side {
            Side::Caller => self.caller.dialog.as_mut(),
            Side::Callee => {
                let CalleeLeg { dialog, forks, .. } = self.callee.as_mut()?;
                dialog.as_mut().or_else(|| heard(forks)?.dialog.as_mut())
            }
        }
    }

    /// The connection that the caller has opened is gone. What we ask of it from now on opens one to its Contact, if that is an
    /// address that can be called (RFC 5923 §9).
    pub(crate) fn on_stream_gone(&mut self) {
        let Some(dialog) = &mut self.caller.dialog else { return };
        if let Some(next) = dialog.next_hop().filter(|next| is_reachable(*next, dialog.flow.remote)) {
            dialog.flow.remote = next;
        }
    }

    /// Where requests of ours to this side go, if a setting says more than its dialog.
    pub(super) fn request_address(&self, side: Side) -> Option<RequestAddress> {
        match (side, &self.callee) {
            (Side::Callee, Some(leg)) => leg.rules.request_address,
            _ => self.rules.request_address,
        }
    }

    pub(super) fn send_bye(&mut self, desk: &mut Desk, now: Moment, side: Side) {
        let to = self.request_address(side);
        if let Some(dialog) = self.dialog_mut(side) {
            let bye = dialog.request(rsip::Method::Bye);
            let flow = way(dialog, to);
            desk.endpoint.request(now.steady, flow, bye);
        }
    }
}

/// Where a dialog's requests go: to the literal address of its first route or target. A private address behind a public one is
/// a NAT's inside, and a name is not looked up: then the way that the dialog was opened by.
pub(super) fn way(dialog: &Dialog, to: Option<RequestAddress>) -> Flow {
    if let Some(mode) = to {
        return dialog.way(mode);
    }
    // A connection is the way while it lasts (RFC 5923): the far end of one that a peer has opened has no other name.
    if dialog.flow.transport.is_reliable() {
        return dialog.flow;
    }
    let remote = dialog.next_hop().filter(|next| is_reachable(*next, dialog.flow.remote));
    Flow { remote: remote.unwrap_or(dialog.flow.remote), ..dialog.flow }
}

/// Whether an address that a far end writes can be where it is: one inside of a network only for who comes from inside.
fn is_reachable(written: SocketAddr, seen: SocketAddr) -> bool {
    let hidden = |ip: IpAddr| match ip {
        IpAddr::V4(ip) => ip.is_private() || ip.is_unspecified() || ip.is_loopback(),
        IpAddr::V6(ip) => ip.is_unique_local() || ip.is_unspecified() || ip.is_loopback(),
    };
    written.port() != 0 && (!hidden(written.ip()) || hidden(seen.ip()))
}

pub(super) fn answer(desk: &mut Desk, now: Moment, server: ServerId, request: &Message, code: u16) {
    let response = sip::reply(request, code, None, None);
    desk.endpoint.respond(now.steady, server, response);
}

/// A refusal that invites to try again in a few seconds.
pub(super) fn answer_later(desk: &mut Desk, now: Moment, server: ServerId, request: &Message, code: u16) {
    let mut response = sip::reply(request, code, None, None);
    response.headers.push(sip::make_header("Retry-After", rand::random_range(1..=9u8).to_string()));
    desk.endpoint.respond(now.steady, server, response);
}
