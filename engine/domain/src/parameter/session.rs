//! Whether an answered call is still there (RFC 4028), and what becomes of callers who cannot be asked.

use super::{
    Entry, Kind, Level, Page, Topic, Unit, Value,
    entry::{entry, parameters},
};

const fn time(kind: Kind, default: u32) -> Entry {
    entry(Page::Sip, Topic::Session, kind, Value::Whole(default)).unit(Unit::Seconds)
}

parameters! {
    /// The session interval that we ask for (Session-Expires, RFC 4028): an answered call that is not refreshed within it has
    /// died and is ended. 0 asks for none and only follows a peer that does.
    SS_SIP_SESSION_TTL = time(Kind::zero_or(90..=86_400), 600).by(&[Level::MappingGateway, Level::RoutingGateway]).built();

    /// Into how many parts a session interval is cut: a refresh is sent after each, so that 600 s in 2 parts are refreshed
    /// every 300 s.
    SS_SIP_SESSION_UPDATE_SEGMENT =
        entry(Page::Sip, Topic::Session, Kind::whole(2..=10), Value::Whole(2)).built();

    /// How much longer a call may live that nobody refreshes: it ends a third of its session interval, at most 32 s, before that
    /// interval does (RFC 4028), and this much later. 0 gives no grace.
    SS_SIP_SESSION_TIMEOUT_EARLY_HANGUP = time(Kind::whole(0..=3600), 0).built();

    /// How long an answered call may last whose caller knows no session timer and so cannot be asked. Then both sides are hung
    /// up. 0 sets no limit.
    SS_SIP_NO_TIMER_REINVITE_INTERVAL = time(Kind::zero_or(60..=604_800), 7200).built();
}
