use domain::AgentId;
use leptos::prelude::*;

use super::{LIST, edit::load_agent};
use crate::{
    components::Removal,
    form::{Confirmation, Opened, submitted},
    load::{LoadError, loaded},
    pages::key,
    words::people,
};

/// Asks before an agent is deleted.
#[component]
pub(crate) fn RemoveAgent() -> impl IntoView {
    let sent = submitted::<Confirmation>();
    let id = key("id");
    let editing = Resource::new(id, async |id: Option<AgentId>| match id {
        Some(id) => load_agent(Some(id)).await,
        None => Err(LoadError::NotFound),
    });
    loaded(editing, move |editing| {
        editing.agent.map(|row| {
            view! {
                <Removal
                    what=people().agent_word
                    name=row.agent.settings.name.to_string()
                    touches=people().agent_touches
                    back=format!("{LIST}/{}", row.agent.id)
                    opened=Opened::of(sent.clone(), Confirmation::default(), row.agent.version)
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
        store::agents::remove(&site.pool, &asker.actor, AgentId(id), Some(sent.version()?)).await?;
        Ok(crate::server::sent::Done::to(LIST, people().agent_deleted))
    };
    let outcome = outcome.await;
    sent.answer(&site, outcome).await
}
