use leptos::prelude::*;

use super::{LIST, edit::load_registration};
#[cfg(feature = "ssr")]
use crate::server::{posted::Posted, sent::Done};
use crate::{
    components::{Leaving, removal},
    pages::key,
    words::{fill, phones},
};

/// Asks before a registration is deleted.
#[component]
pub(crate) fn RemoveRegistration() -> impl IntoView {
    removal(key("id"), load_registration, |registration| {
        let settings = registration.settings;
        Some(Leaving {
            what: phones().registration_in_text,
            name: settings.name.to_string(),
            touches: fill(
                phones().registration_removal,
                &[&settings.server.to_string(), settings.user.as_str()],
            ),
            back: format!("{LIST}/{}", registration.id),
            version: registration.version,
        })
    })
}

/// Deletes it.
#[cfg(feature = "ssr")]
pub(crate) async fn remove(
    posted: Posted<crate::form::Confirmation, domain::RegistrationId>,
) -> axum::response::Response {
    posted
        .answer(async |Posted { site, id, asker, sent }| {
            store::registrations::remove(&site.pool, &asker.actor, *id, Some(sent.version()?)).await?;
            Ok(Done::to(LIST, phones().gone_registration))
        })
        .await
}
