//! Requests that we receive: server transactions.

use std::time::Instant;

use bytes::Bytes;
use rsip::Response;

use super::{Endpoint, Event, ServerId, Whose};
use crate::flow::Flow;
use crate::message::Message;
use crate::method::Method;
use crate::name_addr::tag_of;
use crate::print::print_response;
use crate::reply::reply;
use crate::transaction::invite_server::InviteServer;
use crate::transaction::key::ack_key;
use crate::transaction::reliable::{HeldAnswer, Reliable};
use crate::transaction::server::Server;
use crate::transaction::{Class, Pace, ServerStep, ServerSteps};
use crate::vocabulary::{find_header, make_header};

pub(super) struct ServerTransaction {
    key: Box<[u8]>,
    /// By what the ACK of our 2xx will find it.
    ack_key: Option<Box<[u8]>>,
    /// By what a copy on another way will find it (RFC 3261 §8.2.2.2).
    pub(super) merge_key: Option<u64>,
    /// The To tag that we gave, for the answer to a CANCEL.
    local_tag: Option<Box<str>>,
    pub(super) flow: Flow,
    pub(super) machine: Machine,
    /// Provisional responses that wait for a PRACK; most INVITEs have none.
    pub(super) reliable: Option<Box<Reliable>>,
    pub(super) queued: Option<Instant>,
}

pub(super) enum Machine {
    Invite(InviteServer),
    Other(Server),
}

impl ServerTransaction {
    fn deadline(&self) -> Option<Instant> {
        let own = match &self.machine {
            Machine::Invite(machine) => machine.deadline(),
            Machine::Other(machine) => Some(machine.deadline()),
        };
        let reliable = self.reliable.as_ref().and_then(|reliable| reliable.deadline());
        own.into_iter().chain(reliable).min()
    }
}

impl Endpoint {
    /// Sends a response, made by [`Endpoint::reply`], and repeats it as its transaction requires: a provisional one
    /// when the request comes again, a failure until its ACK, a 2xx to INVITE until its ACK or [`Event::AckMissing`].
    pub fn respond(&mut self, now: Instant, server: ServerId, response: Response) {
        let Some(transaction) = self.servers.get(server.0) else { return };
        let code = response.status_code.code();
        let class = Class::of(code);
        let accepted = class == Class::Success && matches!(transaction.machine, Machine::Invite(_));
        let ack_key = if accepted { ack_key_of(&response) } else { None };
        let local_tag = find_header(&response.headers, "To").and_then(tag_of).map(str::to_owned);
        if class == Class::Success
            && self.holds_answer(server, |own| HeldAnswer {
                bytes: print_response(&own.with_server_header(response.clone())),
                ack_key: ack_key.clone(),
            })
        {
            return;
        }
        let bytes = print_response(&self.with_server_header(response));
        self.note_tag(server, local_tag.as_deref());
        self.send_response(now, server, class, bytes, ack_key);
        if matches!(code, 401 | 407) {
            self.forget_merge_key(server);
        }
    }

    /// Hands a printed response to its machine.
    pub(super) fn send_response(
        &mut self,
        now: Instant,
        server: ServerId,
        class: Class,
        bytes: Bytes,
        ack_key: Option<Box<[u8]>>,
    ) {
        let Some(transaction) = self.servers.get_mut(server.0) else { return };
        let pace = Pace::new(self.config.timers, transaction.flow.transport);
        if class != Class::Provisional
            && let Some(reliable) = &mut transaction.reliable
        {
            reliable.on_final();
        }
        let steps = match &mut transaction.machine {
            Machine::Invite(machine) => machine.on_response(now, &pace, class, bytes),
            Machine::Other(machine) => machine.on_response(now, &pace, class, bytes),
        };
        if let Some(key) = ack_key
            && steps.iter().any(|step| matches!(step, ServerStep::Send(_)))
        {
            self.remember_ack_key(server, key);
        }
        self.server_steps(now, server, steps, None);
    }

    /// From now on the ACK of the 2xx, or a PRACK, finds this INVITE.
    pub(super) fn remember_ack_key(&mut self, server: ServerId, key: Box<[u8]>) {
        let Some(transaction) = self.servers.get_mut(server.0) else { return };
        let before = transaction.ack_key.replace(key.clone());
        if let Some(before) =
            before.filter(|before| *before != key && self.by_ack.get(before) == Some(&server))
        {
            self.by_ack.remove(&before);
        }
        self.by_ack.insert(key, server);
    }

