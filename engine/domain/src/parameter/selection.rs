//! Which gateways are there, and how good they are.

use super::{
    Effect, Entry, Kind, Level, Page, Topic, Unit, Value,
    entry::{entry, parameters},
};

const fn of(page: Page, kind: Kind, default: Value) -> Entry {
    entry(page, Topic::Selection, kind, default).effect(Effect::Immediately)
}

parameters! {
    /// How often a routing gateway is asked by OPTIONS whether it is there. One that has answered and does not any more, or
    /// answers 503, is passed over until it answers again. 0 does not ask.
    SS_SIP_OPTIONS_CHECK_PERIOD = of(Page::Sip, Kind::zero_or(5..=3600), Value::Whole(60))
        .unit(Unit::Seconds)
        .by(&[Level::RoutingGateway])
        .built();

    /// Whether answer ratio, duration and delay of each gateway are counted while calls run, for routing by quality. Off orders
    /// gateways without them.
    SS_GATEWAY_QUALITY_CALCULATE = of(Page::System, Kind::OnOff, Value::ON);

    /// How far back calls count for a gateway's quality.
    SS_GATEWAY_QUALITY_RESERVE_TIME = of(Page::System, Kind::whole(60..=86_400), Value::Whole(3600)).unit(Unit::Seconds);

    /// Into how many slices that time is cut: when one ends the oldest is forgotten, so that quality moves in steps of one
    /// slice.
    SS_GATEWAY_QUALITY_RESERVE_SEPARATE = of(Page::System, Kind::whole(1..=60), Value::Whole(12));
}
