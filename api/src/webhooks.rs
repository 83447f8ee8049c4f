//! Receivers of events at other people's servers.

use axum::extract::State;
use chrono::{DateTime, Utc};
use domain::{
    DeliveryState, EventKind, Invalid, RowVersion, Webhook, WebhookDelivery, WebhookDeliveryId, WebhookDraft,
    WebhookId, WebhookRow,
};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use store::{StoreError, webhooks::DeliveryFilter};
use utoipa::{IntoParams, ToSchema};

use crate::{
    admission::Asker,
    answer::{
        Cursor, Ids, IfMatch, Limit, Listing, Made, Problem, Question, Sent, Versioned, by_id,
        delivery_state, event_kind, event_kinds,
    },
    router::Api,
    versioned::{self, Kind, Read},
};

/// A receiver of events. Its secret is never shown.
#[derive(Serialize, ToSchema)]
#[schema(as = Webhook)]
pub(crate) struct WebhookView {
    id: i64,
    /// How often it has been changed; also its ETag.
    version: i64,
    name: String,
    url: String,
    #[schema(schema_with = event_kinds)]
    events: Vec<&'static str>,
    enabled: bool,
}

/// What people set on a receiver.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WebhookSettings)]
pub(crate) struct WebhookBody {
    /// Unique among receivers.
    #[schema(min_length = 1, max_length = 64)]
    name: String,
    /// `https://` or `http://`, without user and password.
    #[schema(example = "https://example.com/events", max_length = 500)]
    url: String,
    /// What deliveries are signed with; the present one stays when left out. It is never shown again.
    #[serde(skip_serializing_if = "crate::answer::withheld")]
    #[schema(min_length = 16, max_length = 128, write_only)]
    secret: Option<String>,
    /// At least one.
    #[schema(schema_with = event_kinds)]
    events: Vec<String>,
    /// True when left out.
    #[serde(default = "yes")]
    enabled: bool,
}

fn yes() -> bool {
    true
}

impl WebhookBody {
    fn draft(&self) -> Result<WebhookDraft, Invalid> {
        let mut draft = WebhookDraft {
            name: self.name.clone(),
            url: self.url.clone(),
            secret: self.secret.clone().unwrap_or_default(),
            enabled: if self.enabled { "on" } else { "" }.to_owned(),
            ..WebhookDraft::default()
        };
        for name in &self.events {
            let kind = name.parse().ok().filter(|kind| *kind != EventKind::Test);
            let unknown = || Invalid::field("events", format!("there is no event {name}"));
            draft.tick([kind.ok_or_else(unknown)?]);
        }
        Ok(draft)
    }
}

fn view(webhook: &Webhook) -> WebhookView {
    let settings = &webhook.settings;
    WebhookView {
        id: webhook.id.0,
        version: webhook.version.0,
        name: settings.name.to_string(),
        url: settings.url.to_string(),
        events: settings.events.iter().map(|kind| kind.name()).collect(),
        enabled: settings.enabled,
    }
}

/// How they are made, changed and removed.
pub(crate) enum Webhooks {}

impl Kind for Webhooks {
    type Id = WebhookId;
    type Body = WebhookBody;
    type View = WebhookView;

    fn place(id: WebhookId) -> String {
        format!("/webhooks/{id}")
    }

    async fn one(api: &Api, asker: &Asker, id: WebhookId) -> Read<Self> {
        let webhook = store::webhooks::find(&api.pool, &asker.scope(), id).await?;
        Ok(Versioned(webhook.version, view(&webhook)))
    }

    async fn replace(
        api: &Api,
        asker: &Asker,
        id: WebhookId,
        version: RowVersion,
        sent: &WebhookBody,
    ) -> Result<(), StoreError> {
        let checked = sent.draft()?.check()?;
        store::webhooks::update(&api.pool, &asker.actor(), &api.seal, id, version, &checked).await
    }

    async fn remove(api: &Api, asker: &Asker, id: WebhookId, version: RowVersion) -> Result<(), StoreError> {
        store::webhooks::remove(&api.pool, &asker.actor(), id, Some(version)).await
    }
}