    /// Keeps the To tag of the first response that has one.
    pub(super) fn note_tag(&mut self, server: ServerId, tag: Option<&str>) {
        if let Some(transaction) = self.servers.get_mut(server.0)
            && transaction.local_tag.is_none()
        {
            transaction.local_tag = tag.map(Box::from);
        }
    }

    /// Lets the responses to a request take another way than back where it came from; see [`crate::reply_flow`].
    pub fn reply_along(&mut self, server: ServerId, flow: Flow) {
        let Some(transaction) = self.servers.get_mut(server.0) else { return };
        let before = std::mem::replace(&mut transaction.flow, flow);
        self.streams.remove(before, Whose::Server(server));
        self.streams.add(flow, Whose::Server(server));
    }

    /// Meets a request with silence: its copies are absorbed for 64·T1 and no 100 is sent. Without effect once
    /// something was answered.
    pub fn ignore(&mut self, now: Instant, server: ServerId) {
        let Some(transaction) = self.servers.get_mut(server.0) else { return };
        match &mut transaction.machine {
            Machine::Invite(machine) => {
                let pace = Pace::new(self.config.timers, transaction.flow.transport);
                machine.on_silence(now, &pace);
                self.server_steps(now, server, ServerSteps::new(), None);
            }
            // It stays silent by itself until its time is over.
            Machine::Other(_) => {}
        }
    }

    /// Answers a request and keeps nothing of it (RFC 3261 §8.2.7): a copy of it is a new request, the ACK of an INVITE is
    /// dropped. For those who have not shown who they are: they cost no memory, and whoever writes somebody else's address
    /// on a request makes us send that one no more than was received.
    pub fn answer_and_forget(&mut self, server: ServerId, response: Response) {
        let Some(transaction) = self.servers.get(server.0) else { return };
        let flow = transaction.flow;
        let bytes = print_response(&self.with_server_header(response));
        self.close_server(server);
        self.send(flow, bytes);
    }

    pub(super) fn open_server(
        &mut self,
        now: Instant,
        flow: Flow,
        message: &Message,
        method: &Method,
        key: &[u8],
    ) -> ServerId {
        let machine = match method {
            Method::Invite => Machine::Invite(InviteServer::start(now, message.clone())),
            _ => Machine::Other(Server::start(now, &self.pace(flow))),
        };
        let key: Box<[u8]> = key.into();
        let transaction = ServerTransaction {
            key: key.clone(),
            ack_key: None,
            merge_key: None,
            local_tag: None,
            flow,
            machine,
            reliable: None,
            queued: None,
        };
        let server = ServerId(self.servers.insert(transaction));
        self.by_key.insert(key, server);
        self.streams.add(flow, Whose::Server(server));
        self.server_steps(now, server, ServerSteps::new(), None);
        server
    }

    /// Whether the request is a copy of one that is known; if so, it has been dealt with.
    pub(super) fn repeated(&mut self, now: Instant, key: &[u8]) -> bool {
        let Some(&server) = self.by_key.get(key) else { return false };
        let Some(transaction) = self.servers.get_mut(server.0) else { return false };
        self.stats.retransmissions_in += 1;
        let steps = match &mut transaction.machine {
            Machine::Invite(machine) => machine.on_repeated(),
            Machine::Other(machine) => machine.on_repeated(),
        };
        self.server_steps(now, server, steps, None);
        true
    }

    pub(super) fn server_ack(&mut self, now: Instant, server: ServerId, flow: Flow, message: Message) {
        let Some(transaction) = self.servers.get_mut(server.0) else { return };
        let pace = Pace::new(self.config.timers, transaction.flow.transport);
        if let Machine::Invite(machine) = &mut transaction.machine {
            let steps = machine.on_ack(now, &pace);
            self.server_steps(now, server, steps, Some((flow, message)));
        }
    }

    pub(super) fn server_cancel(&mut self, now: Instant, server: ServerId, message: &Message) {
        let Some(transaction) = self.servers.get_mut(server.0) else { return };
        if let Machine::Invite(machine) = &mut transaction.machine {
            let steps = machine.on_cancel();
            let flow = transaction.flow;
            self.server_steps(now, server, steps, Some((flow, message.clone())));
        }
    }

