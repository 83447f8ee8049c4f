use domain::{RateDraft, RateId, RateRow, RateTable, RateTableId};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

use super::LIST;
use crate::{
    access::Way,
    components::{Buttons, DraftForm, PageHead, Text},
    form::{Opened, submitted},
    load::{LoadError, by_key, loaded},
    pages::{business::rate_tables::load_rate_table, key},
    words::{fields, fill, pages, parts},
};

/// A rate and the table it stands in.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Editing {
    pub(super) table: RateTable,
    pub(super) rate: RateRow,
}

#[server(prefix = "/load", endpoint = "rate", input = GetUrl)]
pub(crate) async fn load_rate(table: RateTableId, id: RateId) -> Result<Editing, LoadError> {
    let (site, asker) = crate::server::session::asking(domain::Permission::ViewRates)?;
    let rate = store::rate_tables::find_rate(&site.pool, &asker.scope, id).await?;
    if rate.table != table {
        return Err(LoadError::NotFound);
    }
    let table = store::rate_tables::find(&site.pool, &asker.scope, table).await?;
    Ok(Editing { table, rate })
}

/// A form for a new rate.
#[component]
pub(crate) fn NewRate() -> impl IntoView {
    let sent = submitted();
    let table = by_key(key("id"), load_rate_table);
    loaded(table, move |table| {
        view! {
            <PageHead title=pages().new_rate about=fill(pages().in_rate_table, &[table.settings.name.as_str()]) />
            {form(Opened::new(sent.clone(), RateDraft::default()), &table)}
        }
    })
}

/// The form of one rate.
#[component]
pub(crate) fn EditRate() -> impl IntoView {
    let sent = submitted();
    let (table, id) = (key("id"), key("rate"));
    let editing = by_key(move || table().zip(id()), |(table, id)| load_rate(table, id));
    loaded(editing, move |Editing { table, rate }| {
        let stored = RateDraft::from(&rate.settings);
        let title = match rate.settings.prefix.as_str() {
            "" => pages().rate_for_others.to_owned(),
            digits => fill(pages().rate_for, &[digits]),
        };
        view! {
            <PageHead title about=fill(pages().in_rate_table, &[table.settings.name.as_str()])>
                <Way class="button" to=format!("{LIST}/{}/rates/{}/delete", table.id, rate.id)>
                    {parts().delete_more}
                </Way>
            </PageHead>
            {form(Opened::of(sent.clone(), stored, rate.version), &table)}
        }
    })
}

fn form(opened: Opened<RateDraft>, table: &RateTable) -> impl IntoView + use<> {
    let t = fields();
    let draft = opened.draft.clone();
    let back = format!("{LIST}/{}", table.id);
    let currency = table.settings.currency.to_string();
    view! {
        <DraftForm opened>
            <Text
                name="prefix"
                label=t.prefix
                value=draft.prefix
                keyboard="tel"

                hint=t.prefix_hint
            />
            <Text name="destination" label=t.destination value=draft.destination hint=t.destination_hint />
            <Text name="rate" required=true unit=currency.clone() label=t.rate value=draft.rate keyboard="decimal" figure=true hint=t.rate_hint />
            <Text name="connect_fee" unit=currency label=t.connect_fee value=draft.connect_fee keyboard="decimal" figure=true hint=t.connect_fee_hint />
            <Text name="billing_unit" unit=t.seconds_unit label=t.billing_unit value=draft.billing_unit keyboard="numeric" figure=true hint=t.billing_unit_hint />
            <Buttons submit=parts().save back />
        </DraftForm>
    }
}

#[cfg(feature = "ssr")]
pub(crate) mod server {
    use axum::response::Response;
    use domain::{RateDraft, RateId, RateTableId};
    use store::rate_tables;

    use super::LIST;
    use crate::{
        server::{posted::Posted, sent::Done},
        words::{fill, pages},
    };

    pub(crate) async fn create(posted: Posted<RateDraft, RateTableId>) -> Response {
        posted
            .answer(async |Posted { site, id: table, asker, sent }| {
                let settings = sent.draft.check()?;
                rate_tables::create_rate(&site.pool, &asker.actor, *table, &settings).await?;
                Ok(Done::to(format!("{LIST}/{table}"), fill(pages().rate_added, &[settings.prefix.as_str()])))
            })
            .await
    }

    pub(crate) async fn update(posted: Posted<RateDraft, (RateTableId, RateId)>) -> Response {
        posted
            .answer(async |Posted { site, id: (table, id), asker, sent }| {
                let settings = sent.draft.check()?;
                rate_tables::update_rate(&site.pool, &asker.actor, *id, sent.version()?, &settings).await?;
                Ok(Done::to(
                    format!("{LIST}/{table}"),
                    fill(pages().rate_changed, &[settings.prefix.as_str()]),
                ))
            })
            .await
    }
}
