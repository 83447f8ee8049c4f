//! What two ends remember about each other between INVITE and BYE (RFC 3261 §12).

use std::net::SocketAddr;

use rsip::{Headers, Request, Version};

use crate::flow::Flow;
use crate::message::{HeaderName, Message, ParseError};
use crate::method::Method;
use crate::name_addr::{NameAddr, tag_of};
use crate::reliability::{RAck, RSeq};
use crate::uri::SipUri;
use crate::vocabulary::{find_header, make_header};

#[cfg(test)]
mod tests;

const MAX_FORWARDS: &str = "70";

/// What names a dialog, seen from our side (RFC 3261 §12).
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct DialogId {
    /// The Call-ID.
    pub call_id: String,
    /// Our tag.
    pub local_tag: String,
    /// The peer's tag; empty for RFC 2543 peers.
    pub remote_tag: String,
}

/// Why a request does not fit its dialog.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum DialogError {
    /// Call-ID or tags are of another dialog.
    #[error("request of another dialog")]
    Stranger,
    /// Its CSeq was used before (RFC 3261 §12.2.2).
    #[error("CSeq out of order")]
    OutOfOrder,
}

impl DialogError {
    /// The status to answer with.
    pub fn status(self) -> u16 {
        match self {
            Self::Stranger => 481,
            Self::OutOfOrder => 500,
        }
    }
}

/// One end of a dialog. Header texts are kept as they were, so that requests repeat them byte for byte.
#[derive(Clone, Debug)]
pub struct Dialog {
    /// The Call-ID.
    pub call_id: String,
    /// Our tag.
    pub local_tag: String,
    /// The peer's tag; empty for RFC 2543 peers.
    pub remote_tag: String,
    /// From of our requests, with our tag.
    pub local: String,
    /// To of our requests, with the peer's tag.
    pub remote: String,
    /// Where requests are meant for: the peer's Contact.
    pub remote_target: SipUri,
    /// Route elements of our requests, next hop first.
    pub routes: Vec<String>,
    /// The number of our last request; 0 before the first.
    pub local_cseq: u32,
    /// The number of the peer's last request.
    pub remote_cseq: Option<u32>,
    /// The path that opened the dialog.
    pub flow: Flow,
    /// Our Contact value; empty for none.
    pub local_contact: String,
}

impl Dialog {
    /// The callee's end, once a response with `local_tag` opens it (RFC 3261 §12.1.1).
    ///
    /// # Errors
    /// When Contact or From cannot be read. An INVITE without Contact is taken to mean its From.
    pub fn uas(invite: &Message, local_tag: &str, flow: Flow, contact: &str) -> Result<Self, ParseError> {
        let to = invite.header(HeaderName::To).ok_or(ParseError::Missing(HeaderName::To))?;
        let local = match invite.to_tag() {
            Some(_) => to.to_owned(),
            None => format!("{to};tag={local_tag}"),
        };
        let remote_target = match contact_of(invite)? {
            Some(target) => target,
            None => invite.from()?.uri,
        };
        Ok(Self {
            call_id: invite.call_id().to_owned(),
            local_tag: invite.to_tag().unwrap_or(local_tag).to_owned(),
            remote_tag: invite.from_tag().unwrap_or("").to_owned(),
            local,
            remote: invite.header(HeaderName::From).unwrap_or("").to_owned(),
            remote_target,
            routes: invite.record_routes(),
            local_cseq: 0,
            remote_cseq: Some(invite.cseq().0),
            flow,
            local_contact: contact.to_owned(),
        })
    }

    /// The caller's end, from the INVITE as built and a provisional or successful response (RFC 3261 §12.1.2).
    /// For the 2xx after a provisional response of the same To tag see [`Self::confirm`].
    ///
    /// # Errors
    /// When a provisional response has no To tag (no dialog yet), or Contact cannot be read. A response without
    /// Contact is taken to mean the Request-URI.
    pub fn uac(invite: &Request, response: &Message, flow: Flow) -> Result<Self, ParseError> {
        let remote = response.header(HeaderName::To).ok_or(ParseError::Missing(HeaderName::To))?;
        if response.to_tag().is_none() && response.status().is_none_or(|status| status < 200) {
            return Err(ParseError::Missing(HeaderName::To));
        }
        let local = find_header(&invite.headers, "From").ok_or(ParseError::Missing(HeaderName::From))?;
        let remote_target = match contact_of(response)? {
            Some(target) => target,
            None => SipUri::parse(&invite.uri.to_string())?,
        };
        let mut routes = response.record_routes();
        routes.reverse();
        Ok(Self {
            call_id: response.call_id().to_owned(),
            local_tag: tag_of(local).unwrap_or("").to_owned(),
            remote_tag: response.to_tag().unwrap_or("").to_owned(),
            local: local.to_owned(),
            remote: remote.to_owned(),
            remote_target,
            routes,
            local_cseq: response.cseq().0,
            remote_cseq: None,
            flow,
            local_contact: find_header(&invite.headers, "Contact").unwrap_or("").to_owned(),
        })
    }

