use domain::{RateTable, RateTableDraft, RateTableId};
use leptos::{prelude::*, server_fn::codec::GetUrl};

use super::LIST;
use crate::{
    components::{Buttons, DraftForm, PageHead, Text},
    form::{Opened, submitted},
    load::{LoadError, by_key, loaded},
    pages::key,
    words::{fields, pages, parts},
};

#[server(prefix = "/load", endpoint = "rate-table", input = GetUrl)]
pub(crate) async fn load_rate_table(id: RateTableId) -> Result<RateTable, LoadError> {
    let (site, asker) = crate::server::session::asking(domain::Permission::ViewRates)?;
    Ok(store::rate_tables::find(&site.pool, &asker.scope, id).await?)
}

/// A form for a new rate table.
#[component]
pub(crate) fn NewRateTable() -> impl IntoView {
    let fresh = RateTableDraft { currency: "USD".to_owned(), ..Default::default() };
    view! {
        <PageHead title=pages().new_rate_table about=pages().rate_tables_about />
        {form(Opened::new(submitted(), fresh), LIST.to_owned())}
    }
}

/// The form of one rate table's own settings.
#[component]
pub(crate) fn EditRateTable() -> impl IntoView {
    let sent = submitted();
    let table = by_key(key("id"), load_rate_table);
    loaded(table, move |table| {
        let stored = RateTableDraft::from(&table.settings);
        view! {
            <PageHead title=table.settings.name.to_string() about=pages().rate_tables_about />
            {form(Opened::of(sent.clone(), stored, table.version), format!("{LIST}/{}", table.id))}
        }
    })
}

fn form(opened: Opened<RateTableDraft>, back: String) -> impl IntoView {
    let t = fields();
    let draft = opened.draft.clone();
    view! {
        <DraftForm opened>
            <Text name="name" required=true label=t.name value=draft.name />
            <Text
                name="currency"
                required=true
                label=t.currency
                value=draft.currency
                short=true
                hint=t.currency_hint_table
            />
            <Text
                name="billing_unit"
                label=t.billing_unit
                value=draft.billing_unit
                keyboard="numeric"
                figure=true
                unit=t.seconds_unit
                hint=t.billing_unit_hint_table
            />
            <Buttons submit=parts().save back />
        </DraftForm>
    }
}

#[cfg(feature = "ssr")]
pub(crate) mod server {
    use axum::response::Response;
    use domain::{RateTableDraft, RateTableId};
    use store::rate_tables;

    use super::LIST;
    use crate::{
        server::{posted::Posted, sent::Done},
        words::{fill, outcomes},
    };

    pub(crate) async fn create(posted: Posted<RateTableDraft>) -> Response {
        posted
            .answer(async |Posted { site, asker, sent, .. }| {
                let settings = sent.draft.check()?;
                let id = rate_tables::create(&site.pool, &asker.actor, &settings).await?;
                let said = fill(outcomes().rate_table_made, &[settings.name.as_str()]);
                Ok(Done::to(format!("{LIST}/{id}"), said))
            })
            .await
    }

    pub(crate) async fn update(posted: Posted<RateTableDraft, RateTableId>) -> Response {
        posted
            .answer(async |Posted { site, id, asker, sent }| {
                let settings = sent.draft.check()?;
                rate_tables::update(&site.pool, &asker.actor, *id, sent.version()?, &settings).await?;
                Ok(Done::to(
                    format!("{LIST}/{id}"),
                    fill(outcomes().rate_table_saved, &[settings.name.as_str()]),
                ))
            })
            .await
    }
}
