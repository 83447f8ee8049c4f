//! The debug trace and its export (OPS-4, OPS-7).

use super::{
    Effect, Entry, Kind, Page, Topic, Value,
    entry::{entry, parameters},
};

const fn of(kind: Kind, default: Value) -> Entry {
    entry(Page::Server, Topic::Tracing, kind, default).effect(Effect::Immediately).built()
}

parameters! {
    /// How much memory, in MiB, the trace of the latest SIP messages may take. 0 keeps next to nothing.
    SERVER_SIP_TRACE_MEGABYTES = of(Kind::zero_or(1..=4096), Value::Whole(64));

    /// Name or address of a Homer collector that gets every SIP message as HEP version 3 over UDP. Empty exports nothing.
    SERVER_HEP_COLLECTOR = of(Kind::Host, Value::text(""));

    /// The port of the collector.
    SERVER_HEP_COLLECTOR_PORT = of(Kind::whole(1..=65_535), Value::Whole(9060));

    /// The number under which the collector knows this switch among its nodes.
    SERVER_HEP_NODE = of(Kind::whole(1..=2_000_000_000), Value::Whole(2001));
}
