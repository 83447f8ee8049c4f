//! Reliable provisional responses that we send (RFC 3262 §3); table in `crate::transaction::reliable`.

use std::time::Instant;

use rand::RngExt;
use rsip::Response;

use super::answer::{Machine, ServerTransaction, ack_key_of};
use super::{Endpoint, Event, ServerId};
use crate::flow::Flow;
use crate::message::Message;
use crate::method::Method;
use crate::name_addr::tag_of;
use crate::print::print_response;
use crate::reliability::RSeq;
use crate::reply::reply;
use crate::transaction::Class;
use crate::transaction::key::ack_key;
use crate::transaction::reliable::{Confirmed, Due, HeldAnswer, Reliable};
use crate::vocabulary::{find_header, header_list, make_header, replace_header};

const OPTION: &str = "100rel";

impl Endpoint {
    /// Sends a provisional response, 101 to 199 with a To tag, so that it cannot get lost: RSeq and `Require: 100rel`
    /// are added and it is repeated until its PRACK, which comes as [`Event::Request`] and is the user's to answer. A
    /// second one waits for the PRACK of the first. Without a PRACK for 64·T1 comes [`Event::AckMissing`].
    ///
    /// A 2xx given to [`Self::respond`] waits as long as a session description is unconfirmed (RFC 3262 §3).
    ///
    /// Only for callers that support or require `100rel`: see [`Message::supports`]. Gives the number, or `None` when
    /// nothing can be sent: the INVITE has its final response, is gone, or sixteen responses wait.
    pub fn respond_reliably(&mut self, now: Instant, server: ServerId, response: Response) -> Option<RSeq> {
        let reliable = (101..200).contains(&response.status_code.code());
        let key = ack_key_of(&response).filter(|_| reliable);
        let tag = find_header(&response.headers, "To").and_then(tag_of).map(str::to_owned);
        // §3: uniformly between 1 and 2³¹ − 1.
        let first = RSeq(self.random.random_range(1..1 << 31));
        let transaction = self.servers.get_mut(server.0)?;
        let (Some(key), Some(tag), Machine::Invite(machine)) = (key, tag, &transaction.machine) else {
            self.stats.unexpected += 1;
            return None;
        };
        let number = transaction.reliable.as_ref().map_or(Some(first), |reliable| reliable.number());
        let Some(rseq) = number.filter(|_| machine.is_proceeding()) else {
            self.stats.unexpected += 1;
            return None;
        };
        let describes_session = !response.body.is_empty();
        let bytes = print_response(&self.with_server_header(numbered(response, rseq)));
        let pace = self.pace(self.servers.get(server.0)?.flow);
        self.remember_ack_key(server, key);
        let transaction = self.servers.get_mut(server.0)?;
        let reliable = transaction.reliable.get_or_insert_with(|| Box::new(Reliable::starting_at(rseq)));
        let due = reliable.on_response(now, &pace, rseq, bytes, describes_session);
        self.note_tag(server, Some(&tag));
        if let Some(bytes) = due {
            self.send_response(now, server, Class::Provisional, bytes, None);
        }
        Some(rseq)
    }

    /// Whether a 2xx has been put aside, to be sent when the session description before it is confirmed.
    pub(super) fn holds_answer(
        &mut self,
        server: ServerId,
        answer: impl FnOnce(&Self) -> HeldAnswer,
    ) -> bool {
        let holds =
            |transaction: &ServerTransaction| transaction.reliable.as_ref().is_some_and(|r| r.holds_answer());
        if !self.servers.get(server.0).is_some_and(holds) {
            return false;
        }
        let answer = answer(self);
        let transaction = self.servers.get_mut(server.0);
        if let Some(reliable) = transaction.and_then(|transaction| transaction.reliable.as_mut())
            && !reliable.hold(answer)
        {
            self.stats.unexpected += 1;
        }
        true
    }

    /// A PRACK that is new. It is told when it confirms something and answered 481 otherwise; 400 when it does not say
    /// what it confirms.
    pub(super) fn on_prack(&mut self, now: Instant, flow: Flow, message: Message, prack: ServerId) {
        let Some(rack) = message.rack() else {
            let tag = self.stateless_tag(&message);
            return self.respond(now, prack, reply(&message, 400, Some("Bad RAck"), Some(&tag)));
        };
        let (local, remote) = (message.to_tag().unwrap_or(""), message.from_tag().unwrap_or(""));
        let key = ack_key(message.call_id(), local, remote, rack.cseq);
        let invite = self.by_ack.get(&key[..]).copied().filter(|_| rack.method == Method::Invite);
        let confirmed = invite.and_then(|invite| {
            let transaction = self.servers.get_mut(invite.0)?;
            let pace = crate::transaction::Pace::new(self.config.timers, transaction.flow.transport);
            Some((invite, transaction.reliable.as_mut()?.on_prack(now, &pace, rack.rseq)?))
        });
        let Some((invite, confirmed)) = confirmed else {
            let tag = self.stateless_tag(&message);
            return self.respond(now, prack, reply(&message, 481, None, Some(&tag)));
        };
        self.events.push_back(Event::Request { server: prack, flow, message });
        match confirmed {
            Confirmed::Nothing => self.plan_server(invite),
            Confirmed::Next(bytes) => self.send_response(now, invite, Class::Provisional, bytes, None),
            Confirmed::Answer(HeldAnswer { bytes, ack_key }) => {
                self.send_response(now, invite, Class::Success, bytes, ack_key);
            }
        }
    }

    /// Repeats an unconfirmed response, or tells that it never was confirmed.
    pub(super) fn reliable_timer(&mut self, now: Instant, server: ServerId) {
        let transaction = self.servers.get_mut(server.0);
        let due = transaction.and_then(|transaction| transaction.reliable.as_mut()?.on_timer(now));
        match due {
            Some(Due::Resend(bytes)) => {
                if let Some(flow) = self.servers.get(server.0).map(|transaction| transaction.flow) {
                    self.stats.retransmissions_out += 1;
                    self.send(flow, bytes);
                }
            }
            Some(Due::Missing) => self.events.push_back(Event::AckMissing { server }),
            None => {}
        }
    }
}

/// The response with RSeq and `100rel` in Require (RFC 3262 §3).
fn numbered(mut response: Response, rseq: RSeq) -> Response {
    let required = header_list(&response.headers, "Require").collect::<Vec<_>>().join(", ");
    let listed = required.split(',').any(|option| option.trim().eq_ignore_ascii_case(OPTION));
    match (required.is_empty(), listed) {
        (true, _) => response.headers.push(make_header("Require", OPTION)),
        (false, true) => {}
        (false, false) => {
            replace_header(&mut response.headers, "Require", format!("{required}, {OPTION}"));
        }
    }
    replace_header(&mut response.headers, "RSeq", rseq.to_string());
    response
}
