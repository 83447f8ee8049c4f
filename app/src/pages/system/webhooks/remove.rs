use domain::WebhookId;
use leptos::prelude::*;

use super::{LIST, edit::load_webhook};
use crate::{
    components::Removal,
    form::{Confirmation, Opened, submitted},
    load::{LoadError, loaded},
    pages::key,
    words::{fill, webhooks},
};

/// Asks before a receiver is deleted.
#[component]
pub(crate) fn RemoveWebhook() -> impl IntoView {
    let sent = submitted::<Confirmation>();
    let id = key("id");
    let receiver = Resource::new(id, async |id: Option<WebhookId>| match id {
        Some(id) => load_webhook(id).await,
        None => Err(LoadError::NotFound),
    });
    loaded(receiver, move |receiver| {
        let webhook = receiver.webhook;
        view! {
            <Removal
                what=webhooks().in_text
                name=webhook.settings.name.to_string()
                touches=fill(webhooks().removal, &[webhook.settings.url.as_str()])
                back=format!("{LIST}/{}", webhook.id)
                opened=Opened::of(sent.clone(), Confirmation::default(), webhook.version)
            />
        }
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
        store::webhooks::remove(&site.pool, &asker.actor, WebhookId(id), Some(sent.version()?)).await?;
        Ok(crate::server::sent::Done::to(LIST, webhooks().gone))
    };
    let outcome = outcome.await;
    sent.answer(&site, outcome).await
}
