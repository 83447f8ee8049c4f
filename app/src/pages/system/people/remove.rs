use leptos::prelude::*;

use super::{LIST, edit::load_person};
#[cfg(feature = "ssr")]
use crate::server::{posted::Posted, sent::Done};
use crate::{
    components::{Leaving, removal},
    pages::key,
    words::people,
};

/// Asks before a person is removed.
#[component]
pub(crate) fn RemovePerson() -> impl IntoView {
    removal(
        key("id"),
        |id| load_person(Some(id)),
        |editing| {
            let user = editing.person?.user;
            Some(Leaving {
                what: people().person,
                name: user.settings.name.to_string(),
                touches: people().person_touches.to_owned(),
                back: format!("{LIST}/{}", user.id),
                version: user.version,
            })
        },
    )
}

/// Removes them.
#[cfg(feature = "ssr")]
pub(crate) async fn remove(
    posted: Posted<crate::form::Confirmation, domain::UserId>,
) -> axum::response::Response {
    posted
        .answer(async |Posted { site, id, asker, sent }| {
            store::people::remove(&site.pool, &asker.actor, *id, Some(sent.version()?)).await?;
            Ok(Done::to(LIST, people().person_removed))
        })
        .await
}