/// Which receivers.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct WebhookQuestion {
    /// Entries of a page; 100 when left out.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 500)]
    limit: Option<Limit>,
    /// From the link to the next page.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// Lists the receivers of events, by id. Only the administration has any.
#[utoipa::path(
    get, path = "/webhooks", tag = "Webhooks", operation_id = "list_webhooks",
    params(WebhookQuestion),
    responses((status = 200, description = "A page of receivers", body = Listing<WebhookView>)),
    security(("token" = ["ViewParameters"])),
)]
pub(crate) async fn list(
    State(api): State<Api>,
    asker: Asker,
    Question { asked, place }: Question<WebhookQuestion>,
) -> Result<Listing<WebhookView>, Problem> {
    let rows = store::webhooks::list(&api.pool, &asker.scope()).await?;
    let (rows, next) = by_id(rows, |row: &WebhookRow| row.webhook.id.0, asked.cursor.as_ref(), asked.limit)?;
    Ok(place.listing(rows.iter().map(|row| view(&row.webhook)).collect(), next))
}

/// Adds a receiver; events go there from now on.
#[utoipa::path(
    post, path = "/webhooks", tag = "Webhooks", operation_id = "create_webhook",
    request_body = WebhookBody,
    responses((status = 201, description = "It has been added", body = WebhookView)),
    security(("token" = ["EditParameters"])),
)]
pub(crate) async fn create(
    State(api): State<Api>,
    asker: Asker,
    Sent(sent): Sent<WebhookBody>,
) -> Result<Made<WebhookView>, Problem> {
    let checked = sent.draft()?.check()?;
    let id = store::webhooks::create(&api.pool, &asker.actor(), &api.seal, &checked).await?;
    versioned::made::<Webhooks>(&api, &asker, id).await
}

/// Shows a receiver.
#[utoipa::path(
    get, path = "/webhooks/{webhook}", tag = "Webhooks", operation_id = "show_webhook",
    params(("webhook" = i64, Path, description = "Its id")),
    responses((status = 200, description = "The receiver", body = WebhookView)),
    security(("token" = ["ViewParameters"])),
)]
pub(crate) async fn show(
    State(api): State<Api>,
    asker: Asker,
    Ids(id): Ids<WebhookId>,
) -> Result<Versioned<WebhookView>, Problem> {
    Webhooks::one(&api, &asker, id).await
}

/// Changes a receiver. Without a secret it keeps the one it has.
#[utoipa::path(
    put, path = "/webhooks/{webhook}", tag = "Webhooks", operation_id = "change_webhook",
    params(("webhook" = i64, Path, description = "Its id")),
    request_body = WebhookBody,
    responses((status = 200, description = "The receiver as it is now", body = WebhookView)),
    security(("token" = ["EditParameters"])),
)]
pub(crate) async fn change(
    State(api): State<Api>,
    asker: Asker,
    Ids(id): Ids<WebhookId>,
    matched: IfMatch,
    Sent(sent): Sent<WebhookBody>,
) -> Result<Versioned<WebhookView>, Problem> {
    versioned::change::<Webhooks>(&api, &asker, id, &matched, &sent).await
}

/// Removes a receiver with everything that is on its way to it.
#[utoipa::path(
    delete, path = "/webhooks/{webhook}", tag = "Webhooks", operation_id = "remove_webhook",
    params(("webhook" = i64, Path, description = "Its id")),
    responses((status = 204, description = "It is gone")),
    security(("token" = ["EditParameters"])),
)]
pub(crate) async fn remove(
    State(api): State<Api>,
    asker: Asker,
    Ids(id): Ids<WebhookId>,
    matched: IfMatch,
) -> Result<StatusCode, Problem> {
    versioned::remove::<Webhooks>(&api, &asker, id, &matched).await
}

