//! How long a call may last (decisions 11 to 13).

use super::{
    Alias, Entry, Kind, Level, Page, Topic, Unit, Value,
    entry::{entry, parameters},
};

const fn time(kind: Kind, default: u32) -> Entry {
    entry(Page::System, Topic::Duration, kind, Value::Whole(default)).unit(Unit::Seconds)
}

const fn also(name: &'static str) -> Alias {
    Alias { name, values: &[] }
}

parameters! {
    /// How long an answered call may last; then both sides are hung up. The smallest of system, account, gateways and balance
    /// counts. 0 sets no limit.
    SS_MAXCALLDURATION = time(Kind::zero_or(1..=2_592_000), 0)
        .by(&[Level::MappingGateway, Level::RoutingGateway, Level::Account])
        .tightens()
        .aliases(&[also("SS_MAX_CALL_DURATION")])
        .built();

    /// How long before that end the caller hears a warning. 0, and a time as long as the call may last, play none.
    SS_CALLREMINTIME = time(Kind::whole(0..=3600), 30);

    /// How long both directions of an answered call's audio may be silent before it is hung up and billed to its last packet.
    /// 0 never hangs up.
    SS_NOMEDIAHANGUPTIME = time(Kind::zero_or(1..=86_400), 0).aliases(&[also("SS_NOMEDIAHANGUP")]);
}
