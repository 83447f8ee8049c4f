//! What the signalling of a gateway is like: options that carriers know from its form, with a value for the whole system and one
//! of each gateway's own.

use super::{
    Entry, Kind, Level, Page, Topic, Value,
    entry::{entry, parameters},
};

const REPLY: Kind = Kind::Choice(&[
    ("Socket", "where the request came from"),
    ("Via port", "its address, with the port of its Via"),
    ("Via", "address and port of its Via"),
]);

const REQUEST: Kind = Kind::Choice(&[
    ("Contact", "where its Contact says, as far as that can be reached"),
    ("Contact port", "where it sends from, with the port of its Contact"),
    ("Socket", "where it sends from"),
]);

const RING_BACK: Kind = Kind::Choice(&[
    ("Passthrough", "180 or 183 as it came"),
    ("183+SDP", "183 whenever the gateway sends sound before the answer"),
    ("180+SDP", "180 whenever the gateway sends sound before the answer"),
]);

const FORWARD_SIGNAL: Kind = Kind::Choice(&[
    ("Diversion", "RFC 5806"),
    ("History-Info", "RFC 7044"),
    ("Both", "either of them"),
    ("Off", "nothing"),
]);

/// Codes of failures.
const MOST_CODES: usize = 32;

const fn of(kind: Kind, default: Value) -> Entry {
    entry(Page::Sip, Topic::Signalling, kind, default)
}

const BOTH: &[Level] = &[Level::MappingGateway, Level::RoutingGateway];
const CUSTOMER: &[Level] = &[Level::MappingGateway];
const VENDOR: &[Level] = &[Level::RoutingGateway];

parameters! {
    /// Where the answers to a customer's requests go: Socket, where the request came from, reaches devices behind address
    /// translation; Via port and Via believe what the request says.
    SS_SIP_REPLY_ADDRESS = of(REPLY, Value::Word("Socket")).by(CUSTOMER).built();

    /// Where our requests within a call go: Contact is what the far end says, if it can be reached, and else Socket, where it
    /// sends from; Contact port takes only the port of what it says.
    SS_SIP_REQUEST_ADDRESS = of(REQUEST, Value::Word("Contact")).by(BOTH).built();

    /// What a caller is told while its call rings with sound from the gateway: Passthrough is what the gateway said, 183+SDP
    /// and 180+SDP make it that one. The time that the call may ring is then that of the answer told.
    SS_SIP_REMOTE_RING_BACK_MODE = of(RING_BACK, Value::Word("Passthrough")).by(VENDOR).built();

    /// Answers of a gateway after which no other gateway is tried, such as 403, 404. The word none lets all failures move on.
    SS_SIP_STOP_SWITCHING_CODES = of(Kind::Codes { most: MOST_CODES }, Value::Word("none")).by(VENDOR).built();

    /// What a customer is told in place of a failure, such as 404=503. The word none tells each as it is.
    SS_SIP_REPLACE_FAILED_REASON = of(Kind::Replacements { most: MOST_CODES }, Value::Word("none")).by(CUSTOMER).built();

    /// Whether a refusal carries a Reason header with the cause in terms of Q.850 (RFC 3326).
    SS_SIP_REASON_HEADER = of(Kind::OnOff, Value::ON).by(CUSTOMER).built();

    /// Whether a gateway that answers 503 with Retry-After is left alone for that long.
    SS_SIP_RETRY_AFTER = of(Kind::OnOff, Value::ON).by(VENDOR).built();

    /// How a gateway is told of the numbers that have sent a call on.
    SS_SIP_CALL_FORWARD_SIGNAL = of(FORWARD_SIGNAL, Value::Word("Diversion")).by(VENDOR).built();

    /// Whether what a customer says of numbers that have sent its call on is passed on, in either of both forms.
    SS_SIP_RECOGNIZE_CALL_FORWARD_SIGNAL = of(Kind::OnOff, Value::ON).by(CUSTOMER).built();

    /// Whether sound goes to the address in a gateway's session description alone. Off lets it go where sound comes from, which
    /// reaches devices behind address translation.
    SS_SIP_NAT_MEDIA_SDP_IP_FIRST = of(Kind::OnOff, Value::OFF).by(BOTH).built();
}
