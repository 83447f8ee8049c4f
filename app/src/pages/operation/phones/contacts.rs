//! Where a phone is registered now.

use domain::{PhoneContact, PhoneListing, PhoneMode};
use leptos::prelude::*;

use crate::{
    components::{ListMoment, Table},
    words::{fields, phones},
};

/// Its devices, or that there is none.
#[component]
pub(super) fn Contacts(listing: PhoneListing) -> impl IntoView {
    let (t, words) = (fields(), phones());
    if let PhoneMode::Static(_) = listing.row.phone.settings.mode {
        return ().into_any();
    }
    let rows = listing.contacts.into_iter().map(row).collect_view();
    let body = if rows.is_empty() {
        view! { <p class="about">{words.not_registered}</p> }.into_any()
    } else {
        view! {
            <Table
                label=words.registered_at
                columns=vec![
                    (words.contact, false),
                    (t.came_from, false),
                    (t.transport, false),
                    (words.user_agent, false),
                    (words.refreshed, false),
                    (words.expires, false),
                ]
            >
                {rows}
            </Table>
        }
        .into_any()
    };
    view! {
        <h2>{words.registered_at}</h2>
        {body}
    }
    .into_any()
}

fn row(contact: PhoneContact) -> impl IntoView {
    let behind = contact.nat.then(|| format!(" ({})", phones().behind_nat));
    view! {
        <tr>
            <td class="digits">{contact.contact}</td>
            <td class="digits">{contact.remote.to_string()} {behind}</td>
            <td>{contact.transport}</td>
            <td>{contact.user_agent}</td>
            <td>
                <ListMoment at=contact.refreshed />
            </td>
            <td>
                <ListMoment at=contact.expires />
            </td>
        </tr>
    }
}
