//! Which gateways are there, and how good they are.

use super::{
    Effect, Entry, Kind, Page, Topic, Unit, Value,
    entry::{entry, parameters},
};

const fn of(page: Page, kind: Kind, default: Value) -> Entry {
    entry(page, Topic::Selection, kind, default).effect(Effect::Immediately)
}

parameters! {
    /// How often gateways with the online check are asked by OPTIONS whether they are there. 0 asks none.
    SS_SIP_OPTIONS_CHECK_PERIOD = of(Page::Sip, Kind::zero_or(5..=3600), Value::Whole(60)).unit(Unit::Seconds);

    /// Whether answer ratio, duration and delay of each gateway are counted while calls run, for routing by quality. Off orders
    /// gateways without them.
    SS_GATEWAY_QUALITY_CALCULATE = of(Page::System, Kind::OnOff, Value::ON);

    /// How far back calls count for a gateway's quality.
    SS_GATEWAY_QUALITY_RESERVE_TIME = of(Page::System, Kind::whole(60..=86_400), Value::Whole(3600)).unit(Unit::Seconds);

    /// Into how many slices that time is cut: when one ends the oldest is forgotten, so that quality moves in steps of one
    /// slice.
    SS_GATEWAY_QUALITY_RESERVE_SEPARATE = of(Page::System, Kind::whole(1..=60), Value::Whole(12));
}
