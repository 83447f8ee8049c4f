//! Requests that we send: client transactions.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use rand::RngExt;
use rsip::Request;

use super::{ClientId, Endpoint, Event, Whose};
use crate::flow::Flow;
use crate::message::{HeaderName, Message};
use crate::method::Method;
use crate::name_addr::tag_of;
use crate::print::print_request_under;
use crate::transaction::client::Client;
use crate::transaction::invite_client::InviteClient;
use crate::transaction::{Class, ClientStep, ClientSteps};
use crate::vocabulary::find_header;

/// Hops a request may take when its builder did not say (RFC 3261 §8.1.1.6).
const MAX_FORWARDS: &str = "70";

pub(super) struct ClientTransaction {
    branch: u64,
    flow: Flow,
    /// As sent; let go once nothing can need it any more.
    pub(super) request: Bytes,
    machine: Machine,
    pub(super) queued: Option<Instant>,
}

enum Machine {
    Invite(InviteClient),
    Other(Client),
    /// A CANCEL; its fate interests nobody but the INVITE's timer.
    Cancel(Client),
}

impl Machine {
    fn deadline(&self) -> Option<Instant> {
        match self {
            Self::Invite(machine) => machine.deadline(),
            Self::Other(machine) | Self::Cancel(machine) => Some(machine.deadline()),
        }
    }
}

impl Endpoint {
    /// Sends a request along `flow` and watches over it. The top Via (with our branch and `rport`), Max-Forwards and
    /// User-Agent are added. Responses come as [`Event::Response`]; a failed INVITE is acknowledged by itself.
    ///
    /// An ACK has no transaction (RFC 3261 §17): it is sent once; that of a 2xx belongs to [`Self::acknowledge`].
    ///
    /// Beyond [`super::EndpointConfig::max_transactions`] nothing is sent and [`Event::ClientTimeout`] comes at once.
    pub fn request(&mut self, now: Instant, flow: Flow, request: Request) -> ClientId {
        self.request_again_after(now, flow, request, None)
    }

    /// As [`Self::request`]; over UDP an INVITE to which nothing is heard is sent again after these waits, one after the other,
    /// and then no more, in place of the doubling ones of RFC 3261 §17.1.1.2.
    pub fn request_again_after(
        &mut self,
        now: Instant,
        flow: Flow,
        request: Request,
        waits: Option<Arc<[Duration]>>,
    ) -> ClientId {
        if self.is_full() {
            self.stats.refused += 1;
            let client = ClientId(self.clients.spare());
            self.events.push_back(Event::ClientTimeout { client });
            return client;
        }
        let branch = self.fresh_branch();
        let bytes = self.print_with_via(flow, branch, &request);
        if request.method == rsip::Method::Ack {
            self.send(flow, bytes);
            return ClientId(self.clients.spare());
        }
        let pace = self.pace(flow);
        let machine = match request.method {
            rsip::Method::Invite => Machine::Invite(InviteClient::start(now, &pace, waits)),
            _ => Machine::Other(Client::start(now, &pace)),
        };
        self.open_client(ClientTransaction { branch, flow, request: bytes, machine, queued: None })
    }

    /// Sends the ACK of a 2xx, and sends it again whenever that 2xx (the same To tag) comes again
    /// (RFC 3261 §13.2.2.4). When the INVITE's transaction has ended it is sent once.
    pub fn acknowledge(&mut self, _now: Instant, client: ClientId, flow: Flow, ack: Request) {
        let branch = self.fresh_branch();
        let bytes = self.print_with_via(flow, branch, &ack);
        let tag = find_header(&ack.headers, "To").and_then(tag_of).unwrap_or("");
        if let Some(ClientTransaction { machine: Machine::Invite(machine), .. }) =
            self.clients.get_mut(client.0)
        {
            // Kept for half a minute: without the room that it was written in.
            machine.on_acknowledge(tag, flow, Bytes::copy_from_slice(&bytes));
        }
        self.send(flow, bytes);
    }

    /// Withdraws an INVITE: at once, or when its first provisional response comes. Without effect after a final
    /// response and for other methods (RFC 3261 §9.1).
    pub fn cancel(&mut self, now: Instant, client: ClientId) {
        self.cancel_with(now, client, None);
    }

