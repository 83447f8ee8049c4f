//! Numbers and names in the headers of calls that go out.

use super::{
    Entry, Kind, Page, Topic, Value,
    entry::{entry, parameters},
};

const DISPLAY: Kind = Kind::Choice(&[
    ("Ignore", "the caller's display name unchanged"),
    ("E164", "+ and digits, in display name and number"),
    ("Number", "the caller's digits unchanged as display name"),
]);

const fn sip(kind: Kind, default: Value) -> Entry {
    entry(Page::Sip, Topic::Identity, kind, default)
}

parameters! {
    /// What From shows as the caller's name in calls that go out: Ignore passes it on unchanged, E164 puts + and the digits
    /// into display name and number, Number puts the digits unchanged into the display name.
    SS_SIP_E164_DISPLAY_FROM = sip(DISPLAY, Value::Word("Ignore")).built();

    /// Whether To keeps the number that was dialled while the Request-URI carries the converted one. Off puts the converted
    /// number into both.
    SS_SIP_ROUTING_GATEWAY_INVITE_USE_CONTACT = sip(Kind::OnOff, Value::OFF).built();

    /// The domain name or public address that From, and identities of ours beside it, carry towards gateways with the local domain
    /// name enabled. Empty leaves our address there.
    SS_LOCAL_IP_DOMAIN = entry(Page::System, Topic::Identity, Kind::Host, Value::text("")).built();
}
