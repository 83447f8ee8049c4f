//! The trunks through which one's own calls come in.

use domain::{GatewayTraffic, MappingGatewayRow};
use leptos::prelude::*;

use crate::{
    access::Way,
    components::{OnOff, Table},
    figures,
    words::{fields, frame, home},
};

/// Each trunk with its calls now and today.
pub(super) fn gateways(
    gateways: Vec<MappingGatewayRow>,
    busy: &[u32],
    through: &[GatewayTraffic],
) -> impl IntoView + use<> {
    let (t, f) = (home(), fields());
    if gateways.is_empty() {
        return ().into_any();
    }
    let rows = gateways
        .into_iter()
        .zip(busy.iter().copied().chain(std::iter::repeat(0)))
        .map(|(row, busy)| {
            let gateway = row.gateway;
            let today = through.iter().find(|traffic| traffic.gateway == gateway.id).copied();
            let calls = today.map_or(0, |traffic| traffic.calls);
            let asr = today.filter(|traffic| traffic.calls > 0).map_or_else(
                || "–".to_owned(),
                |traffic| figures::percent(traffic.answered * 1000 / traffic.calls),
            );
            let settings = gateway.settings;
            let lines = match settings.max_calls {
                Some(limit) => format!("{} / {}", figures::count(busy), figures::count(limit)),
                None => figures::count(busy),
            };
            view! {
                <tr>
                    <td>
                        <Way to=format!("/operation/mapping-gateways/{}", gateway.id) text_stays=true>
                            {settings.name.to_string()}
                        </Way>
                    </td>
                    <td class="num">{lines}</td>
                    <td class="num">{figures::count(calls)}</td>
                    <td class="num">{asr}</td>
                    <td>
                        <OnOff on=settings.enabled />
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="card">
            <h2>{t.trunks}</h2>
            <Table
                label=frame().mapping_gateways
                columns=vec![
                    (f.name, false),
                    (t.lines_now, true),
                    (t.calls_today, true),
                    (f.asr, true),
                    (f.state, false),
                ]
            >
                {rows}
            </Table>
        </section>
    }
    .into_any()
}
