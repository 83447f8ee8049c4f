use domain::{EventKind, Webhook, WebhookDelivery, WebhookDraft, WebhookId};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

use super::{LIST, deliveries::Deliveries};
use crate::{
    access::Way,
    components::{Buttons, DraftForm, EventBoxes, PageHead, Text, Tick},
    form::{Opened, submitted},
    load::{LoadError, by_key, loaded},
    pages::key,
    words::{fields, parts, webhooks},
};

/// Deliveries that the page shows.
#[cfg(feature = "ssr")]
const SHOWN: u32 = 50;

/// A receiver, and what was brought to it lately.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Receiver {
    pub(super) webhook: Webhook,
    deliveries: Vec<WebhookDelivery>,
}

#[server(prefix = "/load", endpoint = "webhook", input = GetUrl)]
pub(crate) async fn load_webhook(id: WebhookId) -> Result<Receiver, LoadError> {
    use store::webhooks::{self, DeliveryFilter};

    let need = crate::access::Need::Inside(domain::Permission::ViewParameters);
    let (site, asker) = crate::server::session::asking(need)?;
    let webhook = webhooks::find(&site.pool, &asker.scope, id).await?;
    let filter = DeliveryFilter { limit: SHOWN, ..DeliveryFilter::default() };
    let deliveries = webhooks::deliveries(&site.pool, &asker.scope, id, filter).await?.rows;
    Ok(Receiver { webhook, deliveries })
}

/// A form for a new receiver.
#[component]
pub(crate) fn NewWebhook() -> impl IntoView {
    let fresh = WebhookDraft { enabled: "on".to_owned(), ..Default::default() };
    view! {
        <PageHead title=webhooks().new about=webhooks().one_about />
        {form(Opened::new(submitted(), fresh), true)}
    }
}

/// The form of one receiver, with what was brought to it lately.
#[component]
pub(crate) fn EditWebhook() -> impl IntoView {
    let sent = submitted();
    let receiver = by_key(key("id"), load_webhook);
    loaded(receiver, move |Receiver { webhook, deliveries }| {
        let stored = WebhookDraft::from(&webhook.settings);
        view! {
            <PageHead title=webhook.settings.name.to_string() about=webhooks().one_about>
                <Way class="button" to=format!("{LIST}/{}/delete", webhook.id)>
                    {parts().delete_more}
                </Way>
            </PageHead>
            {form(Opened::of(sent.clone(), stored, webhook.version), false)}
            <Deliveries webhook=webhook.id deliveries />
        }
    })
}

fn form(opened: Opened<WebhookDraft>, is_new: bool) -> impl IntoView {
    let (t, f) = (webhooks(), fields());
    let draft = opened.draft.clone();
    let ticked: Vec<EventKind> = EventKind::chosen().filter(|kind| draft.ticked(*kind)).collect();
    let hint = if is_new { t.secret_hint_new } else { t.secret_hint };
    view! {
        <DraftForm opened>
            <Text name="name" required=true label=f.name value=draft.name />
            <Text name="url" required=true label=t.url value=draft.url hint=t.url_hint />
            <Text
                name="secret"
                label=t.secret
                value=""
                kind="password"
                autocomplete="new-password"
                required=is_new
                hint
            />
            <EventBoxes ticked />
            <Tick name="enabled" label=f.in_use value=draft.enabled hint=t.enabled_hint />
            <Buttons submit=parts().save back=LIST />
        </DraftForm>
    }
}

#[cfg(feature = "ssr")]
pub(crate) mod server {
    use axum::response::Response;
    use domain::{WebhookDraft, WebhookId};
    use store::webhooks;

    use super::LIST;
    use crate::{
        server::{posted::Posted, sent::Done},
        words::{fill, webhooks as words},
    };

    pub(crate) async fn create(posted: Posted<WebhookDraft>) -> Response {
        posted
            .answer(async |Posted { site, asker, sent, .. }| {
                let checked = sent.draft.check()?;
                let id = webhooks::create(&site.pool, &asker.actor, &site.seal, &checked).await?;
                let said = fill(words().made, &[checked.settings.name.as_str()]);
                Ok(Done::to(format!("{LIST}/{id}"), said))
            })
            .await
    }

    pub(crate) async fn update(posted: Posted<WebhookDraft, WebhookId>) -> Response {
        posted
            .answer(async |Posted { site, id, asker, sent }| {
                let checked = sent.draft.check()?;
                let (id, version) = (*id, sent.version()?);
                webhooks::update(&site.pool, &asker.actor, &site.seal, id, version, &checked).await?;
                Ok(Done::to(LIST, fill(words().saved, &[checked.settings.name.as_str()])))
            })
            .await
    }
}