    /// The same with a Reason header, such as `SIP;cause=200;text="Call completed elsewhere"` (RFC 3326).
    pub fn cancel_with(&mut self, now: Instant, client: ClientId, reason: Option<String>) {
        let Some(transaction) = self.clients.get_mut(client.0) else { return };
        let pace = crate::transaction::Pace::new(self.config.timers, transaction.flow.transport);
        if let Machine::Invite(machine) = &mut transaction.machine {
            let steps = machine.on_cancel(now, &pace, reason);
            self.client_steps(now, client, steps, None);
        }
    }

    pub(super) fn on_response(&mut self, now: Instant, flow: Flow, message: Message) {
        let Some(client) = self.client_of(&message) else {
            self.stats.stray_responses += 1;
            return;
        };
        let class = Class::of(message.status().unwrap_or(0));
        let Some(transaction) = self.clients.get_mut(client.0) else { return };
        let pace = crate::transaction::Pace::new(self.config.timers, transaction.flow.transport);
        let steps = match &mut transaction.machine {
            Machine::Invite(machine) => {
                let (request, way) = (&transaction.request, transaction.flow);
                let tag = message.to_tag().unwrap_or("");
                let steps = machine.on_response(now, &pace, class, tag, message.rseq(), || {
                    (
                        way,
                        follow_up(request, Follow::Ack { to: message.header(HeaderName::To).unwrap_or("") }),
                    )
                });
                // 32 s of a kilobyte for every answered call adds up.
                if !machine.needs_request() {
                    transaction.request = Bytes::new();
                }
                steps
            }
            Machine::Other(machine) | Machine::Cancel(machine) => machine.on_response(now, &pace, class),
        };
        self.client_steps(now, client, steps, Some((flow, message)));
    }

    pub(super) fn client_timer(&mut self, now: Instant, at: Instant, client: ClientId) {
        let Some(transaction) = self.clients.get_mut(client.0) else { return };
        if transaction.queued != Some(at) {
            return;
        }
        transaction.queued = None;
        let steps = match &mut transaction.machine {
            Machine::Invite(machine) => machine.on_timer(now),
            Machine::Other(machine) | Machine::Cancel(machine) => machine.on_timer(now),
        };
        self.client_steps(now, client, steps, None);
    }

    /// Does what the machine wants, then plans its next timer.
    fn client_steps(
        &mut self,
        now: Instant,
        client: ClientId,
        steps: ClientSteps,
        got: Option<(Flow, Message)>,
    ) {
        for step in steps {
            let Some(transaction) = self.clients.get(client.0) else { return };
            let (flow, watched) = (transaction.flow, !matches!(transaction.machine, Machine::Cancel(_)));
            match step {
                ClientStep::Deliver => {
                    if let Some((flow, message)) = got.clone().filter(|_| watched) {
                        let rseq = match transaction.machine {
                            Machine::Invite(_) => message.rseq(),
                            Machine::Other(_) | Machine::Cancel(_) => None,
                        };
                        self.events.push_back(Event::Response { client, flow, message, rseq });
                    }
                }
                ClientStep::Resend => {
                    let bytes = transaction.request.clone();
                    self.stats.retransmissions_out += 1;
                    self.send(flow, bytes);
                }
                ClientStep::Acknowledge(flow, bytes) => self.send(flow, bytes),
                ClientStep::Cancel(reason) => {
                    let (branch, request) = (transaction.branch, &transaction.request);
                    let bytes = follow_up(request, Follow::Cancel { reason: reason.as_deref() });
                    let machine = Machine::Cancel(Client::start(now, &self.pace(flow)));
                    self.open_client(ClientTransaction {
                        branch,
                        flow,
                        request: bytes,
                        machine,
                        queued: None,
                    });
                }
                ClientStep::Repeated => self.stats.retransmissions_in += 1,
                ClientStep::TimedOut => {
                    if watched {
                        self.events.push_back(Event::ClientTimeout { client });
                    }
                }
                ClientStep::End => self.close_client(client),
                ClientStep::Unexpected => self.stats.unexpected += 1,
            }
        }
        if let Some(transaction) = self.clients.get_mut(client.0) {
            let deadline = transaction.machine.deadline();
            self.agenda.plan(deadline, Whose::Client(client), &mut transaction.queued);
        }
    }

    fn open_client(&mut self, transaction: ClientTransaction) -> ClientId {
        let key = (transaction.branch, matches!(transaction.machine, Machine::Cancel(_)));
        let (flow, bytes, deadline) =
            (transaction.flow, transaction.request.clone(), transaction.machine.deadline());
        let client = ClientId(self.clients.insert(transaction));
        self.by_branch.insert(key, client);
        self.streams.add(flow, Whose::Client(client));
        self.send(flow, bytes);
        if let Some(transaction) = self.clients.get_mut(client.0) {
            self.agenda.plan(deadline, Whose::Client(client), &mut transaction.queued);
        }
        client
    }