/// Sends a receiver an event of the type `test`, whatever it has chosen.
#[utoipa::path(
    post, path = "/webhooks/{webhook}/test", tag = "Webhooks", operation_id = "test_webhook",
    params(("webhook" = i64, Path, description = "Its id")),
    responses((status = 204, description = "It is on its way")),
    security(("token" = ["EditParameters"])),
)]
pub(crate) async fn test(
    State(api): State<Api>,
    asker: Asker,
    Ids(id): Ids<WebhookId>,
) -> Result<StatusCode, Problem> {
    store::webhooks::find(&api.pool, &asker.scope(), id).await?;
    store::webhooks::send_test(&api.pool, &asker.actor(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// An event on its way to a receiver.
#[derive(Serialize, ToSchema)]
#[schema(as = WebhookDelivery)]
pub(crate) struct DeliveryView {
    id: i64,
    /// The event; the same for all receivers and all tries.
    #[schema(format = "uuid")]
    event: String,
    #[schema(schema_with = event_kind)]
    r#type: &'static str,
    happened_at: DateTime<Utc>,
    #[schema(schema_with = delivery_state)]
    state: &'static str,
    /// Tries so far.
    attempts: u32,
    /// When it is tried next; null when it is not.
    next: Option<DateTime<Utc>>,
    /// When it was tried last.
    last: Option<DateTime<Utc>>,
    /// The status of the last answer.
    last_status: Option<u16>,
    /// Why the last try failed.
    last_error: Option<String>,
    /// How long the last try took.
    last_took_ms: Option<u32>,
    /// What is posted.
    body: String,
}

fn delivery_view(delivery: WebhookDelivery) -> DeliveryView {
    DeliveryView {
        id: delivery.id.0,
        event: delivery.event.to_string(),
        r#type: delivery.kind.name(),
        happened_at: delivery.happened_at,
        state: delivery.state.name(),
        attempts: delivery.attempts,
        next: (delivery.state == DeliveryState::Waiting).then_some(delivery.due_at),
        last: delivery.last_at,
        last_status: delivery.last_status,
        last_error: delivery.last_error,
        last_took_ms: delivery.last_took_ms,
        body: delivery.body,
    }
}

/// Which deliveries.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DeliveryQuestion {
    /// Only those that stand there.
    #[param(schema_with = delivery_state)]
    state: Option<DeliveryState>,
    /// Entries of a page; 100 when left out.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 500)]
    limit: Option<Limit>,
    /// From the link to the next page.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// Lists the deliveries to a receiver, newest first; they are kept for 14 days.
#[utoipa::path(
    get, path = "/webhooks/{webhook}/deliveries", tag = "Webhooks", operation_id = "list_deliveries",
    params(("webhook" = i64, Path, description = "Its id"), DeliveryQuestion),
    responses((status = 200, description = "A page of deliveries", body = Listing<DeliveryView>)),
    security(("token" = ["ViewParameters"])),
)]
pub(crate) async fn deliveries(
    State(api): State<Api>,
    asker: Asker,
    Ids(id): Ids<WebhookId>,
    Question { asked, place }: Question<DeliveryQuestion>,
) -> Result<Listing<DeliveryView>, Problem> {
    let filter = DeliveryFilter {
        state: asked.state,
        before: Cursor::key_of::<i64>(asked.cursor.as_ref())?.map(WebhookDeliveryId),
        limit: Limit::or_default(asked.limit),
    };
    let page = store::webhooks::deliveries(&api.pool, &asker.scope(), id, filter).await?;
    let next = page.rows.last().filter(|_| page.more).map(|last| Cursor::behind(last.id));
    Ok(place.listing(page.rows.into_iter().map(delivery_view).collect(), next))
}

/// Sends a delivery once more, as if it had never been tried. One that waits is tried at once.
#[utoipa::path(
    post, path = "/webhooks/{webhook}/deliveries/{delivery}/resend", tag = "Webhooks", operation_id = "resend_delivery",
    params(("webhook" = i64, Path, description = "The receiver"), ("delivery" = i64, Path, description = "Its id")),
    responses((status = 204, description = "It is on its way")),
    security(("token" = ["EditParameters"])),
)]
pub(crate) async fn resend(
    State(api): State<Api>,
    asker: Asker,
    Ids((webhook, delivery)): Ids<(WebhookId, WebhookDeliveryId)>,
) -> Result<StatusCode, Problem> {
    store::webhooks::find(&api.pool, &asker.scope(), webhook).await?;
    store::webhooks::resend(&api.pool, &asker.actor(), webhook, delivery).await?;
    Ok(StatusCode::NO_CONTENT)
}
