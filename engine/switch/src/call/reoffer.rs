//! A new offer inside the conversation: re-INVITE (RFC 3261 §14) and UPDATE (RFC 3311), passed from one leg to the other.

use domain::{EndReason, ReleaseSide};
use media::Side;
use sip::{Agreed, ClientId, Flow, Message, Method, ServerId, SessionAsk, TimerOffer, session_headers};

use super::{
    Call, ClientOf, Desk, Moment,
    bridge::{answer, answer_later, way},
    setup::is_sdp,
    stage::Stage,
};

/// One exchange under way; there is one at a time in a call.
pub(crate) struct Reoffer {
    /// Who asked.
    from: Side,
    server: ServerId,
    request: Message,
    client: ClientId,
    flow: Flow,
    /// CSeq of our request to the other side.
    cseq: u32,
    /// What the asker is answered about session timers, and what the other side is asked.
    agreed: Option<Agreed>,
    ask: Option<SessionAsk>,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// The other side has not answered.
    Asked,
    /// The other side's 2xx held the offer; the asker's ACK brings the answer.
    AnswerInAck,
    /// Nothing more to pass on; the asker's ACK is missing.
    Answered,
}

impl Call {
    pub(super) fn on_reoffer(
        &mut self,
        desk: &mut Desk,
        now: Moment,
        from: Side,
        server: ServerId,
        request: &Message,
    ) {
        let invite = request.method() == Some(&Method::Invite);
        match &self.reoffer {
            // RFC 3261 §14.2: a second one of the same side waits its turn, one of the other side is glare.
            Some(under_way) if under_way.state != State::Answered => {
                return if under_way.from == from {
                    answer_later(desk, now, server, request, 500)
                } else {
                    answer(desk, now, server, request, 491)
                };
            }
            _ => {}
        }
        let talking = self.stage == Stage::Talking;
        // Session timers begin with the 2xx (RFC 4028 §7).
        let agreed = match self.policy(from).answer(&TimerOffer::of(request)) {
            Ok(agreed) => agreed.filter(|_| talking),
            Err(too_small) => {
                let mut refused = sip::reply(request, 422, None, None);
                refused.headers.push(too_small.header());
                return desk.endpoint.respond(now.steady, server, refused);
            }
        };
        let ask = {
            let policy = self.policy(from.other());
            self.watch_mut(from.other()).filter(|_| talking).map(|watch| watch.ask(&policy))
        };
        let body = match self.pass_description(from, request) {
            Ok(body) => body,
            Err(status) => return answer(desk, now, server, request, status),
        };
        if from == Side::Callee {
            self.note_described(request.body());
        }
        if invite {
            answer(desk, now, server, request, 100);
        }
        let id = self.id;
        let to = self.request_address(from.other());
        let Some(dialog) = self.dialog_mut(from.other()) else {
            return answer(desk, now, server, request, 481);
        };
        let contact = desk.contact(&dialog.flow).to_owned();
        let mut forwarded = dialog.request(if invite { rsip::Method::Invite } else { rsip::Method::Update });
        let (flow, cseq) = (way(dialog, to), dialog.local_cseq);
        if sip::find_header(&forwarded.headers, "Contact").is_none() {
            forwarded.headers.push(sip::make_header("Contact", contact));
        }
        put_description(body, &mut forwarded.headers, &mut forwarded.body);
        for header in ask.iter().flat_map(SessionAsk::headers) {
            forwarded.headers.push(header);
        }
        let client = desk.endpoint.request(now.steady, flow, forwarded);
        desk.clients.insert(client, ClientOf::Reoffer(id));
        desk.servers.insert(server, id);
        // An exchange that only waited for its ACK can wait no longer: there is room for one.
        if let Some(before) = self.reoffer.take() {
            desk.servers.remove(&before.server);
        }
        self.reoffer = Some(Reoffer {
            from,
            server,
            request: request.clone(),
            client,
            flow,
            cseq,
            agreed,
            ask,
            state: State::Asked,
        });
    }

