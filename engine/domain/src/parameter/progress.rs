//! From INVITE to answer: how long each stage may last.

use std::{borrow::Cow, time::Duration};

use super::{
    Entry, Kind, Level, Page, Topic, Unit, Value,
    entry::{entry, parameters},
};

const WAITS: &[Duration] = {
    const fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }
    &[ms(500), ms(1000), ms(2000), ms(4000), ms(4000), ms(4000), ms(4000), ms(4000), ms(4000), ms(4000)]
};

const fn sip(kind: Kind, default: Value) -> Entry {
    entry(Page::Sip, Topic::Progress, kind, default).unit(Unit::Seconds)
}

/// A stage of a call; only one of these times runs at a moment, each response moves to its own.
const fn stage(most: u32, default: u32) -> Entry {
    sip(Kind::whole(1..=most), Value::Whole(default)).by(&[Level::RoutingGateway])
}

parameters! {
    /// How long to wait for any answer to an INVITE, provisional or final. Then the attempt has failed with 408 and the next
    /// gateway is tried.
    SS_SIP_TIMEOUT_INVITE = stage(120, 10).built();

    /// The times between one sending of an INVITE over UDP and the next, as long as nothing is heard; after the last one it
    /// is not sent again.
    SS_SIP_RESEND_INTERVAL = sip(Kind::Waits { most: 20 }, Value::Waits(Cow::Borrowed(WAITS))).built();

    /// How long to wait after 100 Trying for anything more. Then the attempt has failed and the next gateway is tried.
    SS_SIP_TIMEOUT_TRYING = stage(600, 20).built();

    /// How long to wait after 183 without SDP. Then the attempt has failed and the next gateway is tried.
    SS_SIP_TIMEOUT_SESSION_PROGRESS = stage(600, 20).built();

    /// How long early media may last: the time after 183 with SDP. Then the attempt is cancelled.
    SS_SIP_TIMEOUT_SESSION_PROGRESS_SDP = stage(600, 120).built();

    /// How long it may ring: the time after 180. Then the attempt is cancelled and the call ends as not answered.
    SS_SIP_TIMEOUT_RINGING = stage(600, 120).built();

    /// How long the voice menu lets a number ring to which it transfers a caller. Then it hangs up.
    IVR_RINGING_TIMEOUT = entry(Page::System, Topic::Progress, Kind::whole(1..=600), Value::Whole(120)).unit(Unit::Seconds);
}