    /// Takes over what a 2xx says: the target always, the route set when it answers the INVITE that opened the dialog
    /// (`opening`; RFC 3261 §13.2.2.4). Our CSeq goes on, whatever was sent in the early dialog.
    ///
    /// # Errors
    /// When Contact cannot be read; nothing is changed then.
    pub fn confirm(&mut self, response: &Message, opening: bool) -> Result<(), ParseError> {
        if let Some(target) = contact_of(response)? {
            self.remote_target = target;
        }
        if opening {
            self.routes = response.record_routes();
            self.routes.reverse();
        }
        Ok(())
    }

    /// The next request of ours: CSeq one higher (RFC 3261 §12.2.1.1). Add body and further headers before sending.
    pub fn request(&mut self, method: rsip::Method) -> Request {
        self.local_cseq += 1;
        self.build(method, self.local_cseq)
    }

    /// The ACK of a 2xx to our INVITE with that CSeq number (RFC 3261 §13.2.2.4).
    pub fn ack(&self, invite_cseq: u32) -> Request {
        self.build(rsip::Method::Ack, invite_cseq)
    }

    /// The PRACK that confirms a reliable provisional response to our request `method` with that CSeq number
    /// (RFC 3262 §4).
    pub fn prack(&mut self, rseq: RSeq, cseq: u32, method: Method) -> Request {
        let mut request = self.request(rsip::Method::PRack);
        request.headers.push(make_header("RAck", RAck { rseq, cseq, method }.to_string()));
        request
    }

    fn build(&self, method: rsip::Method, cseq: u32) -> Request {
        let (uri, routes) = self.path();
        let mut headers = vec![make_header("Max-Forwards", MAX_FORWARDS)];
        headers.extend(routes.into_iter().map(|route| make_header("Route", route)));
        headers.push(make_header("From", self.local.as_str()));
        headers.push(make_header("To", self.remote.as_str()));
        headers.push(make_header("Call-ID", self.call_id.as_str()));
        headers.push(make_header("CSeq", format!("{cseq} {}", Method::from(method))));
        // RFC 3261 table 2: BYE carries no Contact.
        if !self.local_contact.is_empty() && method != rsip::Method::Bye {
            headers.push(make_header("Contact", self.local_contact.as_str()));
        }
        let headers = Headers::from(headers);
        Request { method, uri: uri.to_rsip(), version: Version::V2, headers, body: Vec::new() }
    }

    /// Request-URI and Route. A strict router (first route without `lr`) becomes the Request-URI and the target the
    /// last route (RFC 3261 §12.2.1.1).
    fn path(&self) -> (SipUri, Vec<String>) {
        match self.routes.first().and_then(|route| NameAddr::parse(route).ok()) {
            Some(first) if !first.uri.params.contains("lr") => {
                let mut routes = self.routes[1..].to_vec();
                routes.push(format!("<{}>", self.remote_target));
                let mut uri = first.uri;
                uri.params.remove("method");
                uri.headers.clear();
                (uri, routes)
            }
            _ => (self.remote_target.clone(), self.routes.clone()),
        }
    }

    /// Whether a request belongs here and comes in order; remembers its CSeq, and its Contact when it is an INVITE or
    /// UPDATE (RFC 3261 §12.2.2, RFC 3311 §5.2). ACK and CANCEL repeat a number and are never out of order.
    pub fn accepts(&mut self, request: &Message) -> Result<(), DialogError> {
        if request.call_id() != self.call_id
            || request.to_tag().unwrap_or("") != self.local_tag
            || request.from_tag().unwrap_or("") != self.remote_tag
        {
            return Err(DialogError::Stranger);
        }
        let (number, method) = request.cseq();
        if matches!(method, Method::Ack | Method::Cancel) {
            return Ok(());
        }
        if self.remote_cseq.is_some_and(|last| number <= last) {
            return Err(DialogError::OutOfOrder);
        }
        self.remote_cseq = Some(number);
        if matches!(method, Method::Invite | Method::Update)
            && let Ok(Some(target)) = contact_of(request)
        {
            self.remote_target = target;
        }
        Ok(())
    }

    /// Its name.
    pub fn id(&self) -> DialogId {
        DialogId {
            call_id: self.call_id.clone(),
            local_tag: self.local_tag.clone(),
            remote_tag: self.remote_tag.clone(),
        }
    }

    /// Where requests go when that is written as a literal address: the first route, or else the target. Behind NAT
    /// the flow's remote address is the better choice.
    pub fn next_hop(&self) -> Option<SocketAddr> {
        match self.routes.first() {
            Some(route) => NameAddr::parse(route).ok()?.uri.socket_addr(),
            None => self.remote_target.socket_addr(),
        }
    }
}

fn contact_of(message: &Message) -> Result<Option<SipUri>, ParseError> {
    let contact = message.list(HeaderName::Contact).next();
    contact.map(|contact| NameAddr::parse(contact).map(|name| name.uri)).transpose()
}