    /// Whether the user is told of a transaction: not of a CANCEL's, nor of an INVITE's that has its final response.
    pub(super) fn is_watched(&self, client: ClientId) -> bool {
        self.clients.get(client.0).is_some_and(|transaction| match &transaction.machine {
            Machine::Invite(machine) => machine.needs_request(),
            Machine::Other(machine) => machine.is_open(),
            Machine::Cancel(_) => false,
        })
    }

    pub(super) fn close_client(&mut self, client: ClientId) {
        if let Some(transaction) = self.clients.remove(client.0) {
            self.streams.remove(transaction.flow, Whose::Client(client));
            self.by_branch.remove(&(transaction.branch, matches!(transaction.machine, Machine::Cancel(_))));
        }
    }

    /// The transaction that a response answers: the branch of its top Via and the method of its CSeq
    /// (RFC 3261 §17.1.3).
    fn client_of(&self, message: &Message) -> Option<ClientId> {
        let branch = self.config.mark.branch_number(message.via().ok()?.branch()?)?;
        let method = message.cseq().1;
        let client = *self.by_branch.get(&(branch, method == Method::Cancel))?;
        let invite = matches!(self.clients.get(client.0)?.machine, Machine::Invite(_));
        (invite == (method == Method::Invite)).then_some(client)
    }

    fn fresh_branch(&mut self) -> u64 {
        loop {
            let branch = self.random.random();
            if !self.by_branch.contains_key(&(branch, false)) {
                return branch;
            }
        }
    }

    fn print_with_via(&self, flow: Flow, branch: u64, request: &Request) -> Bytes {
        let (ip, port) = (flow.local.ip(), flow.local.port());
        let sent_by = if ip.is_ipv6() { format!("[{ip}]:{port}") } else { format!("{ip}:{port}") };
        let branch = self.config.mark.branch(branch);
        let via = format!("SIP/2.0/{} {sent_by};branch={branch};rport", flow.transport);
        let mut above = vec![("Via", via.as_str())];
        if find_header(&request.headers, "Max-Forwards").is_none() {
            above.push(("Max-Forwards", MAX_FORWARDS));
        }
        let agent = self.config.user_agent.as_str();
        if !agent.is_empty() && find_header(&request.headers, "User-Agent").is_none() {
            above.push(("User-Agent", agent));
        }
        print_request_under(request, &above)
    }
}

/// The two requests that an INVITE can be followed by in its own transaction.
enum Follow<'a> {
    /// For a failure, with the To of the response (RFC 3261 §17.1.1.3).
    Ack { to: &'a str },
    /// RFC 3261 §9.1.
    Cancel { reason: Option<&'a str> },
}

/// An ACK or CANCEL made from the INVITE's own bytes: same Request-URI, top Via, From, Call-ID, CSeq number, routes.
fn follow_up(invite: &Bytes, follow: Follow<'_>) -> Bytes {
    let Ok(invite) = Message::parse(invite.clone()) else { return Bytes::new() };
    let first = |name| invite.header(name).unwrap_or("");
    let (method, to) = match follow {
        Follow::Ack { to } => ("ACK", to),
        Follow::Cancel { .. } => ("CANCEL", first(HeaderName::To)),
    };
    let mut out = String::with_capacity(512);
    let mut line = |name: &str, value: &str| {
        for part in [name, ": ", value, "\r\n"] {
            out.push_str(part);
        }
    };
    line("Via", invite.list(HeaderName::Via).next().unwrap_or(""));
    line("Max-Forwards", MAX_FORWARDS);
    for route in invite.headers(HeaderName::Route) {
        line("Route", route);
    }
    line("From", first(HeaderName::From));
    line("To", to);
    line("Call-ID", invite.call_id());
    line("CSeq", &format!("{} {method}", invite.cseq().0));
    if let Follow::Cancel { reason: Some(reason) } = follow {
        line("Reason", &crate::vocabulary::one_line(reason));
    }
    let agent = first(HeaderName::UserAgent);
    if !agent.is_empty() {
        line("User-Agent", agent);
    }
    line("Content-Length", "0");
    Bytes::from(format!("{method} {} SIP/2.0\r\n{out}\r\n", invite.request_uri()))
}
