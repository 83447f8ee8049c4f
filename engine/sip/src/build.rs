//! Requests that open something: INVITE, and OPTIONS or REGISTER made the same way.

use rsip::{Headers, Request, Version};

use crate::endpoint::Endpoint;
use crate::method::Method;
use crate::name_addr::NameAddr;
use crate::params::Params;
use crate::uri::SipUri;
use crate::vocabulary::make_header;

/// What a new call says about itself.
#[derive(Clone, Debug)]
pub struct InviteSpec {
    /// The Request-URI.
    pub uri: SipUri,
    /// Display name of From.
    pub from_display: Option<String>,
    /// User part of From, as it goes on the wire; empty for none.
    pub from_user: String,
    /// Host of From, IPv6 in brackets, with a port if it needs one.
    pub from_host: String,
    /// User part of To; empty for none.
    pub to_user: String,
    /// Host of To.
    pub to_host: String,
    /// Users of From and To that are telephone numbers say so (RFC 3261 §19.1.1).
    pub user_phone: bool,
    /// The Contact value, with its angle brackets.
    pub contact: String,
    /// Hops left (RFC 3261 §20.22).
    pub max_forwards: u8,
    /// Further headers, in order.
    pub headers: Vec<(String, String)>,
    /// Media type and bytes of the body.
    pub body: Option<(String, Vec<u8>)>,
}

/// An INVITE with a new Call-ID and From tag, CSeq 1 (RFC 3261 §8.1.1, §13.2.1).
pub fn build_invite(endpoint: &mut Endpoint, spec: &InviteSpec) -> Request {
    fill(endpoint, rsip::Method::Invite, spec)
}

/// Any other request outside a dialog, such as OPTIONS or REGISTER; `None` for an unknown method.
pub fn build_request(endpoint: &mut Endpoint, method: &Method, spec: &InviteSpec) -> Option<Request> {
    Some(fill(endpoint, method.to_rsip()?, spec))
}

fn fill(endpoint: &mut Endpoint, method: rsip::Method, spec: &InviteSpec) -> Request {
    let mut tag = Params::new();
    tag.set("tag", Some(&endpoint.new_tag()));
    let mut from = NameAddr {
        display: spec.from_display.clone(),
        uri: SipUri::sip(&spec.from_user, &spec.from_host, None),
        params: tag,
    };
    let mut to = NameAddr {
        display: None,
        uri: SipUri::sip(&spec.to_user, &spec.to_host, None),
        params: Params::new(),
    };
    if spec.user_phone {
        from.uri.mark_phone();
        to.uri.mark_phone();
    }
    let mut headers = vec![
        make_header("Max-Forwards", spec.max_forwards.to_string()),
        make_header("From", from.to_string()),
        make_header("To", to.to_string()),
        make_header("Call-ID", endpoint.new_call_id()),
        make_header("CSeq", format!("1 {}", Method::from(method))),
    ];
    if !spec.contact.is_empty() {
        headers.push(make_header("Contact", spec.contact.as_str()));
    }
    headers.extend(spec.headers.iter().map(|(name, value)| make_header(name, value.as_str())));
    let mut body = Vec::new();
    if let Some((kind, bytes)) = &spec.body {
        headers.push(make_header("Content-Type", kind.as_str()));
        body.clone_from(bytes);
    }
    Request { method, uri: spec.uri.to_rsip(), version: Version::V2, headers: Headers::from(headers), body }
}
