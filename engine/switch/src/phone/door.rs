//! Phones and strangers before a shard.

use registrar::{Admission, Answer, Outcome, Output as Told};
use sip::{Flow, HeaderName, Message, ServerId};

use super::displaced;
use crate::call::{self, Desk, Moment, Output, Source};

/// Answers a REGISTER.
pub(crate) fn register(desk: &mut Desk, now: Moment, server: ServerId, flow: Flow, request: &Message) {
    let registrar = &desk.environment.registrar;
    if registrar.is_empty() {
        return call::refuse_stranger(desk, now, server, request);
    }
    let handled = registrar.register(now.since_epoch(), request, flow);
    if let Some(outcome) = handled.outcome {
        if outcome == Outcome::Good {
            desk.recognised = Some(flow.remote.ip());
        }
        desk.recorder.explain(trace::Fate::Login(outcome));
    }
    displaced::tell(desk, now, &handled.outputs);
    tell(desk, handled.outputs);
    answer(desk, now, server, request, &handled.answer);
}

/// The phone, or the trunk with a password, that sends this request, if it proves to be one; otherwise the request has been
/// answered.
pub(crate) fn admit(
    desk: &mut Desk,
    now: Moment,
    server: ServerId,
    flow: Flow,
    request: &Message,
) -> Option<Source> {
    let registrar = &desk.environment.registrar;
    if registrar.is_empty() {
        call::refuse_stranger(desk, now, server, request);
        return None;
    }
    let (admission, outcome, outputs) = registrar.admit(now.since_epoch(), request, flow);
    if let Some(outcome) = outcome {
        desk.recorder.explain(trace::Fate::Login(outcome));
    }
    tell(desk, outputs);
    if !matches!(admission, Admission::Refused(_)) {
        desk.recognised = Some(flow.remote.ip());
    }
    match admission {
        Admission::Phone(phone) => Some(Source::Phone(phone)),
        Admission::Trunk(gateway) => {
            let found = desk.environment.tables.load().mapping_gateway(gateway).cloned();
            if found.is_none() {
                // Its account has gone between two configurations.
                call::refuse_stranger(desk, now, server, request);
            }
            found.map(Source::Trunk)
        }
        Admission::Refused(refusal) => {
            answer(desk, now, server, request, &refusal);
            None
        }
    }
}

fn answer(desk: &mut Desk, now: Moment, server: ServerId, request: &Message, answer: &Answer) {
    match answer {
        Answer::Reply(reply) => {
            let response = reply.to(request, &desk.endpoint.new_tag());
            let anonymous = [HeaderName::Authorization, HeaderName::ProxyAuthorization]
                .into_iter()
                .all(|name| request.header(name).is_none());
            // A copy of one with credentials would count as another attempt.
            if anonymous && response.status_code.code() >= 400 {
                desk.endpoint.answer_and_forget(server, response);
            } else {
                desk.endpoint.respond(now.steady, server, response);
            }
        }
        Answer::Silent => {
            call::count_stranger(desk);
            desk.endpoint.ignore(now.steady, server);
        }
    }
}

fn tell(desk: &mut Desk, outputs: Vec<Told>) {
    desk.outputs.extend(outputs.into_iter().map(Output::Phone));
}
