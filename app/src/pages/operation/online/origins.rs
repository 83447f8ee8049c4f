//! Where contacts come from.

use domain::PresenceOrigin;
use leptos::prelude::*;

use crate::{
    components::Table,
    figures,
    words::{fields, frame, phones},
};

/// Addresses or networks, with what comes from them.
#[component]
pub(super) fn Origins(label: &'static str, origins: Vec<PresenceOrigin>) -> impl IntoView {
    let t = phones();
    if origins.is_empty() {
        return view! { <p class="about">{t.nobody_online}</p> }.into_any();
    }
    let rows = origins
        .into_iter()
        .map(|origin| {
            let single = origin.network.prefix_len() == origin.network.max_prefix_len();
            let place = if single { origin.network.addr().to_string() } else { origin.network.to_string() };
            view! {
                <tr>
                    <td class="digits">{place}</td>
                    <td class="num">{figures::count(origin.contacts)}</td>
                    <td class="num">{figures::count(origin.phones)}</td>
                    <td class="num">{figures::count(origin.addresses)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table
            label
            columns=vec![
                (fields().address, false),
                (t.contacts, true),
                (frame().phones, true),
                (t.addresses, true),
            ]
        >
            {rows}
        </Table>
    }
    .into_any()
}
