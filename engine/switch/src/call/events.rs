//! Which function of a call an event of its shard belongs to.

use std::time::Instant;

use media::Side;
use sip::{ClientId, Message, RSeq, ServerId};

use super::{Call, ClientOf, Desk, Moment, stage::Stage};

/// Something that happened to a call.
pub(crate) enum CallEvent<'a> {
    /// A request inside one of its dialogs.
    Request(Side, ServerId, &'a Message),
    /// The ACK of a 2xx of ours.
    Ack(ServerId, &'a Message),
    /// Nobody acknowledged a 2xx of ours.
    AckMissing,
    /// An INVITE or re-INVITE was taken back.
    Cancelled(ServerId),
    /// A response to a request of ours, with its number when it is a reliable provisional one.
    Response(ClientId, ClientOf, &'a Message, Option<RSeq>),
    /// No response to a request of ours.
    Timeout(ClientId, ClientOf),
    /// The connection for a request of ours has broken.
    FlowFailed(ClientId, ClientOf),
    /// This time has come.
    Wake(Instant),
    /// The spool has written the answer.
    Recorded,
    /// The switch itself ends the call.
    End(domain::EndReason),
}

impl Call {
    pub(crate) fn on(&mut self, desk: &mut Desk, now: Moment, event: CallEvent<'_>) {
        match event {
            CallEvent::Request(side, server, request) => self.on_request(desk, now, side, server, request),
            CallEvent::Ack(server, ack) => {
                if !self.on_reoffer_ack(desk, now, server, ack) {
                    self.on_ack(desk, now, ack);
                    self.catch_up(desk, now);
                }
            }
            CallEvent::AckMissing => self.on_ack_missing(desk, now),
            CallEvent::Cancelled(server) => {
                let is_reoffer =
                    self.on_reoffer_cancel(desk, now, server) || self.on_kept_cancel(desk, now, server);
                if !is_reoffer && server == self.caller.server {
                    self.on_cancel(desk, now);
                }
            }
            CallEvent::Response(client, ClientOf::Dial(_), response, rseq) => {
                if self.turn_to(client) {
                    self.on_dial_response(desk, now, response, rseq);
                }
            }
            CallEvent::Response(_, ClientOf::Reoffer(_), response, _) => {
                self.on_reoffer_response(desk, now, response)
            }
            CallEvent::Response(_, ClientOf::PassedOn(_, server, request), response, _) => {
                let code = response.status().unwrap_or(500);
                if code >= 200 {
                    self.on_passed_on(desk, now, server, &request, code, Some(response));
                }
            }
            CallEvent::Response(client, ClientOf::Refresh(_, side, cseq), response, _) => {
                self.on_refresh_response(desk, now, side, client, cseq, response);
            }
            CallEvent::Timeout(_, ClientOf::Refresh(..)) => self.session_lost(desk, now),
            CallEvent::Timeout(client, ClientOf::Dial(_)) => {
                if matches!(self.stage, Stage::Dialling | Stage::Ringing) && self.turn_to(client) {
                    self.attempt_failed(desk, now, None, domain::EndReason::GatewayTimeout);
                }
            }
            CallEvent::Timeout(_, ClientOf::Reoffer(_)) => self.on_reoffer_timeout(desk, now),
            CallEvent::Timeout(_, ClientOf::PassedOn(_, server, request)) => {
                self.on_passed_on(desk, now, server, &request, 408, None);
            }
            // These belong to no call any more; the shard deals with them.
            CallEvent::Response(
                _,
                ClientOf::GivenUp(..) | ClientOf::Register(_) | ClientOf::Probe(_),
                ..,
            )
            | CallEvent::Timeout(_, ClientOf::GivenUp(..) | ClientOf::Register(_) | ClientOf::Probe(_))
            | CallEvent::FlowFailed(_, ClientOf::GivenUp(..) | ClientOf::Register(_) | ClientOf::Probe(_)) => {
            }
            CallEvent::FlowFailed(client, ClientOf::Dial(_)) => {
                if matches!(self.stage, Stage::Dialling | Stage::Ringing) && self.turn_to(client) {
                    self.attempt_unreachable(desk, now);
                }
            }
            // The session timer tells whether the side is still there.
            CallEvent::FlowFailed(_, ClientOf::Refresh(_, side, _)) => self.refresh_failed(desk, now, side),
            CallEvent::FlowFailed(_, ClientOf::Reoffer(_)) => self.on_reoffer_timeout(desk, now),
            CallEvent::FlowFailed(_, ClientOf::PassedOn(_, server, request)) => {
                self.on_passed_on(desk, now, server, &request, 503, None);
            }
            CallEvent::Wake(at) => self.on_wake(desk, now, at),
            CallEvent::Recorded => self.on_recorded(desk, now),
            CallEvent::End(reason) => self.end(desk, now, reason),
        }
    }
}
