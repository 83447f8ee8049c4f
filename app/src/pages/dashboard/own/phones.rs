//! One's own phones, and whether they are there.

use domain::PhoneListing;
use leptos::prelude::*;

use crate::{
    access::Way,
    components::Table,
    pages::operation::phones::state,
    words::{fields, home, phones as words},
};

/// Each phone with its state.
pub(super) fn phones(phones: Vec<PhoneListing>) -> impl IntoView {
    let (t, f) = (home(), fields());
    if phones.is_empty() {
        return ().into_any();
    }
    let rows = phones
        .into_iter()
        .map(|listing| {
            let there = state(listing.state());
            let phone = listing.row.phone;
            view! {
                <tr>
                    <td class="digits">
                        <Way to=format!("/operation/phones/{}", phone.id) text_stays=true>
                            {phone.settings.number.to_string()}
                        </Way>
                    </td>
                    <td>{phone.settings.display_name.map(|name| name.to_string())}</td>
                    <td>{there}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="card">
            <h2>{t.phones}</h2>
            <Table label=t.phones columns=vec![(words().number, false), (f.name, false), (f.state, false)]>
                {rows}
            </Table>
        </section>
    }
    .into_any()
}