    /// The other side's answer.
    pub(super) fn on_reoffer_response(&mut self, desk: &mut Desk, now: Moment, response: &Message) {
        let code = response.status().unwrap_or(500);
        if code < 200 {
            return;
        }
        let Some(mut reoffer) = self.reoffer.take() else { return };
        let invite = reoffer.request.method() == Some(&Method::Invite);
        if code >= 300 {
            return self.reoffer_refused(desk, now, &reoffer, code);
        }
        let answerer = reoffer.from.other();
        let body = self.pass_description(answerer, response).unwrap_or_default();
        if answerer == Side::Callee && body.is_some() {
            self.note_described(response.body());
        }
        let Some(dialog) = self.dialog_mut(answerer) else { return };
        // An unreadable Contact leaves the target as it was.
        let _ = dialog.confirm(response, false);
        let delayed = invite && reoffer.request.body().is_empty() && body.is_some();
        if invite && !delayed {
            let ack = dialog.ack(reoffer.cseq);
            desk.endpoint.acknowledge(now.steady, reoffer.client, reoffer.flow, ack);
        }
        let mut accepted = sip::reply(&reoffer.request, code, None, None);
        let asker = self.dialog_mut(answerer.other()).map(|dialog| dialog.flow);
        if let Some(flow) = asker {
            accepted.headers.push(sip::make_header("Contact", desk.contact(&flow)));
        }
        accepted.headers.push(sip::make_header("Allow", super::dial::ALLOW));
        put_description(body, &mut accepted.headers, &mut accepted.body);
        if let Some(agreed) = reoffer.agreed {
            let supported = TimerOffer::of(&reoffer.request).supported;
            session_headers(&agreed, supported).into_iter().for_each(|header| accepted.headers.push(header));
        }
        desk.endpoint.respond(now.steady, reoffer.server, accepted);
        self.renew(desk, now, reoffer.from, reoffer.agreed);
        self.renew(desk, now, answerer, reoffer.ask.and_then(|ask| ask.agreed(response)));
        desk.clients.remove(&reoffer.client);
        if invite {
            reoffer.state = if delayed { State::AnswerInAck } else { State::Answered };
            self.reoffer = Some(reoffer);
        } else {
            desk.servers.remove(&reoffer.server);
        }
    }

    fn reoffer_refused(&mut self, desk: &mut Desk, now: Moment, reoffer: &Reoffer, code: u16) {
        desk.clients.remove(&reoffer.client);
        desk.servers.remove(&reoffer.server);
        answer(desk, now, reoffer.server, &reoffer.request, code);
        // RFC 3261 §12.2.1.2: the other side no longer knows the call.
        if matches!(code, 408 | 481) {
            self.hang_up_both(desk, now, EndReason::SignallingLost, ReleaseSide::Switch);
        }
    }

    /// Nobody answered the request that was passed on.
    pub(super) fn on_reoffer_timeout(&mut self, desk: &mut Desk, now: Moment) {
        if let Some(reoffer) = self.reoffer.take() {
            self.reoffer_refused(desk, now, &reoffer, 408);
        }
    }

    /// The asker's ACK. Gives `false` when the transaction is not the re-INVITE's.
    pub(super) fn on_reoffer_ack(
        &mut self,
        desk: &mut Desk,
        now: Moment,
        server: ServerId,
        ack: &Message,
    ) -> bool {
        let Some(reoffer) = self.reoffer.take_if(|reoffer| reoffer.server == server) else { return false };
        desk.servers.remove(&server);
        if reoffer.state == State::AnswerInAck {
            let body = self.pass_description(reoffer.from, ack).unwrap_or_default();
            if let Some(dialog) = self.dialog_mut(reoffer.from.other()) {
                let mut forwarded = dialog.ack(reoffer.cseq);
                put_description(body, &mut forwarded.headers, &mut forwarded.body);
                desk.endpoint.acknowledge(now.steady, reoffer.client, reoffer.flow, forwarded);
            }
        }
        true
    }

    /// The asker takes its re-INVITE back: so do we. Gives `false` when the transaction is not the re-INVITE's.
    pub(super) fn on_reoffer_cancel(&mut self, desk: &mut Desk, now: Moment, server: ServerId) -> bool {
        let Some(reoffer) = self.reoffer.as_ref().filter(|reoffer| reoffer.server == server) else {
            return false;
        };
        // The 487 of the other side comes back as the answer.
        desk.endpoint.cancel(now.steady, reoffer.client);
        true
    }

    /// Answers what is still open when the call ends.
    pub(super) fn drop_reoffer(&mut self, desk: &mut Desk, now: Moment) {
        if let Some(reoffer) = self.reoffer.take() {
            desk.clients.remove(&reoffer.client);
            desk.servers.remove(&reoffer.server);
            if reoffer.state == State::Asked {
                answer(desk, now, reoffer.server, &reoffer.request, 487);
            }
        }
    }

    /// The description in a message, for the other side; `Err` holds the status that refuses it.
    fn pass_description(&mut self, from: Side, message: &Message) -> Result<Option<Vec<u8>>, u16> {
        if message.body().is_empty() {
            return Ok(None);
        }
        if !is_sdp(message) {
            return Err(415);
        }
        match &mut self.talk {
            Some(talk) => talk.pass(from, message.body()).map(Some).map_err(|_| 488),
            None => Err(488),
        }
    }
}

fn put_description(description: Option<Vec<u8>>, headers: &mut rsip::Headers, body: &mut Vec<u8>) {
    if let Some(description) = description {
        headers.push(sip::make_header("Content-Type", "application/sdp"));
        *body = description;
    }
}
