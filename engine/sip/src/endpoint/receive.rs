//! What comes from the network.

use std::hash::{DefaultHasher, Hasher};
use std::time::Instant;

use bytes::Bytes;

use super::{Endpoint, Event};
use crate::flow::Flow;
use crate::message::{self, Defect, HeaderName, Message, ParseError, Reading};
use crate::method::Method;
use crate::print::print_response;
use crate::reply::reply;
use crate::transaction::key::{ack_key, server_key};
use crate::via::Via;
use crate::vocabulary::make_header;

/// Seconds that a refused peer is asked to wait (RFC 3261 §21.5.4).
const RETRY_AFTER: &str = "5";

impl Endpoint {
    /// Takes one datagram, or one message cut from a stream. Retransmissions are answered, faulty requests refused,
    /// and everything new becomes an [`Event`]. Blanks are keep-alives and do nothing.
    pub fn on_datagram(&mut self, now: Instant, flow: Flow, bytes: Bytes) {
        match message::read(bytes) {
            Err(ParseError::Empty) => {}
            Err(why) => self.malformed(flow, why),
            Ok(Reading { mut message, defect }) => {
                message.set_source(flow.remote);
                match (defect, message.is_request()) {
                    (None, true) => self.on_request(now, flow, message),
                    (None, false) => self.on_response(now, flow, message),
                    (Some(defect), true) => self.refuse_defect(flow, &message, defect),
                    (Some(_), false) => self.stats.malformed += 1,
                }
            }
        }
        self.tidy_agenda();
    }

    /// Answers a request with a fault, unless it is an ACK (never answered) or says not even who sent it.
    fn refuse_defect(&mut self, flow: Flow, message: &Message, defect: Defect) {
        // A request of another version has Vias of that version; the way back is known all the same.
        let told =
            message.via().is_ok() || (defect == Defect::Version && message.header(HeaderName::Via).is_some());
        if message.method() != Some(&Method::Ack) && told {
            self.answer_stateless(flow, message, defect.status(), Some(&defect.to_string()), &[]);
        }
        self.malformed(flow, ParseError::Defect(defect));
    }

    fn on_request(&mut self, now: Instant, flow: Flow, message: Message) {
        let Some(method) = message.method().cloned() else { return };
        let Ok(via) = message.via() else { return };
        match method {
            Method::Ack => self.on_ack(now, flow, message.clone(), &via),
            Method::Cancel => self.on_cancel(now, flow, &message, &via),
            _ => {
                let key = server_key(&message, &via, &method);
                if self.repeated(now, &key) {
                    return;
                }
                if self.is_full() {
                    self.stats.refused += 1;
                    self.answer_stateless(flow, &message, 503, None, &[("Retry-After", RETRY_AFTER)]);
                    return;
                }
                let origin = self.merge_key(&message);
                if origin.is_some_and(|origin| self.by_origin.contains_key(&origin)) {
                    self.stats.merged += 1;
                    self.answer_stateless(flow, &message, 482, None, &[]);
                    return;
                }
                let server = self.open_server(now, flow, &message, &method, &key);
                self.note_origin(server, origin);
                if method == Method::Prack {
                    return self.on_prack(now, flow, message, server);
                }
                self.events.push_back(Event::Request { server, flow, message });
            }
        }
    }

    /// An ACK belongs to the INVITE with its branch when that failed, and to the one of its dialog when it succeeded.
    /// Peers that reuse the branch for a 2xx are served by the first way as well.
    fn on_ack(&mut self, now: Instant, flow: Flow, message: Message, via: &Via<'_>) {
        let same_branch = server_key(&message, via, &Method::Invite);
        let server = self.by_key.get(&same_branch[..]).copied().or_else(|| {
            let (local, remote) = (message.to_tag().unwrap_or(""), message.from_tag().unwrap_or(""));
            self.by_ack.get(&ack_key(message.call_id(), local, remote, message.cseq().0)[..]).copied()
        });
        match server {
            Some(server) => self.server_ack(now, server, flow, message),
            None => {
                self.stats.stray_acks += 1;
                self.events.push_back(Event::Ack { server: None, flow, message });
            }
        }
    }

    /// A CANCEL is answered here: 200 with the INVITE's To tag when there is one to cancel, else 481
    /// (RFC 3261 §9.2).
    fn on_cancel(&mut self, now: Instant, flow: Flow, message: &Message, via: &Via<'_>) {
        let key = server_key(message, via, &Method::Cancel);
        if self.repeated(now, &key) {
            return;
        }
        let invite = self.by_key.get(&server_key(message, via, &Method::Invite)[..]).copied();
        let code = if invite.is_some() { 200 } else { 481 };
        let tag = invite.and_then(|invite| self.local_tag_of(invite));
        let tag = tag.unwrap_or_else(|| self.stateless_tag(message));
        let response = reply(message, code, None, Some(&tag));
        // A caller must be able to hang up even when nothing else is let in.
        if self.is_full() {
            self.stats.refused += 1;
            let bytes = print_response(&self.with_server_header(response));
            self.send(flow, bytes);
        } else {
            let server = self.open_server(now, flow, message, &Method::Cancel, &key);
            self.respond(now, server, response);
        }
        if let Some(invite) = invite {
            self.server_cancel(now, invite, message);
        }
    }

    /// Answers without keeping anything; the To tag is the same for each retransmission (RFC 3261 §8.2.7).
    fn answer_stateless(
        &mut self,
        flow: Flow,
        message: &Message,
        code: u16,
        reason: Option<&str>,
        more: &[(&str, &str)],
    ) {
        let tag = self.stateless_tag(message);
        let mut response = reply(message, code, reason, Some(&tag));
        for (name, value) in more {
            response.headers.push(make_header(name, *value));
        }
        let bytes = print_response(&self.with_server_header(response));
        self.send(flow, bytes);
    }

    pub(super) fn stateless_tag(&self, message: &Message) -> String {
        let mut hash = DefaultHasher::new();
        hash.write_u64(self.secret[0]);
        hash.write(message.call_id().as_bytes());
        hash.write(message.via().ok().and_then(|via| via.branch()).unwrap_or("").as_bytes());
        hash.write_u64(self.secret[1]);
        format!("{}{:016x}", self.config.mark, hash.finish())
    }
}
