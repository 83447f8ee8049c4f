//! What an INVITE of ours tells about who calls.
//!
//! In this order (extract "From header display mode" of the catalogue): the gateway's privacy, or the system's where it has none,
//! can make From anonymous, and then nothing else changes From; the display mode gives it name and number; the local domain gives it
//! its host. The headers beside From are independent of that: they are for networks that keep the secret (RFC 3325 §7), so a phone
//! never gets one.

use std::net::SocketAddr;

use domain::{CallerField, GatewayPrivacy, IdentityHeader, IncomingIdentity, OutgoingIdentity, PeerNumber};
use sip::{HeaderName, Message, NameAddr, Params, Privacy, RemoteParty, SipUri};

use crate::rules::{Rules, UnlessSet};

/// Values of one header that go on, and bytes of each.
const MOST_PASSED: usize = 2;
const LONGEST_PASSED: usize = 512;

/// RFC 3323 §4.1.1.3.
const ANONYMOUS: (&str, &str, &str) = ("Anonymous", "anonymous", "anonymous.invalid");

/// What is known of a call's caller.
#[derive(Clone, Copy)]
pub(crate) struct Caller<'a> {
    pub(crate) invite: &'a Message,
    /// How its source says things.
    pub(crate) fields: &'a IncomingIdentity,
    /// Whether what it asserts counts (RFC 3325 §5): a trunk's word does, a phone's does not.
    pub(crate) is_trusted: bool,
    /// As it is to be shown, before the display mode.
    pub(crate) display: Option<&'a str>,
    pub(crate) number: &'a str,
}

/// What the INVITE tells.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    /// Display name, user and host of From.
    pub(crate) display: Option<String>,
    pub(crate) user: String,
    pub(crate) host: String,
    /// Privacy and identities, in the order of the message.
    pub(crate) headers: Vec<(String, String)>,
    /// Numbers in URIs are marked as such.
    pub(crate) user_phone: bool,
}

/// What a call from `caller` tells: a gateway by its settings, a phone (none) the least. `us` is the address that it leaves from.
pub(crate) fn show(
    caller: &Caller<'_>,
    gateway: Option<&OutgoingIdentity>,
    rules: &Rules,
    us: SocketAddr,
) -> Shown {
    let (display, user) = rules.display.show(caller.display, caller.number);
    let open = Shown { display, user, host: us.to_string(), headers: Vec::new(), user_phone: false };
    let Some(gateway) = gateway else {
        return if caller.asks_for_privacy() { open.anonymous() } else { open };
    };
    let mut shown = Shown { user_phone: gateway.user_phone, ..open };
    if let (true, Some(domain)) = (gateway.local_domain, &rules.local_domain) {
        shown.host = domain.to_string();
    }
    if gateway.peer_number == PeerNumber::Display && !shown.user.is_empty() {
        shown.display = Some(shown.user.clone());
    }
    let is_secret = shown.tell_privacy(caller, gateway.privacy, rules.privacy);
    shown.tell_identities(caller, gateway, is_secret);
    if is_secret { shown.anonymous() } else { shown }
}

impl Caller<'_> {
    /// Whether it wants its number kept from who is called, and its source lets it want that.
    fn asks_for_privacy(&self) -> bool {
        self.fields.support_privacy && (self.invite.privacy().hides_caller() || self.is_hidden_party())
    }

    /// The predecessor of Privacy.
    fn is_hidden_party(&self) -> bool {
        self.fields.caller_field == CallerField::RemotePartyId
            && self.invite.remote_caller().is_some_and(|party| party.hidden)
    }

    /// What the Privacy headers of its side say, as one.
    fn privacy(&self) -> Option<String> {
        if !self.fields.support_privacy {
            return None;
        }
        let lines = self.invite.headers(HeaderName::Privacy).filter(|line| line.len() <= LONGEST_PASSED);
        let lines: Vec<&str> = lines.take(MOST_PASSED).filter(|line| !line.is_empty()).collect();
        if !lines.is_empty() {
            Some(lines.join(";"))
        } else {
            self.is_hidden_party().then(|| Privacy { id: true, ..Privacy::default() }.to_string())
        }
    }

    /// The identities in a header of its side, as far as they can be read.
    fn identities(&self, name: HeaderName) -> Vec<NameAddr> {
        if !self.is_trusted {
            return Vec::new();
        }
        let values = self.invite.list(name).filter(|value| value.len() <= LONGEST_PASSED);
        values.filter_map(|value| NameAddr::parse(value).ok()).take(MOST_PASSED).collect()
    }
}

impl Shown {
    fn anonymous(self) -> Self {
        let (display, user, host) = ANONYMOUS;
        Self { display: Some(display.to_owned()), user: user.to_owned(), host: host.to_owned(), ..self }
    }

    fn tell(&mut self, name: HeaderName, value: String) {
        self.headers.push((name.as_str().to_owned(), value));
    }

    /// Whether From is to be anonymous.
    fn tell_privacy(
        &mut self,
        caller: &Caller<'_>,
        gateway: Option<GatewayPrivacy>,
        system: UnlessSet,
    ) -> bool {
        let said = match (gateway, system) {
            (Some(GatewayPrivacy::None), _) | (None, UnlessSet::Ignore) => None,
            (Some(GatewayPrivacy::Passthrough), _) => caller.privacy(),
            (Some(GatewayPrivacy::Id), _) | (None, UnlessSet::Id) => Some("id".to_owned()),
            (None, UnlessSet::None) => Some("none".to_owned()),
        };
        if let Some(said) = said {
            self.tell(HeaderName::Privacy, said);
        }
        matches!((gateway, system), (Some(GatewayPrivacy::Id), _) | (None, UnlessSet::Id))
    }

    fn tell_identities(&mut self, caller: &Caller<'_>, gateway: &OutgoingIdentity, is_secret: bool) {
        let asserted = gateway.asserted_rules.apply(caller.number);
        for (name, header, number) in [
            (HeaderName::PAssertedIdentity, gateway.asserted_identity, asserted.as_ref()),
            (HeaderName::PPreferredIdentity, gateway.preferred_identity, caller.number),
        ] {
            match header {
                IdentityHeader::None => {}
                IdentityHeader::Passthrough => {
                    for identity in caller.identities(name) {
                        self.tell(name, identity.to_string());
                    }
                }
                IdentityHeader::Caller if names_nobody(number) => {}
                IdentityHeader::Caller => {
                    let identity = self.address(None, number);
                    self.tell(name, identity.to_string());
                }
            }
        }
        if gateway.peer_number == PeerNumber::RemotePartyId && !names_nobody(caller.number) {
            let party = RemoteParty {
                address: self.address(caller.display, caller.number),
                party: "calling".to_owned(),
                screened: true,
                hidden: is_secret || caller.asks_for_privacy(),
            };
            self.tell(HeaderName::RemotePartyId, party.to_string());
        }
    }

    /// A number at our host.
    fn address(&self, display: Option<&str>, number: &str) -> NameAddr {
        let mut uri = SipUri::sip(number, &self.host, None);
        if self.user_phone {
            uri.mark_phone();
        }
        NameAddr { display: display.map(str::to_owned), uri, params: Params::new() }
    }
}

/// Nobody can be asserted to be anonymous.
fn names_nobody(number: &str) -> bool {
    number.is_empty() || number.eq_ignore_ascii_case(ANONYMOUS.1)
}
