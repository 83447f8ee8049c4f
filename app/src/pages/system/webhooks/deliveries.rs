//! What was brought to a receiver lately.

use domain::{DeliveryState, WebhookDelivery, WebhookId};
use leptos::prelude::*;

use super::LIST;
use crate::{
    access::may_send,
    components::{Badge, ListMoment, Table, Tone, event_word},
    words::{fields, webhooks},
};

/// The deliveries, newest first, and the buttons that send something.
#[component]
pub(super) fn Deliveries(webhook: WebhookId, deliveries: Vec<WebhookDelivery>) -> impl IntoView {
    let (t, f) = (webhooks(), fields());
    let page = format!("{LIST}/{webhook}");
    let test = may_send(&format!("{page}/test")).then(|| {
        view! {
            <form method="post" action=format!("{page}/test") class="inline">
                <button type="submit" class="button">
                    {t.send_test}
                </button>
            </form>
        }
    });
    let table = if deliveries.is_empty() {
        view! { <p class="about">{t.no_delivery}</p> }.into_any()
    } else {
        let rows = deliveries.into_iter().map(|delivery| row(&page, delivery)).collect_view();
        view! {
            <Table
                label=t.deliveries
                columns=vec![
                    (t.happened, false),
                    (t.event, false),
                    (f.state, false),
                    (t.tries, true),
                    (t.answer, false),
                    (t.next, false),
                    ("", false),
                ]
            >
                {rows}
            </Table>
        }
        .into_any()
    };
    view! {
        <h2>{t.deliveries}</h2>
        <div class="about above">{t.deliveries_about} " " {test}</div>
        {table}
    }
}

fn row(page: &str, delivery: WebhookDelivery) -> impl IntoView + use<> {
    let t = webhooks();
    let (tone, state) = match delivery.state {
        DeliveryState::Waiting => (Tone::Caution, t.state_waiting),
        DeliveryState::Delivered => (Tone::Good, t.state_delivered),
        DeliveryState::Failed => (Tone::Bad, t.state_failed),
    };
    let answer = match (delivery.last_error, delivery.last_status) {
        (Some(why), _) => why,
        (None, Some(status)) => status.to_string(),
        (None, None) => String::new(),
    };
    let took = delivery.last_took_ms.map(|millis| format!(" ({millis} ms)")).unwrap_or_default();
    let address = format!("{page}/resend");
    let next = (delivery.state == DeliveryState::Waiting).then_some(delivery.due_at);
    let resend = may_send(&address).then(|| {
        view! {
            <form method="post" action=address class="inline">
                <input type="hidden" name="id" value=delivery.id.to_string() />
                <button type="submit" class="button small">
                    {t.send_again}
                </button>
            </form>
        }
    });
    view! {
        <tr>
            <td>
                <ListMoment at=delivery.happened_at />
            </td>
            <td title=delivery.body>{event_word(delivery.kind)}</td>
            <td>
                <Badge tone text=state />
            </td>
            <td class="num">{delivery.attempts}</td>
            <td>{answer} {took}</td>
            <td>{next.map(|at| view! { <ListMoment at /> })}</td>
            <td class="row-actions">{resend}</td>
        </tr>
    }
}

#[cfg(feature = "ssr")]
pub(crate) mod server {
    use axum::response::Response;
    use domain::WebhookId;
    use store::webhooks;

    use super::LIST;
    use crate::{
        form::{Confirmation, Refusal},
        pages::me::Ending,
        server::{posted::Posted, sent::Done},
        words::webhooks as words,
    };

    /// Sends a receiver a test event.
    pub(crate) async fn test(posted: Posted<Confirmation, WebhookId>) -> Response {
        let page = format!("{LIST}/{}", posted.id);
        posted
            .answer_at(&page, async |Posted { site, id, asker, .. }| {
                webhooks::send_test(&site.pool, &asker.actor, *id).await?;
                Ok(Done::to(&page, words().test_sent))
            })
            .await
    }

    /// Sends a delivery once more.
    pub(crate) async fn resend(posted: Posted<Ending, WebhookId>) -> Response {
        let page = format!("{LIST}/{}", posted.id);
        posted
            .answer_at(&page, async |Posted { site, id, asker, sent }| {
                let delivery =
                    sent.draft.id.parse().map_err(|_| Refusal::saying(words().no_such_delivery))?;
                webhooks::resend(&site.pool, &asker.actor, *id, delivery).await?;
                Ok(Done::to(&page, words().sent_again))
            })
            .await
    }
}