    pub(super) fn server_timer(&mut self, now: Instant, at: Instant, server: ServerId) {
        let Some(transaction) = self.servers.get_mut(server.0) else { return };
        if transaction.queued != Some(at) {
            return;
        }
        transaction.queued = None;
        let steps = match &mut transaction.machine {
            Machine::Invite(machine) => machine.on_timer(now),
            Machine::Other(machine) => machine.on_timer(now),
        };
        self.reliable_timer(now, server);
        self.server_steps(now, server, steps, None);
    }

    pub(super) fn local_tag_of(&self, server: ServerId) -> Option<String> {
        self.servers.get(server.0)?.local_tag.as_deref().map(str::to_owned)
    }

    pub(super) fn with_server_header(&self, mut response: Response) -> Response {
        let agent = self.config.user_agent.as_str();
        if !agent.is_empty() && find_header(&response.headers, "Server").is_none() {
            response.headers.push(make_header("Server", agent));
        }
        response
    }

    /// Does what the machine wants, then plans its next timer.
    fn server_steps(
        &mut self,
        now: Instant,
        server: ServerId,
        steps: ServerSteps,
        got: Option<(Flow, Message)>,
    ) {
        for step in steps {
            let Some(transaction) = self.servers.get(server.0) else { return };
            let flow = transaction.flow;
            match step {
                ServerStep::Send(bytes) => self.send(flow, bytes),
                ServerStep::Resend(bytes) => {
                    self.stats.retransmissions_out += 1;
                    self.send(flow, bytes);
                }
                ServerStep::Trying(request) => self.respond(now, server, reply(&request, 100, None, None)),
                ServerStep::DeliverAck => {
                    if let Some((flow, message)) = got.clone() {
                        self.events.push_back(Event::Ack { server: Some(server), flow, message });
                    }
                }
                ServerStep::DeliverCancel => {
                    if let Some((_, message)) = got.clone() {
                        self.events.push_back(Event::Cancelled { server, message });
                    }
                }
                ServerStep::AckMissing => self.events.push_back(Event::AckMissing { server }),
                ServerStep::End => self.close_server(server),
                ServerStep::Unexpected => self.stats.unexpected += 1,
            }
        }
        self.plan_server(server);
    }

    /// Notes when the transaction wants to be asked next.
    pub(super) fn plan_server(&mut self, server: ServerId) {
        if let Some(transaction) = self.servers.get_mut(server.0) {
            let deadline = transaction.deadline();
            self.agenda.plan(deadline, Whose::Server(server), &mut transaction.queued);
        }
    }

    /// The connection is gone: what would be repeated over it is not.
    pub(super) fn stop_repeating(&mut self, server: ServerId) {
        let Some(transaction) = self.servers.get_mut(server.0) else { return };
        if let Machine::Invite(machine) = &mut transaction.machine {
            machine.stop_repeating();
        }
        if let Some(reliable) = &mut transaction.reliable {
            reliable.stop_repeating();
        }
    }

    fn close_server(&mut self, server: ServerId) {
        let Some(transaction) = self.servers.remove(server.0) else { return };
        self.by_key.remove(&transaction.key);
        self.streams.remove(transaction.flow, Whose::Server(server));
        if let Some(key) = transaction.merge_key {
            self.by_origin.remove(&key);
        }
        // Another INVITE of the same number may have taken the ACK over; then the entry is not ours to remove.
        if let Some(key) = transaction.ack_key
            && self.by_ack.get(&key) == Some(&server)
        {
            self.by_ack.remove(&key);
        }
    }
}

/// The name by which the ACK of a 2xx, or a PRACK, finds the INVITE that this response answers.
pub(super) fn ack_key_of(response: &Response) -> Option<Box<[u8]>> {
    let header = |name| find_header(&response.headers, name);
    let (number, _) = crate::cseq::parse(header("CSeq")?)?;
    let local = header("To").and_then(tag_of).unwrap_or("");
    let remote = header("From").and_then(tag_of).unwrap_or("");
    Some(ack_key(header("Call-ID")?, local, remote, number)[..].into())
}
