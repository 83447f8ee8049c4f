//! Whether the next gateway is tried after a failure (decision 16). Any reason to stop that is On wins.

use super::{
    Beside, Entry, Kind, Level, Page, Topic, Value,
    entry::{entry, parameters},
};

const fn flag(page: Page, default: Value) -> Entry {
    entry(page, Topic::Switching, Kind::OnOff, default).by(&[Level::RoutingGateway])
}

parameters! {
    /// Whether the first SDP in a provisional response commits the call to its gateway. Off lets the call move on after early
    /// media: the caller then hears one gateway after another.
    SS_SIP_STOP_SWITCH_AFTER_SDP = flag(Page::Sip, Value::ON).built();

    /// Whether an INVITE that nobody answers in time ends the call. Off tries the next gateway.
    SS_SIP_USER_AGENT_STOP_SWITCH_AFTER_INVITE_TIMEOUT = flag(Page::Sip, Value::OFF).built();

    /// Whether the next gateway is tried after a failure until one connects. Off leaves a call to its first gateway.
    SS_GATEWAY_SWITCH_UNTIL_CONNECT = flag(Page::System, Value::ON).built();

    /// How often one call may move to the next gateway: 3 allows four gateways, 0 leaves the call to the first one, none sets
    /// no limit.
    SS_GATEWAY_SWITCH_LIMIT = entry(
        Page::System,
        Topic::Switching,
        Kind::Whole { range: 0..=100, beside: Beside::Word("none") },
        Value::Word("none"),
    ).built();

    /// Whether audio from a gateway commits the call to it. Off lets the call move on after audio was heard.
    SS_GATEWAY_SWITCH_STOP_AFTER_RTP_START = flag(Page::System, Value::ON).built();

    /// Whether a busy or declining called side (486, 600, 603) ends the call. Off tries the next gateway, which often rings the
    /// same phone.
    SS_GATEWAY_SWITCH_STOP_AFTER_USER_BUSY = flag(Page::System, Value::ON).built();
}
