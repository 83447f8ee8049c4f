//! Devices behind address translation (decision 26).

use super::{
    Effect, Entry, Kind, Page, Topic, Unit, Value,
    entry::{entry, parameters},
};

const fn of(page: Page, kind: Kind, default: Value) -> Entry {
    entry(page, Topic::Nat, kind, default).effect(Effect::Immediately)
}

parameters! {
    /// What is sent to registered devices behind address translation, as a datagram of its own that is no SIP, so that their
    /// way to us stays open. Empty sends nothing.
    SS_SIP_NAT_KEEP_ALIVE_MESSAGE = of(Page::Sip, Kind::Text { longest: 64 }, Value::text("HELLO")).built();

    /// How often each of those devices is reached.
    SS_SIP_NAT_KEEP_ALIVE_PERIOD = of(Page::Sip, Kind::whole(10..=86_400), Value::Whole(30)).unit(Unit::Seconds).built();

    /// How long to pause between two bursts of these datagrams.
    SS_SIP_NAT_KEEP_ALIVE_SEND_INTERVAL = of(Page::Sip, Kind::whole(10..=60_000), Value::Whole(500)).unit(Unit::Milliseconds).built();

    /// How many datagrams a burst has, one per device.
    SS_SIP_NAT_KEEP_ALIVE_SEND_ONE_TIME = of(Page::Sip, Kind::whole(1..=100_000), Value::Whole(3000)).built();

    /// Whether the audio of devices behind address translation goes through us. Off leaves them to find each other, which most
    /// cannot.
    SS_MEDIA_PROXY_BEHIND_NAT = of(Page::System, Kind::OnOff, Value::ON).effect(Effect::NewCalls);
}
