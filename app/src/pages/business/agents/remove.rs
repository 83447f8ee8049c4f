use leptos::prelude::*;

use super::{LIST, edit::load_agent};
#[cfg(feature = "ssr")]
use crate::server::{posted::Posted, sent::Done};
use crate::{
    components::{Leaving, removal},
    pages::key,
    words::people,
};

/// Asks before an agent is deleted.
#[component]
pub(crate) fn RemoveAgent() -> impl IntoView {
    removal(
        key("id"),
        |id| load_agent(Some(id)),
        |editing| {
            let agent = editing.agent?.agent;
            Some(Leaving {
                what: people().agent_word,
                name: agent.settings.name.to_string(),
                touches: people().agent_touches.to_owned(),
                back: format!("{LIST}/{}", agent.id),
                version: agent.version,
            })
        },
    )
}

/// Deletes it.
#[cfg(feature = "ssr")]
pub(crate) async fn remove(
    posted: Posted<crate::form::Confirmation, domain::AgentId>,
) -> axum::response::Response {
    posted
        .answer(async |Posted { site, id, asker, sent }| {
            store::agents::remove(&site.pool, &asker.actor, *id, Some(sent.version()?)).await?;
            Ok(Done::to(LIST, people().agent_deleted))
        })
        .await
}
