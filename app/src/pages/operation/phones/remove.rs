use leptos::prelude::*;

use super::{LIST, edit::load_phone};
#[cfg(feature = "ssr")]
use crate::server::{posted::Posted, sent::Done};
use crate::{
    components::{Leaving, removal},
    pages::key,
    words::{fill, phones},
};

/// Asks before a phone is deleted.
#[component]
pub(crate) fn RemovePhone() -> impl IntoView {
    removal(
        key("id"),
        |id| load_phone(Some(id)),
        |editing| {
            let listing = editing.listing?;
            let (phone, contacts) = (listing.row.phone, listing.contacts.len().to_string());
            Some(Leaving {
                what: phones().phone_in_text,
                name: phone.settings.number.to_string(),
                touches: fill(phones().removal, &[&contacts, &listing.row.account_name]),
                back: format!("{LIST}/{}", phone.id),
                version: phone.version,
            })
        },
    )
}

/// Deletes it.
#[cfg(feature = "ssr")]
pub(crate) async fn remove(
    posted: Posted<crate::form::Confirmation, domain::PhoneId>,
) -> axum::response::Response {
    posted
        .answer(async |Posted { site, id, asker, sent }| {
            store::phones::remove(&site.pool, &asker.scope, &asker.actor, *id, Some(sent.version()?)).await?;
            Ok(Done::to(LIST, phones().gone))
        })
        .await
}
