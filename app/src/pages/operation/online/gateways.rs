//! Which vendors' gateways are there.

use domain::{GatewayState, GatewayStatus};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    components::{Badge, ListMoment, Table, Tone},
    words::{fields, frame, phones},
};

/// A gateway with its name.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct NamedStatus {
    pub(super) name: String,
    pub(super) status: GatewayStatus,
}

/// The gateways in use, those that calls pass over first.
#[component]
pub(super) fn Gateways(gateways: Vec<NamedStatus>) -> impl IntoView {
    let t = phones();
    if gateways.is_empty() {
        return ().into_any();
    }
    let rows = gateways.into_iter().map(row).collect_view();
    view! {
        <h2>{frame().routing_gateways}</h2>
        <p class="about above">{t.gateways_about}</p>
        <Table
            label=frame().routing_gateways
            columns=vec![
                (fields().name, false),
                (t.phase, false),
                (t.since, false),
                (fields().address, false),
                (t.answer_code, true),
                (t.round_trip, true),
                (t.last_asked, false),
            ]
        >
            {rows}
        </Table>
    }
    .into_any()
}

fn row(gateway: NamedStatus) -> impl IntoView {
    let t = phones();
    let NamedStatus { name, status } = gateway;
    let (tone, text) = match status.state {
        GatewayState::Unchecked => (Tone::Neutral, t.gateway_unchecked),
        GatewayState::Waiting => (Tone::Neutral, t.gateway_waiting),
        GatewayState::Silent => (Tone::Caution, t.gateway_silent),
        GatewayState::Online => (Tone::Good, t.online),
        GatewayState::Unavailable => (Tone::Bad, t.gateway_unavailable),
        GatewayState::Offline => (Tone::Bad, t.offline),
    };
    view! {
        <tr>
            <td>
                <a href=format!("/operation/routing-gateways/{}", status.gateway)>{name}</a>
            </td>
            <td>
                <Badge tone text />
            </td>
            <td>
                <ListMoment at=status.since />
            </td>
            <td class="digits">{status.way}</td>
            <td class="num">{status.code.map(|code| code.to_string())}</td>
            <td class="num">{status.round_trip_us.map(milliseconds)}</td>
            <td>{status.asked.map(|at| view! { <ListMoment at /> })}</td>
        </tr>
    }
}

/// Microseconds as milliseconds with one digit behind the point.
fn milliseconds(micros: u32) -> String {
    let tenths = (u64::from(micros) + 50) / 100;
    format!("{}.{} ms", tenths / 10, tenths % 10)
}

/// Those that somebody should look at come first.
#[cfg(feature = "ssr")]
pub(super) fn sort(gateways: &mut [NamedStatus]) {
    gateways.sort_by_cached_key(|gateway| {
        (std::cmp::Reverse(gateway.status.state.is_away()), gateway.name.to_lowercase())
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_trip_is_told_in_milliseconds() {
        for (micros, told) in [(0, "0.0 ms"), (349, "0.3 ms"), (350, "0.4 ms"), (123_456, "123.5 ms")] {
            assert_eq!(milliseconds(micros), told);
        }
    }
}
