use leptos::prelude::*;

use super::{LIST, edit::load_webhook};
#[cfg(feature = "ssr")]
use crate::server::{posted::Posted, sent::Done};
use crate::{
    components::{Leaving, removal},
    pages::key,
    words::{fill, webhooks},
};

/// Asks before a receiver is deleted.
#[component]
pub(crate) fn RemoveWebhook() -> impl IntoView {
    removal(key("id"), load_webhook, |receiver| {
        let webhook = receiver.webhook;
        Some(Leaving {
            what: webhooks().in_text,
            name: webhook.settings.name.to_string(),
            touches: fill(webhooks().removal, &[webhook.settings.url.as_str()]),
            back: format!("{LIST}/{}", webhook.id),
            version: webhook.version,
        })
    })
}

/// Deletes it.
#[cfg(feature = "ssr")]
pub(crate) async fn remove(
    posted: Posted<crate::form::Confirmation, domain::WebhookId>,
) -> axum::response::Response {
    posted
        .answer(async |Posted { site, id, asker, sent }| {
            store::webhooks::remove(&site.pool, &asker.actor, *id, Some(sent.version()?)).await?;
            Ok(Done::to(LIST, webhooks().gone))
        })
        .await
}
