use domain::PhoneId;
use leptos::prelude::*;

use super::{LIST, edit::load_phone};
use crate::{
    components::Removal,
    form::{Confirmation, Opened, submitted},
    load::{LoadError, loaded},
    pages::key,
    words::{fill, phones},
};

/// Asks before a phone is deleted.
#[component]
pub(crate) fn RemovePhone() -> impl IntoView {
    let sent = submitted::<Confirmation>();
    let id = key("id");
    let editing = Resource::new(id, async |id: Option<PhoneId>| match id {
        Some(id) => load_phone(Some(id)).await,
        None => Err(LoadError::NotFound),
    });
    loaded(editing, move |editing| {
        editing.listing.map(|listing| {
            let phone = listing.row.phone;
            let contacts = listing.contacts.len().to_string();
            view! {
                <Removal
                    what=phones().phone_in_text
                    name=phone.settings.number.to_string()
                    touches=fill(phones().removal, &[&contacts, &listing.row.account_name])
                    back=format!("{LIST}/{}", phone.id)
                    opened=Opened::of(sent.clone(), Confirmation::default(), phone.version)
                />
            }
        })
    })
}

/// Deletes it.
#[cfg(feature = "ssr")]
pub(crate) async fn remove(
    axum::extract::State(site): axum::extract::State<crate::server::Site>,
    axum::extract::Path(id): axum::extract::Path<i64>,
    asker: crate::server::session::Asker,
    sent: crate::server::sent::Sent<Confirmation>,
) -> axum::response::Response {
    let outcome = async {
        store::phones::remove(&site.pool, &asker.scope, &asker.actor, PhoneId(id), Some(sent.version()?))
            .await?;
        Ok(crate::server::sent::Done::to(LIST, phones().gone))
    };
    let outcome = outcome.await;
    sent.answer(&site, outcome).await
}
