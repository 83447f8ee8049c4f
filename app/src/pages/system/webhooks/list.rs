use domain::WebhookRow;
use leptos::{prelude::*, server_fn::codec::GetUrl};

use super::LIST;
use crate::{
    access::Way,
    components::{Empty, ListMoment, OnOff, PageHead, Table},
    figures,
    load::{LoadError, loaded, once},
    words::{fields, frame, pages, webhooks},
};

#[server(prefix = "/load", endpoint = "webhooks", input = GetUrl)]
pub(crate) async fn load_webhooks() -> Result<Vec<WebhookRow>, LoadError> {
    let need = crate::access::Need::Inside(domain::Permission::ViewParameters);
    let (site, asker) = crate::server::session::asking(need)?;
    Ok(store::webhooks::list(&site.pool, &asker.scope).await?)
}

/// The list of receivers.
#[component]
pub(crate) fn Webhooks() -> impl IntoView {
    let rows = once(load_webhooks);
    view! {
        <PageHead title=frame().webhooks about=webhooks().about>
            <Way class="button primary" to=format!("{LIST}/new")>
                {webhooks().new}
            </Way>
        </PageHead>
        {loaded(rows, list)}
    }
}

fn list(rows: Vec<WebhookRow>) -> impl IntoView {
    let (t, f) = (webhooks(), fields());
    if rows.is_empty() {
        return view! {
            <Empty title=t.none>
                {t.none_text} <Way to=format!("{LIST}/new")>{pages().add_first}</Way>
            </Empty>
        }
        .into_any();
    }
    let rows = rows
        .into_iter()
        .map(|WebhookRow { webhook, waiting, failed, last_delivered }| {
            let settings = webhook.settings;
            view! {
                <tr>
                    <td>
                        <a href=format!("{LIST}/{}", webhook.id)>{settings.name.to_string()}</a>
                    </td>
                    <td>{settings.url.to_string()}</td>
                    <td class="num">{settings.events.len()}</td>
                    <td class="num">{figures::count(waiting)}</td>
                    <td class="num">{figures::count(failed)}</td>
                    <td>{last_delivered.map(|at| view! { <ListMoment at /> })}</td>
                    <td>
                        <OnOff on=settings.enabled />
                    </td>
                    <td class="row-actions">
                        <Way to=format!("{LIST}/{}/delete", webhook.id)>{frame().delete}</Way>
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table
            label=frame().webhooks
            columns=vec![
                (f.name, false),
                (t.url, false),
                (t.events, true),
                (t.waiting, true),
                (t.given_up, true),
                (t.last_delivered, false),
                (f.in_use, false),
                ("", false),
            ]
        >
            {rows}
        </Table>
    }
    .into_any()
}
