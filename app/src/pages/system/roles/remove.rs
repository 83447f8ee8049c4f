use leptos::prelude::*;

use super::{LIST, edit::load_role};
#[cfg(feature = "ssr")]
use crate::server::{posted::Posted, sent::Done};
use crate::{
    components::{Leaving, removal},
    pages::key,
    words::people,
};

/// Asks before a role is deleted.
#[component]
pub(crate) fn RemoveRole() -> impl IntoView {
    removal(key("id"), load_role, |role| {
        Some(Leaving {
            what: people().role_word,
            name: role.settings.name.to_string(),
            touches: people().role_touches.to_owned(),
            back: format!("{LIST}/{}", role.id),
            version: role.version,
        })
    })
}

/// Deletes it.
#[cfg(feature = "ssr")]
pub(crate) async fn remove(
    posted: Posted<crate::form::Confirmation, domain::RoleId>,
) -> axum::response::Response {
    posted
        .answer(async |Posted { site, id, asker, sent }| {
            store::roles::remove(&site.pool, &asker.actor, *id, Some(sent.version()?)).await?;
            Ok(Done::to(LIST, people().role_deleted))
        })
        .await
}
